"""The ``[model]`` and ``[data]`` tables of forecasters, as typed dataclasses. Light: a form shows them at once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

EARLY = -20, 10
"""First frames of windows around the origin time. Of short windows ten frames after the origin time are always seen."""


@dataclass(frozen=True)
class PoolConfig:
    """Which earthquakes: the ``[data.pool]`` table.

    Attributes:
        file: where they are kept; made when it is not there.
        points, ruptures: how many.
        single: part of the points with the mechanism of the fault, the others have any.
        magnitudes: of the points, which sets how long they radiate; drawn between.
        rupture_magnitudes: drawn between.
        seed: of everything that is drawn.
    """

    file: Path
    points: int = 280
    ruptures: int = 140
    single: float = 0.3
    magnitudes: tuple[float, float] = (4.0, 6.0)
    rupture_magnitudes: tuple[float, float] = (4.8, 6.7)
    seed: int = 0


@dataclass(frozen=True)
class WindowConfig:
    """What is seen and what is asked: the ``[data.windows]`` table.

    Attributes:
        input_frames: that are read.
        steps: recurrent steps that are forecast.
        early: part of the windows that begin within seconds of the origin time (``EARLY``), so that nobody can tell it
            from them. The others begin anywhere later.
        dense: part of the windows that are known at all nodes; the others are known at ``stations``.
        stations: fewest and most stations, drawn between, as many on average below the geometric mean as above.
        late: part of the stations that begin to report within the window.
        noisy: part of the windows with noise, whose amplitude is between the hundredth part and a half of the input's.
    """

    input_frames: int = 30
    steps: int = 12
    early: float = 0.5
    dense: float = 0.5
    stations: tuple[int, int] = (60, 2000)
    late: float = 0.1
    noisy: float = 0.5

    @property
    def earliest_start(self) -> int:
        """The earliest first frame of a window."""
        return min(max(EARLY[0], EARLY[1] - self.input_frames), 0) if self.early else EARLY[1]

    @property
    def earliest_end(self) -> int:
        """The earliest end of a window, in frames after the origin time."""
        return self.input_frames + self.earliest_start

    def fewest_stations(self, nodes: int) -> int:
        """That a window is known at; all nodes if there are only windows of them."""
        return self.stations[0] if self.dense < 1 else nodes


@dataclass(frozen=True)
class DataConfig:
    """The ``[data]`` table.

    Attributes:
        library: folder of impulses; or the description of one (.toml), which is made first if need be.
        validation: folder of scenarios that select the best weights, or the description of one. An ensemble is
            calibrated on them too.
        pool: the earthquakes that are put together from the library.
        windows: what is seen of them, and what is asked.
        left_out: part of the places of the library, drawn by the seed of the run for each member, that it never sees;
            so the members of an ensemble differ.
    """

    library: Path
    validation: Path
    pool: PoolConfig
    windows: WindowConfig = field(default_factory=WindowConfig)
    left_out: float = 0.0


@dataclass(frozen=True)
class ModelConfig:
    """The ``[model]`` table.

    Attributes:
        channels: of the latent images.
        cell: "ConvLEM", "ConvLSTM" or "ConvGRU".
        step: frames to a recurrent step.
        members: networks that are trained side by side, each with its own part of every batch; only two and more know
            how far they are off.
        init: name or folder of a model to start from; channels, cell and step are its own if they are left out.
    """

    channels: int = 48
    cell: Literal["ConvLEM", "ConvLSTM", "ConvGRU"] = "ConvLEM"
    step: int = 5
    members: int = 1
    init: str | None = None
