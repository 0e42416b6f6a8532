"""Scores as rows, forecasters as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from quakeview.app.widgets.tables import RowsModel
from quakeview.wavefield.forecasting.baselines import ScoreColumn

SCORE = "Score"
NOTHING = "–"
HIGH, LOW, ZERO, NEITHER = "high", "low", "zero", ""


@dataclass(frozen=True)
class Measure:
    """A score.

    Attributes:
        name: in ``ScoreColumn.values``.
        title: on screen, with the unit.
        shown: format of its numbers.
        best: ``HIGH``, ``LOW`` or ``ZERO``; ``NEITHER`` if none is better.
    """

    name: str
    title: str
    shown: str
    best: str
    tip: str


_ACC = "Anomaly correlation: 1 is right, 0 no skill. Not a measure of skill without the baselines beside it."
_RFNE = "Relative Frobenius norm of the error: 0 is right, 1 is predicting no motion."
_NORMALISED = " Every node and component divided by its standard deviation, as in the WaveCastNet paper."
MEASURES = (
    Measure("acc", "ACC", ".3f", HIGH, _ACC),
    Measure("rfne", "RFNE", ".3f", LOW, _RFNE),
    Measure("stations", "Stations", ".0f", NEITHER, "That recorded something after the forecast was made."),
    Measure("correlation", "Correlation, median", ".3f", HIGH, "Of forecast and record at each station."),
    Measure("variance_reduction", "Variance reduction, median", ".3f", HIGH, "1 is right, 0 is predicting no motion."),
    Measure("pgv_error", "PGV error, median (%)", ".1f", LOW, "Where the ground moves: from 1 % of the largest PGV."),
    Measure("pgv_bias", "ln PGV, bias", "+.3f", ZERO, "Mean of ln (forecast / truth); negative: too weak."),
    Measure("pgv_std", "ln PGV, standard deviation", ".3f", LOW, "Of ln (forecast / truth) over the nodes."),
    Measure("t_pgv_error", "T_PGV error, median (s)", ".2f", LOW, "Of the time of the strongest shaking."),
    Measure("mmi_error", "MMI error, mean", ".2f", LOW, "Of the intensity from PGV."),
    Measure("normalised_acc", "ACC, normalised", ".3f", HIGH, _ACC + _NORMALISED),
    Measure("normalised_rfne", "RFNE, normalised", ".3f", LOW, _RFNE + _NORMALISED),
    *(Measure(f"acc_{axis}", f"ACC, {axis.upper()}", ".3f", HIGH, _ACC) for axis in "xyz"),
    *(Measure(f"rfne_{axis}", f"RFNE, {axis.upper()}", ".3f", LOW, _RFNE) for axis in "xyz"),
    Measure("spectrum_error", "Error of amplitude spectra", ".3f", LOW, "Relative, of amplitudes: 0 is right."),
    Measure("in_band", "Truth in the band", ".1%", NEITHER, "90 % for a 90 % band that holds here."),
    Measure(
        "spread_to_error", "σ of the members over error", ".2f", NEITHER, "Members differ less than they are wrong."
    ),
)


class ScoresModel(RowsModel):
    """The best of each row is bold, where one is best; what is the same to the last digit shown is equally good."""

    columns: Sequence[str] = (SCORE,)

    def __init__(self) -> None:
        super().__init__()
        self._scored: dict[str, ScoreColumn] = {}

    def show_scores(self, scored: Sequence[ScoreColumn]) -> None:
        """One column for each; rows that none of them has are left out."""
        self._scored = {each.name: each for each in scored}
        self.columns = (SCORE, *self._scored)
        self.set_rows([measure for measure in MEASURES if any(_known(each, measure) for each in scored)])

    def text(self, row: Any, column: str) -> str:
        if column == SCORE:
            return str(row.title)
        scored = self._scored[column]
        return format(scored.values[row.name], row.shown) if _known(scored, row) else NOTHING

    def key(self, row: Any) -> str:
        return str(row.name)

    def sort_value(self, row: Any, column: str) -> Any:
        return MEASURES.index(row) if column == SCORE else self._scored[column].values.get(row.name)

    def extra(self, row: Any, column: str, role: int) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip
        if role == Qt.ItemDataRole.FontRole and column != SCORE and self._is_best(row, column):
            font = QFont()
            font.setWeight(QFont.Weight.Bold)
            return font
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole and section:
            return self._scored[self.columns[section]].tip
        return super().headerData(section, orientation, role)

    def _is_best(self, row: Measure, column: str) -> bool:
        known = {name: each.values[row.name] for name, each in self._scored.items() if _known(each, row)}
        if row.best == NEITHER or len(known) < 2 or column not in known:
            return False
        badness = {HIGH: lambda value: -value, LOW: lambda value: value, ZERO: abs}[row.best]
        best = min(known.values(), key=badness)
        return format(badness(known[column]), row.shown) == format(badness(best), row.shown)


def _known(scored: ScoreColumn, measure: Measure) -> bool:
    return bool(np.isfinite(scored.values.get(measure.name, np.nan)))
