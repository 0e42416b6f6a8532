"""The ``[model]`` and ``[data]`` tables of forecasters of seismicity. Light: a form shows them at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from quakeview.errors import QuakeViewError


@dataclass(frozen=True)
class DataConfig:
    """The ``[data]`` table.

    Attributes:
        catalogue: file of earthquakes, in any format that QuakeView reads.
        magnitude: earthquakes of at least this are forecast; the catalogue must be complete from it on.
        train_from: first day to learn from, ``"1991-01-01"``; days before it are history only.
        validation_from: first of the days that choose the best weights; those until then are learnt from.
        test_from: first of the days that are kept for scores. Nothing of them is read.
        input_magnitude: of the earthquakes that tell something of those to come; ``magnitude`` if left out.
        window: the days after the last known one that are forecast, ``[1, 2]`` for the next day; the last one is not
            part of them.
        region: south, west, north and east of the map, degrees; around the earthquakes learnt from if left out.
        cell_size: side of a cell, m.
        cells: drawn of each day to learn from, beside those with earthquakes.
        source: where the catalogue can be got, for the model's card.
    """

    catalogue: Path
    magnitude: float
    train_from: str
    validation_from: str
    test_from: str
    input_magnitude: float | None = None
    window: tuple[int, int] = (1, 2)
    region: tuple[float, float, float, float] | None = None
    cell_size: float = 25e3
    cells: int = 90
    source: str = ""

    def __post_init__(self) -> None:
        if self.input_magnitude is not None and self.input_magnitude > self.magnitude:
            raise QuakeViewError(
                f"input_magnitude in [data] must not be above the magnitude that is forecast, {self.magnitude:g}."
            )
        if self.cells < 1 or self.cell_size <= 0:
            raise QuakeViewError("cells and cell_size in [data] must be greater than zero.")

    @property
    def least_magnitude(self) -> float:
        """Of the earthquakes that are used."""
        return self.magnitude if self.input_magnitude is None else self.input_magnitude


@dataclass(frozen=True)
class ModelConfig:
    """The ``[model]`` table.

    Attributes:
        form: of the network: ``gated`` is HierarchicalQuake as a residual, where regions look at each other, and what
            they learn passes a gate; ``mlp`` looks at each cell alone.
        reference: the forecast that the network improves on; it is fitted to the days of training first.
        members: networks that are trained side by side, each with its own part of every batch; the model is their mean.
        hidden: width of the layers.
    """

    form: Literal["gated", "mlp"] = "gated"
    reference: Literal["ETAS", "smoothed + recent", "smoothed seismicity"] = "ETAS"
    members: int = 3
    hidden: int = 48
