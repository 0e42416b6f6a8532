"""Tables: sorting, filtering, and following changes row by row as if everything were sorted anew."""

import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from quakeview.app.widgets.tables import RowsModel, Table


class Things(RowsModel):
    """Rows are (key, name, number or None)."""

    columns = ("Name", "Number")

    def text(self, row, column):
        return str(row[1 + self.columns.index(column)])

    def key(self, row):
        return row[0]

    def sort_value(self, row, column):
        return row[1 + self.columns.index(column)]

    def condition(self):
        return lambda row: row[1] != "hidden"


def thing(key, rng):
    return key, rng.choice(["ann", "bob", "eve", "hidden"]), rng.choice([None, 1, 2, 3, 40])


def shown(model):
    return [model.key_at(row) for row in range(model.rowCount())]


def expected(things, column, order, word):
    rows = [row for row in things if word in f"{row[1]} {row[2]}" and row[1] != "hidden"]
    if column >= 0:
        rows.sort(key=lambda row: (row[1 + column] is not None, row[1 + column]))
    keys = [row[0] for row in rows]
    return keys[::-1] if order == Qt.SortOrder.DescendingOrder else keys


@pytest.mark.parametrize("order", list(Qt.SortOrder))
@pytest.mark.parametrize("column", [-1, 0, 1])
@pytest.mark.parametrize("word", ["", "4", "e"])
def test_changes_of_single_rows_leave_what_sorting_anew_would(column, order, word):
    rng = random.Random(1)
    model = Things()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    things = {key: thing(key, rng) for key in range(40)}
    model.set_rows(list(things.values()))
    model.sort(column, order)
    model.set_filter(word)
    for step in range(300):
        key = rng.randrange(60)
        if rng.random() < 0.3:
            things.pop(key, None)
            model.change([key], [])
        else:
            things[key] = thing(key, rng)
            model.change([], [things[key]])
        if step % 10 == 0:
            assert shown(model) == expected(model.rows, column, order, word)
            assert {row[0]: row for row in model.rows} == things
            assert [model.row_of(key) for key in shown(model)] == list(range(model.rowCount()))
    del tester


def test_many_changes_at_once_are_as_one_by_one():
    rng = random.Random(2)
    one, other = Things(), Things()
    things = [thing(key, rng) for key in range(500)]
    for model in (one, other):
        model.sort(1, Qt.SortOrder.AscendingOrder)
        model.set_rows(things)
    fresh = [thing(key, rng) for key in range(400, 900)]
    one.change(range(300), fresh)
    other.change(range(300), [])
    for row in fresh:
        other.change([], [row])
    assert sorted(one.rows) == sorted(other.rows)
    assert [row[2] for row in map(one.row_at, range(one.rowCount()))] == [
        row[2] for row in map(other.row_at, range(other.rowCount()))
    ]


@pytest.fixture
def table(qtbot):
    model = Things()
    model.set_rows([(key, name, number) for key, (name, number) in enumerate(zip("abcdef", range(6), strict=True))])
    table = Table(model, "Things")
    qtbot.addWidget(table)
    table.show()
    return table


def test_the_selection_follows_its_rows(table):
    table.selectRow(2)
    table.rows.change([], [(2, "z", 99)])
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert table.selected_keys() == [2]
    assert table.selectionModel().selectedRows()[0].row() == 0


def test_several_selected_rows_stay_selected_through_a_filter(table):
    table.selectAll()
    table.rows.change([3], [])
    with table.keeping_selection():
        table.rows.set_filter("")
    assert table.selected_keys() == [0, 1, 2, 4, 5]


def test_a_deleted_row_does_not_hand_its_selection_on(table):
    table.selectRow(2)
    with table.keeping_selection():
        table.rows.change([2], [])
    assert table.selected_keys() == []


def test_every_word_must_be_somewhere_in_the_row(table):
    table.rows.set_rows([(0, "Ann Lee", 5), (1, "Bob", 5)])
    table.rows.set_filter("5 LEE")
    assert shown(table.rows) == [0]
    assert table.rows.total == 2
