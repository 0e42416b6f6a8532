"""Checkpoints of the published WaveCastNet code become models of the user's."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.paths import user_models_dir
from quakeview.texts import counted
from quakeview.wavefield.networks.checkpoints import Normalisation, save_network
from quakeview.wavefield.networks.official_checkpoint import read_official
from quakeview.wavefield.official import per_pixel

TASK = "frame_forecasting"
"""Of a network alone: it continues normalised frames, and says nothing of a region or of a time axis."""
_PIXELS = {
    (344, 224): (slice(None), slice(None)),
    (84, 56): (slice(4, 340, 4), slice(None, None, 4)),
    (80, 56): (slice(10, 330, 4), slice(None, None, 4)),
}
"""Which rows and columns of the published arrays a network of this frame sees."""


def import_official(
    path: Path,
    *,
    name: str | None = None,
    stations: Path | None = None,
    mean: Path | None = None,
    deviation: Path | None = None,
) -> Path:
    """A checkpoint of the published code becomes one of the user's models; returns the new folder.

    Args:
        path: the ``.pt`` file.
        name: of the model; that of the file if None.
        stations: ``.npy`` (n, 2), row and column of the stations of a sparse network.
        mean, deviation: ``.npy`` (3, 344, 224), the normalisation the network was trained with; both or none.

    Raises:
        QuakeViewError: if a file is not what it should be, or there is a model of that name.
    """
    folder = user_models_dir() / (name or path.stem)
    if folder.exists():
        raise QuakeViewError(
            f"There is a model called {folder.name} already; choose another name, or remove that model."
        )
    network = read_official(path, () if stations is None else _read_stations(stations))
    normalisation = _read_normalisation(mean, deviation, network.config.frame)
    step, frames = (0.52, 30) if network.config.frame == (344, 224) else (0.26, 60)
    card = {
        "name": folder.name,
        "task": TASK,
        "trained_on": f"not stated: imported from {path.name}, a checkpoint of the published WaveCastNet code",
        "scores": {},
        "command": "",
        "input": f"{counted(frames, 'frame')} of {step:g} s",
        "normalised": "at every pixel" if normalisation else "not stated",
    }
    save_network(folder, network, card, normalisation)
    return folder


def _read_stations(path: Path) -> tuple[tuple[int, int], ...]:
    try:
        pixels = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise QuakeViewError(f"{path} is no NumPy array that can be read; choose another file.") from error
    if pixels.ndim != 2 or pixels.shape[1] != 2 or not np.issubdtype(pixels.dtype, np.integer):
        raise QuakeViewError(f"{path} holds no rows and columns of stations; choose an array of n x 2 whole numbers.")
    return tuple((int(row), int(column)) for row, column in pixels)


def _read_normalisation(mean: Path | None, deviation: Path | None, frame: tuple[int, int]) -> Normalisation | None:
    if mean is None and deviation is None:
        return None
    if mean is None or deviation is None:
        raise QuakeViewError("A normalisation needs both the mean and the standard deviation; give both files.")
    if frame not in _PIXELS:
        raise QuakeViewError(
            f"Which pixels frames of {frame[0]} x {frame[1]} are is not known; import it without normalisation."
        )
    scale = _seen(per_pixel(deviation), frame)
    if not (scale > 0).all():
        raise QuakeViewError(f"{deviation} holds standard deviations that are not positive; choose another file.")
    return Normalisation(_seen(per_pixel(mean), frame), scale)


def _seen(values: NDArray[np.float32], frame: tuple[int, int]) -> Tensor:
    rows, columns = _PIXELS[frame]
    return torch.from_numpy(values[:, rows, columns].copy())
