"""What is mapped of a whole wavefield: titles, colours, and how values are read out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.scales import Scale
from quakeview.wavefield.ground_motion.intensity import roman
from quakeview.wavefield.ground_motion.measures import Quantity
from quakeview.wavefield.ground_motion.motion_scales import mmi_scale, pgv_scale, time_scale
from quakeview.wavefield.scenarios.header import Wavefield


@dataclass(frozen=True)
class Measure:
    """A map: its title, its colours, how its values are said in words, what its error is and in what unit."""

    name: Quantity
    subtitle: str
    scale: Callable[[NDArray[np.floating]], Scale]
    text: Callable[[float], str]
    error: str = "forecast − truth"
    error_unit: str = "s"


PGV = Measure(
    Quantity.PGV,
    "peak horizontal velocity",
    pgv_scale,
    lambda value: f"PGV {100 * value:.3g} cm/s",
    "ln(forecast / truth)",
    "ln",
)
T_PGV = Measure(
    Quantity.T_PGV, "time of the peak", lambda values: time_scale(values, "T_PGV"), lambda value: f"at {value:.1f} s"
)
MMI = Measure(
    Quantity.MMI,
    "intensity from PGV",
    lambda _: mmi_scale(),
    lambda value: f"MMI {roman(value)} ({value:.1f})",
    error_unit="MMI",
)
DURATION = Measure(
    Quantity.DURATION,
    "5–95 % energy",
    lambda values: time_scale(values, "Duration"),
    lambda value: f"duration {value:.1f} s",
)
PEAKS = (PGV, T_PGV, MMI)
"""Those that are known at any time of a simulation."""
MEASURES = (*PEAKS, DURATION)


def delay_note(wavefield: Wavefield) -> str:
    """Say by how much peaks come later than those of an unfiltered source; empty where that is not known."""
    if wavefield.frequency is None or wavefield.source["kind"] not in ("point", "rupture"):
        return ""
    return f"Times of peaks include {wavefield.header.source_delay:.1f} s by the low-pass of the source."
