"""A table of runs side by side: scores, and the settings in which they differ."""

from collections.abc import Sequence
from typing import Any

from quakeview.app.widgets.tables import RowsModel, Table
from quakeview.training.runs.comparing import Compared


class ComparedModel(RowsModel):
    """Rows are ``Compared``, with a column for each run; the names of the runs are all different."""

    columns: Sequence[str] = ("From", "Name")

    def show_runs(self, names: Sequence[str], rows: Sequence[Compared]) -> None:
        """Show the comparison of the runs of these names."""
        self.columns = ("From", "Name", *names)
        self.set_rows(rows)

    def text(self, row: Any, column: str) -> str:
        match self.columns.index(column):
            case 0:
                return row.of
            case 1:
                return row.name
            case number:
                return row.values[number - 2]

    def key(self, row: Any) -> Any:
        return row.of, row.name


class CompareTable(Table):
    """What differs between runs; of one run all there is."""

    def __init__(self) -> None:
        super().__init__(ComparedModel(), "Runs side by side")
        self._shown: tuple[Sequence[str], Sequence[Compared]] = ((), ())

    def show_runs(self, names: Sequence[str], rows: Sequence[Compared]) -> None:
        """Show the comparison of the runs of these names."""
        if (names, rows) != self._shown:
            self._shown = names, rows
            assert isinstance(self.rows, ComparedModel)
            self.rows.show_runs(names, rows)
            self.fit_columns()
