"""Checkpoints of the published WaveCastNet code become models of the user's."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.registry import PUBLISHED_FORECASTING, new_model_folder
from quakeview.texts import counted
from quakeview.wavefield.networks.network_folder import Normalisation, save_network
from quakeview.wavefield.networks.official_checkpoint import read_official
from quakeview.wavefield.networks.swin import VideoSwinConfig
from quakeview.wavefield.networks.timesformer import TimeSformerConfig
from quakeview.wavefield.networks.wavecastnet import WaveCastNetConfig
from quakeview.wavefield.scenarios.official import PUBLISHED_FRAMES, per_pixel


def import_official(
    path: Path,
    *,
    name: str | None = None,
    stations: Path | None = None,
    mean: Path | None = None,
    deviation: Path | None = None,
    trained_on: str = "",
) -> Path:
    """A checkpoint of the published code becomes one of the user's models; returns the new folder.

    Args:
        path: the ``.pt`` file.
        name: of the model; that of the file if None.
        stations: ``.npy`` (n, 2), row and column of the stations of a sparse network.
        mean, deviation: ``.npy`` (3, 344, 224), the normalisation the network was trained with; both or none.
        trained_on: where the weights come from, in words.

    Raises:
        QuakeViewError: if a file is not what it should be, or there is a model of that name.
    """
    folder = new_model_folder(name or path.stem)
    network = read_official(path, () if stations is None else _read_stations(stations))
    normalisation = _read_normalisation(mean, deviation, network.config.frame)
    seen = PUBLISHED_FRAMES.get(network.config.frame)
    card = {
        "name": folder.name,
        "task": PUBLISHED_FORECASTING,
        "trained_on": trained_on
        or f"not stated: imported from {path.name}, a checkpoint of the published WaveCastNet code",
        "scores": {},
        "command": "",
        "input": "not known" if seen is None else f"{seen.input_frames} frames of {seen.frame_step:g} s",
        "normalised": "at every pixel" if normalisation else "not stated",
        "unusable": why_unusable(network.config, normalisation),
    }
    save_network(folder, network, card, normalisation)
    return folder


def why_unusable(
    config: WaveCastNetConfig | VideoSwinConfig | TimeSformerConfig, normalisation: Normalisation | None
) -> str:
    """Say why a network cannot continue the published arrays, in a sentence; empty if it can."""
    if config.frame not in PUBLISHED_FRAMES:
        height, width = config.frame
        return f"It cannot forecast: which nodes of the published arrays its {height} x {width} pixels are is unknown."
    if config.components != 3:
        return f"It cannot forecast: it knows {counted(config.components, 'component')}, and wavefields have three."
    if normalisation is None:
        return "It cannot forecast without the mean and deviation it was trained with; import it again with both."
    return ""


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
    if frame not in PUBLISHED_FRAMES:
        raise QuakeViewError(
            f"Which pixels frames of {frame[0]} x {frame[1]} are is not known; import it without normalisation."
        )
    scale = _seen(per_pixel(deviation), frame)
    if not (scale > 0).all():
        raise QuakeViewError(f"{deviation} holds standard deviations that are not positive; choose another file.")
    return Normalisation(_seen(per_pixel(mean), frame), scale)


def _seen(values: NDArray[np.float32], frame: tuple[int, int]) -> Tensor:
    seen = PUBLISHED_FRAMES[frame]
    return torch.from_numpy(values[:, seen.rows, seen.columns].copy())
