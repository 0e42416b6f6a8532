"""A small published array and a small published checkpoint, as files, and what QuakeView makes of them."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from quakeview.wavefield.networks.importing import import_official as import_checkpoint
from quakeview.wavefield.scenarios.official import NODES, import_official
from tests.wavefield.networks.published import recurrent

FRAMES = 70


def dense() -> dict[str, Tensor]:
    """Weights of a dense network of 16 channels for the whole published frame."""
    return recurrent("convlem", doubling=True, channels=16, components=3, latent=(43, 28))


def write_array(folder: Path) -> Path:
    """A scenario of a published array: rings that run outwards, 18.2 s."""
    x, y = np.meshgrid(np.linspace(-1, 1, NODES[0]), np.linspace(-1, 1, NODES[1]), indexing="ij")
    distance, time = np.hypot(x, y), 0.02 * np.arange(FRAMES)
    ring = np.exp(-(((distance[..., None] - time) / 0.1) ** 2))
    scale = 0.02 * np.array([1.0, -0.7, 0.4])[:, None, None, None]
    np.save(folder / "rings.npy", (scale * ring).astype(np.float32))
    return import_official(folder / "rings.npy", folder / "rings.h5")


def write_normalisation(folder: Path) -> dict[str, Path]:
    """Files of the mean and the standard deviation of every pixel."""
    mean = 1e-3 * np.random.default_rng(2).standard_normal((3, *NODES))
    files = {"mean": folder / "mean.npy", "deviation": folder / "deviation.npy"}
    np.save(files["mean"], mean)
    np.save(files["deviation"], np.full((3, *NODES), 0.01))
    return files


def write_model(folder: Path, weights: dict[str, Tensor], name: str = "published", normalised: bool = True) -> Path:
    """The model folder of a checkpoint with these weights, among the user's models."""
    torch.save(weights, folder / f"{name}.pt")
    return import_checkpoint(folder / f"{name}.pt", **(write_normalisation(folder) if normalised else {}))
