"""Wavefields of the public WaveCastNet data (Lyu et al.), made into scenarios."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.region import HAYWARD
from quakeview.texts import counted
from quakeview.wavefield.scenarios.header import Floats, Header
from quakeview.wavefield.scenarios.scenario import ScenarioWriter

NODES = (344, 224)
"""Of the published arrays, which are already cut out of the simulated region ([20:364, 16:240])."""
FRAME_STEP = 0.26
"""s between the frames of the published arrays."""
FREQUENCY, MINIMUM_VS = 0.5, 500.0
"""Hz and m/s, of the simulations behind the data."""
SPACING = 300.0
"""m; assumed. The arrays and the code that reads them do not say it: twice the 150 m of the simulations."""
CUT = (20, 16)


@dataclass(frozen=True)
class PublishedFrames:
    """Which part of the published arrays a network of the published code sees.

    Attributes:
        rows, columns: of the arrays, along X and along Y.
        every: it sees every so many frames.
        input_frames: that it reads.
    """

    rows: slice
    columns: slice
    every: int
    input_frames: int

    @property
    def frame_step(self) -> float:
        """Between the frames that it sees, s."""
        return self.every * FRAME_STEP


PUBLISHED_FRAMES = {
    (344, 224): PublishedFrames(slice(None), slice(None), 2, 30),
    (84, 56): PublishedFrames(slice(4, 340, 4), slice(None, None, 4), 1, 60),
    (80, 56): PublishedFrames(slice(10, 330, 4), slice(None, None, 4), 1, 60),
}
"""By the height and width of the network's frames."""
_BLOCK = 64
"""Frames in memory at a time."""


def import_official(
    path: Path,
    target: Path,
    mean: Path | None = None,
    deviation: Path | None = None,
    event: int | None = None,
    progress: Progress = Progress(),
) -> Path:
    """Write a scenario with the frames of an array (3, 344, 224, nt), X, Y, Z in m/s. Nothing is cut.

    The arrays carry no place, source or spacing; where they are drawn on the map is assumed, and the name says so.

    Args:
        path: ``.npy``; it is never in memory as a whole.
        mean, deviation: ``.npy`` of every pixel, (3, 344, 224), if the array is normalised with them; both or none.
        event: number of the event in an array of many (n, 3, 344, 224, nt).

    Raises:
        QuakeViewError: for files that are no such arrays, or that hold values that are not finite.
        Cancelled: through ``progress``.
    """
    if (mean is None) != (deviation is None):
        raise QuakeViewError("A normalised array needs both the mean and the standard deviation; give both files.")
    velocity = _event(_load(path), event, path)
    shift = np.zeros((3, 1, 1), np.float32) if mean is None else per_pixel(mean)
    scale = np.ones((3, 1, 1), np.float32) if deviation is None else per_pixel(deviation)
    x, y = published_nodes()
    header = Header(
        name=f"{path.stem} (place on the map assumed)",
        region=HAYWARD,
        x=x,
        y=y,
        frame_step=FRAME_STEP,
        planned_frames=velocity.shape[3],
        frequency=FREQUENCY,
        model_name="USGS San Francisco Bay region v21.1",
        illustrative=False,
        minimum_vs=MINIMUM_VS,
    )
    with ScenarioWriter(target, header) as writer:
        for first in range(0, header.planned_frames, _BLOCK):
            progress.advance(first, header.planned_frames, f"Importing {path.name}")
            with np.errstate(over="ignore"):
                block = velocity[..., first : first + _BLOCK].astype(np.float32) * scale[..., None] + shift[..., None]
            if not np.isfinite(block).all():
                raise QuakeViewError(f"{path} holds values that are not numbers; export it again.")
            for index in range(block.shape[3]):
                writer.write(first + index, block[..., index])
    progress.advance(1, 1)
    return target


def published_nodes() -> tuple[Floats, Floats]:
    """Return X and Y of the nodes of the published arrays, m, where they are drawn on the map."""
    x, y = (SPACING * (cut + np.arange(count, dtype=np.float64)) for cut, count in zip(CUT, NODES, strict=True))
    return x, y


def _event(array: NDArray[np.floating], event: int | None, path: Path) -> NDArray[np.floating]:
    expected = (3, *NODES)
    if array.ndim == 5 and array.shape[1:4] == expected:
        if not len(array):
            raise QuakeViewError(f"{path} holds no events; choose another file.")
        if event is None or not 0 <= event < len(array):
            raise QuakeViewError(
                f"{path} holds {counted(len(array), 'event')}; say which one, from 0 to {len(array) - 1}."
            )
        array = array[event]
    if array.ndim != 4 or array.shape[:3] != expected or array.shape[3] == 0:
        raise QuakeViewError(
            f"{path} has the shape {' x '.join(map(str, array.shape))}; choose an array of components x X x Y x time, "
            "3 x 344 x 224 x any number, as WaveCastNet publishes them (already cropped)."
        )
    return array


def per_pixel(path: Path) -> NDArray[np.float32]:
    """The published means or standard deviations of the velocity at every pixel, (3, 344, 224), m/s.

    Raises:
        QuakeViewError: if the file holds something else.
    """
    values = _load(path)
    if values.squeeze().shape not in ((3, *NODES), (3 * NODES[0] * NODES[1],)):
        raise QuakeViewError(
            f"{path} has the shape {' x '.join(map(str, values.shape))}; choose one of 3 x 344 x 224 values."
        )
    if not np.isfinite(values).all():
        raise QuakeViewError(f"{path} holds values that are not numbers; export it again.")
    return np.asarray(values, np.float32).reshape(3, *NODES)


def _load(path: Path) -> NDArray[np.floating]:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise QuakeViewError(f"{path} is no NumPy array that can be read; choose another file.") from error
    if not isinstance(array, np.ndarray) or not np.issubdtype(array.dtype, np.floating):
        raise QuakeViewError(f"{path} holds no floating-point numbers; choose a wavefield.")
    return array
