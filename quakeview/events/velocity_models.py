"""One-dimensional velocity models: published ones with their source, and the user's own."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.events.published import by_name_or_file
from quakeview.texts import counted
from quakeview.toml_files import read_table, read_toml

Floats = NDArray[np.float64]

P, S = "P", "S"
MANTLE = 7600.0
"""P speed from which on a layer is of the mantle, m/s (Steinhart 1967)."""
_RATIOS = (1.4, 4.0)
"""The least Vp/Vs of a solid (Poisson's ratio 0 has 1.41) and the greatest of soft sediments."""
_SPEEDS = (200.0, 14_000.0)
"""The slowest and the fastest P speed of anything in the Earth, m/s."""


@dataclass(frozen=True)
class VelocityModel:
    """Homogeneous flat layers; the first also fills what lies above it, the last is a half-space.

    Attributes:
        name: as it is offered.
        source: the publication, or the file it was read from.
        tops: (k,) depth of the top of each layer, metres below sea level; increasing.
        vp, vs: (k,) m/s.
    """

    name: str
    source: str
    tops: Floats
    vp: Floats
    vs: Floats

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise QuakeViewError(f"The velocity model {self.name} cannot be used: {problem}.")

    def speeds(self, phase: str) -> Floats:
        """(k,) m/s of P or S waves."""
        return self.vp if phase == P else self.vs

    @property
    def mantle(self) -> int:
        """Index of the first layer of the mantle; the number of layers if there is none."""
        return int(np.argmax(self.vp >= MANTLE)) if (self.vp >= MANTLE).any() else len(self.vp)

    @cached_property
    def slow_layers(self) -> list[int]:
        """Indices of the layers that are slower than one above: no ray turns in them, and none runs along them."""
        return [n for n in range(1, len(self.vp)) if self.vp[n] < self.vp[:n].max() or self.vs[n] < self.vs[:n].max()]


def _problems(model: VelocityModel) -> list[str]:
    """What is wrong with a model, clauses."""
    sizes = {len(model.tops), len(model.vp), len(model.vs)}
    if sizes == {0} or len(sizes) > 1:
        return ["every layer needs a depth, a P and an S velocity"]
    if not all(np.isfinite(values).all() for values in (model.tops, model.vp, model.vs)):
        return ["a depth or a velocity is not a number"]
    found = []
    if (np.diff(model.tops) <= 0).any():
        found.append("the tops of the layers must go down, each below the one before")
    if ((model.vp < _SPEEDS[0]) | (model.vp > _SPEEDS[1])).any():
        found.append(f"P velocities must be {_SPEEDS[0] / 1000:g} to {_SPEEDS[1] / 1000:g} km/s; give them in km/s")
    ratio = model.vp / np.maximum(model.vs, 1e-9)
    if ((ratio < _RATIOS[0]) | (ratio > _RATIOS[1])).any():
        found.append(f"Vp/Vs must be {_RATIOS[0]:g} to {_RATIOS[1]:g} in every layer")
    return found


def cautions(model: VelocityModel, deepest: float | None = None) -> list[str]:
    """Say what a model cannot do although it can be used, whole sentences.

    Args:
        deepest: depth of the deepest earthquake that is known, metres below sea level.
    """
    found = []
    if model.slow_layers:
        tops = ", ".join(f"{model.tops[n] / 1000:g} km" for n in model.slow_layers)
        slower = counted(len(model.slow_layers), "layer is", "layers are")
        found.append(f"{slower} slower than one above (from {tops}): no ray turns there.")
    if len(model.tops) == 1:
        found.append("There is one layer: waves that run along a faster one below, such as Pn, are not in the model.")
    elif deepest is not None and deepest > model.tops[-1]:
        last = f"{model.tops[-1] / 1000:g} km"
        found.append(f"The deepest earthquake is at {deepest / 1000:.0f} km; below {last} velocities stay the same.")
    return found


def layers_csv(model: VelocityModel) -> str:
    """The layers as ``read_velocity_model`` reads them."""
    columns = zip(model.tops, model.vp, model.vs, strict=True)
    rows = [",".join(f"{value / 1000:.9g}" for value in layer) for layer in columns]
    return "\n".join(["depth_km,vp,vs", *rows, ""])


def suggested(latitude: float, longitude: float) -> VelocityModel:
    """Of the published models the one of a region, or iasp91 where there is none."""
    for name, (south, north, west, east) in _REGIONS.items():
        if south <= latitude <= north and west <= longitude <= east:
            return PUBLISHED[name]
    return PUBLISHED["iasp91"]


def of_layers(name: str, source: str, layers: Sequence[tuple[float, float, float]]) -> VelocityModel:
    """A model of (depth of the top in km below sea level, Vp in km/s, Vs in km/s).

    Raises:
        QuakeViewError: if there is no layer, or something impossible.
    """
    if not layers:
        raise QuakeViewError(f"{source} holds no layer; each needs depth_km (of its top), vp and vs in km/s.")
    tops, vp, vs = (1000 * np.array(column, dtype=float) for column in zip(*layers, strict=True))
    return VelocityModel(name, source, tops, vp, vs)


_HADLEY_KANAMORI = [(0.0, 5.5), (5.5, 6.3), (16.0, 6.7), (32.0, 7.8)]

PUBLISHED = {
    model.name: model
    for model in (
        of_layers(
            "iasp91",
            "Kennett & Engdahl (1991), crust and uppermost mantle",
            [(0, 5.8, 3.36), (20, 6.5, 3.75), (35, 8.04, 4.47)],
        ),
        of_layers(
            "ak135",
            "Kennett, Engdahl & Buland (1995), crust and uppermost mantle",
            [(0, 5.8, 3.46), (20, 6.5, 3.85), (35, 8.04, 4.48)],
        ),
        of_layers(
            "Southern California",
            "Hadley & Kanamori (1977), Vp/Vs 1.73, as the Southern California Seismic Network used it",
            [(top, vp, vp / 1.73) for top, vp in _HADLEY_KANAMORI],
        ),
        of_layers(
            "Northern California (GIL7)",
            "Dreger & Romanowicz (1994)",
            [
                (0, 3.2, 1.5),
                (1, 4.5, 2.4),
                (3, 4.8, 2.78),
                (4, 5.51, 3.18),
                (5, 6.21, 3.4),
                (17, 6.89, 3.98),
                (25, 7.83, 4.52),
            ],
        ),
        of_layers("Korea", "Kim & Kim (1983)", [(0, 5.98, 3.4), (15, 6.38, 3.79), (32, 7.95, 4.58)]),
    )
}
"""Published models by name."""
_REGIONS = {
    "Southern California": (32.0, 36.5, -121.0, -114.0),
    "Northern California (GIL7)": (36.5, 42.0, -125.0, -119.0),
    "Korea": (33.0, 43.0, 124.0, 131.0),
}
"""South, north, west and east, degrees, of where a model is meant for."""


def find_velocity_model(name: str) -> VelocityModel:
    """Find a published model by its name, or read the user's from a file of that name.

    Raises:
        QuakeViewError: if there is none, or the file holds none.
    """
    return by_name_or_file(name, PUBLISHED, read_velocity_model, "velocity model")


@dataclass(frozen=True)
class Layer:
    """A layer as a file gives it.

    Attributes:
        depth_km: of its top, km below sea level.
        vp, vs: km/s; without ``vs``, ``vp`` over the Vp/Vs of the file.
    """

    depth_km: float
    vp: float
    vs: float | None = None


@dataclass(frozen=True)
class ModelFile:
    """A velocity model as a TOML file gives it.

    Attributes:
        layers: from the top down.
        vp_vs: of layers without ``vs``.
        name, source: as they are offered; the name of the file, if not given.
    """

    layers: list[Layer]
    vp_vs: float | None = None
    name: str = ""
    source: str = ""


def read_velocity_model(path: Path) -> VelocityModel:
    """Read a model of the user's: CSV with the columns ``depth_km``, ``vp`` and ``vs``, or TOML, a ``ModelFile``.

    One that calls itself like a published one has the name of its file, so that an event tells them apart.

    Raises:
        QuakeViewError: if the file is not one of these, or says something impossible.
    """
    if path.suffix.lower() == ".toml":
        given = read_table(ModelFile, read_toml(path)[0], path.name, path.parent)
    else:
        given = ModelFile(_csv_layers(path))
    layers = [(layer.depth_km, layer.vp, _shear_speed(layer, given.vp_vs, path)) for layer in given.layers]
    name = given.name or path.stem
    return of_layers(path.name if name in PUBLISHED else name, given.source or path.name, layers)


def _shear_speed(layer: Layer, ratio: float | None, path: Path) -> float:
    if layer.vs is not None:
        return layer.vs
    if not ratio:
        raise QuakeViewError(f"A layer of {path.name} has no vs; give it, or vp_vs for the whole file.")
    return layer.vp / ratio


def _csv_layers(path: Path) -> list[Layer]:
    try:
        lines = [line for line in path.read_text("utf-8-sig").splitlines() if line.strip() and not line.startswith("#")]
        rows = csv.DictReader(lines, skipinitialspace=True)
        return [Layer(float(row["depth_km"]), float(row["vp"]), float(row["vs"])) for row in rows]
    except OSError as error:
        raise QuakeViewError(f"{path} cannot be read ({error.strerror}); choose another file.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise QuakeViewError(
            f"{path.name} is no velocity model: it needs the columns depth_km (of the top of each layer), vp and vs in "
            "km/s, with a number in each."
        ) from error
