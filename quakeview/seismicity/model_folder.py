"""Forecasters of seismicity in model folders: ``config.json``, ``model.safetensors`` and a card, for every kind."""

from collections.abc import Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.model_folders import CONFIG, read_config, read_weights, write_model
from quakeview.registry import SEISMICITY
from quakeview.seismicity.catalogue import date_of, day_of
from quakeview.seismicity.forecasting import KeptForecaster, Parts, SeismicityForecaster
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.references import Fitting
from quakeview.seismicity.windows import Window
from quakeview.texts import counted

SYSTEM = "Reference forecast"
KINDS = {
    "constant": "quakeview.seismicity.references:ConstantForecast",
    "smoothed + recent": "quakeview.seismicity.references:SmoothedRecent",
    "ETAS": "quakeview.seismicity.etas:EtasForecast",
    "HierarchicalQuake as printed": "quakeview.seismicity.networks.forecaster:PrintedForecast",
    "learned": "quakeview.seismicity.learned.forecaster:LearnedForecast",
}
"""The classes of forecasters that can be kept, by what ``kind`` says in ``config.json``; imported when needed."""
_SECTION = "forecaster"


def save(forecaster: SeismicityForecaster, folder: Path, card: Mapping[str, Any]) -> None:
    """Write a forecaster as a model folder; a model in it is replaced.

    Args:
        folder: made if it does not exist.
        card: ``name``, ``trained_on``, ``scores``, and whatever else a user of the model should know; see
            ``card_of``. System and number of parameters are those of a reference forecast, unless it says others.

    Raises:
        QuakeViewError: if forecasts of this kind cannot be kept, or the folder cannot be written.
    """
    from torch import from_numpy

    section, arrays = pack(forecaster)
    added = {"system": SYSTEM, "parameters": sum(array.size for array in arrays.values())}
    weights = {name: from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}
    write_model(folder, {_SECTION: section, "card": added | dict(card) | {"task": SEISMICITY}}, weights)


def load_forecaster(folder: Path) -> SeismicityForecaster:
    """Load the forecaster of a model folder; it has the name of the model.

    Raises:
        QuakeViewError: if the folder holds no forecaster of seismicity, or is damaged.
    """
    config = read_config(folder)
    section, card = config.get(_SECTION), config.get("card")
    if not isinstance(section, dict) or not isinstance(card, dict) or section.get("kind") not in KINDS:
        raise QuakeViewError(
            f"{folder / CONFIG} does not describe a forecaster of seismicity that is known here; choose another model."
        )
    arrays = {name: tensor.numpy() for name, tensor in read_weights(folder).items()}
    try:
        return unpack(section | {"name": str(card["name"])}, arrays)
    except (KeyError, TypeError, ValueError) as error:
        raise QuakeViewError(
            f"{folder} is damaged: what {CONFIG} says and the weights do not fit; get the model again."
        ) from error


def card_of(fitting: Fitting, name: str, source: str, scores: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the card of a reference forecast.

    Args:
        name: of the model.
        source: of the catalogue, in words.
        scores: by what they are; each a number, or ``value``, ``low``, ``high`` and ``of``.
    """
    number = counted(len(fitting.targets), "earthquake")
    return {
        "name": name,
        "trained_on": f"{number} of magnitude {fitting.magnitude:g} and more, {date_of(fitting.first)} to "
        f"{date_of(fitting.last - 1)}, of {source}",
        "scores": dict(scores or {}),
    }


def pack(forecaster: SeismicityForecaster) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return what is kept of a forecaster, as JSON can hold it, and its arrays.

    Raises:
        QuakeViewError: if forecasts of this kind cannot be kept.
    """
    own = f"{type(forecaster).__module__}:{type(forecaster).__qualname__}"
    kind = next((kind for kind, place in KINDS.items() if place == own), None)
    if kind is None:
        raise QuakeViewError(f"A forecast such as {forecaster.name} cannot be kept as a model; keep another one.")
    parts = cast(KeptForecaster, forecaster).parts()
    days = None if parts.trained_days is None else [date_of(day) for day in parts.trained_days]
    section = {
        "kind": kind,
        "name": parts.name,
        "magnitude": parts.magnitude,
        "window": [parts.window.first, parts.window.last],
        "trained_days": days,
        "grid": asdict(parts.grid),
        **parts.settings,
    }
    return section, dict(parts.arrays)


def unpack(section: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> SeismicityForecaster:
    """Return the forecaster that ``pack`` made this of.

    Raises:
        KeyError, TypeError, ValueError: if something is missing or does not fit.
        QuakeViewError: for impossible days.
    """
    settings = dict(section)
    module, name = KINDS[settings.pop("kind")].split(":")
    grid, days = settings.pop("grid"), settings.pop("trained_days")
    columns, rows = map(int, grid["shape"])
    parts = Parts(
        name=settings.pop("name"),
        grid=CellGrid(**grid | {"shape": (columns, rows)}),
        magnitude=float(settings.pop("magnitude")),
        window=Window(*map(int, settings.pop("window"))),
        trained_days=None if days is None else (day_of(days[0]), day_of(days[1])),
        settings=settings,
        arrays=arrays,
    )
    made: KeptForecaster = getattr(import_module(module), name).of_parts(parts)
    return made
