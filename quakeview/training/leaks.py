"""No earthquake that chooses the best weights is learnt from: looked for before a run begins."""

from collections.abc import Sequence

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.texts import counted
from quakeview.training.datasets import RecordSet
from quakeview.training.layouts import DITING_COLUMNS, STEAD_COLUMNS, Columns, Row, number_of, seconds_of
from quakeview.training.record_config import SourceConfig
from quakeview.training.same_earthquake import Numbers, same_earthquakes

_COLUMNS = {"seisbench": Columns(), "stead": STEAD_COLUMNS, "diting": DITING_COLUMNS}
_NAMED = 3


def refuse_shared_earthquakes(
    source: SourceConfig, learnt: RecordSet, validation: SourceConfig, chosen_by: RecordSet
) -> None:
    """Refuse records to learn from whose earthquakes are among those of the validation.

    In one data set they are the same by name, in two by their origins. Folds by station share earthquakes on purpose.

    Raises:
        QuakeViewError: that names the first of them.
    """
    if source.folds is not None and source.group == "station":
        return
    if source.path == validation.path:
        ours = {entry.event_id for entry in learnt.entries}
        shared = sorted({entry.event_id for entry in chosen_by.entries} & ours - {""})
    else:
        shared = _same_origins(source, learnt, validation, chosen_by)
    if shared:
        names = ", ".join(shared[:_NAMED]) + (f" and {len(shared) - _NAMED:,} more" if len(shared) > _NAMED else "")
        said = counted(len(shared), "earthquake is", "earthquakes are")
        raise QuakeViewError(
            f"{said} both learnt from and in [data.validation] ({names}); give both tables a split, so that an "
            "earthquake is in one part only."
        )


def _same_origins(source: SourceConfig, learnt: RecordSet, validation: SourceConfig, chosen_by: RecordSet) -> list[str]:
    """Names, in the validation, of the earthquakes that are in both data sets."""
    if source.kind not in _COLUMNS or validation.kind not in _COLUMNS:
        return []
    _, first = _origins(learnt, _COLUMNS[source.kind])
    names, second = _origins(chosen_by, _COLUMNS[validation.kind])
    pairs = same_earthquakes(*np.concatenate([first, second], axis=1))
    across = pairs[(pairs[:, 0] < first.shape[1]) & (pairs[:, 1] >= first.shape[1])]
    return [names[index] for index in np.unique(across[:, 1] - first.shape[1]).tolist()]


def _origins(records: RecordSet, columns: Columns) -> tuple[Sequence[str], Numbers]:
    """Names of the events, and their time, latitude and longitude (3, n), NaN where they are not known."""
    rows: dict[str, Row] = {}
    for entry, row in zip(records.entries, records.rows, strict=True):
        rows.setdefault(entry.event_id, row)
    found = [
        (
            seconds_of(row.get(columns.origin_time)),
            number_of(row.get(columns.latitude)),
            number_of(row.get(columns.longitude)),
        )
        for row in rows.values()
    ]
    return list(rows), np.array(found, np.float64).reshape(-1, 3).T
