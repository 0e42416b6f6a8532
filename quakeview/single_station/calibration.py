"""What was measured of a network for one station on held-out records: how far off it is, and where the rule is better.

``quakeview models calibrate`` writes the section ``single_station`` into the model's ``config.json``. One that was
measured with other weights does not count.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from quakeview.errors import QuakeViewError
from quakeview.model_folders import read_config, weights_digest
from quakeview.single_station.estimates import RULE

SECTION = "single_station"


@dataclass(frozen=True)
class Calibration:
    """By task.

    Attributes:
        network: measured uncertainty over the one that the network gives; 1 where it was not measured.
        default: ``rule`` or ``network``, whichever was better; ``rule`` where it was not measured.
        polarity_slope: by which log-odds of first motions are multiplied, so that they hold.
        scores: sentences on how good both are, by task.
    """

    network: Mapping[str, float] = field(default_factory=dict)
    default: Mapping[str, str] = field(default_factory=dict)
    polarity_slope: float = 1.0
    scores: Mapping[str, str] = field(default_factory=dict)

    def default_of(self, task: str) -> str:
        """Which of the two counts where both say something."""
        return self.default.get(task, RULE)

    def table(self, folder: Path) -> dict[str, Any]:
        """For JSON, with the digest of the weights it holds for."""
        return {"weights": weights_digest(folder), **asdict(self)}


def read_calibration(folder: Path) -> Calibration:
    """Read what was measured with the weights of a model folder; nothing if that was with others."""
    try:
        section = dict(read_config(folder)[SECTION])
        if section.pop("weights") != weights_digest(folder):
            return Calibration()
        return Calibration(**section)
    except (QuakeViewError, OSError, ValueError, KeyError, TypeError):
        return Calibration()
