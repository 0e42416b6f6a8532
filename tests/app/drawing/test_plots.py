"""What plots share: a legend that is whole in any width."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from quakeview.app.drawing.plots import DayAxis, Entry, Plots

ENTRIES = [
    Entry("Point 3", "#009e73"),
    Entry("truth", "#1c2530", "—"),
    Entry("input until 15.6 s", "#1c2530", "━"),
    Entry("forecast, 90 % band, pale after 56 s", "#d55e00", "━"),
]


@pytest.fixture
def plots(qtbot):
    plots = Plots("Traces")
    panel = QWidget()  # pyqtgraph's views crash when they are closed as windows
    QVBoxLayout(panel).addWidget(plots)
    qtbot.addWidget(panel)
    plots.add(0, 0, "Time (s)", "Velocity (cm/s)")
    panel.resize(900, 240)
    panel.show()
    plots.panel = panel  # lives as long
    return plots


def lines(plots):
    layout = plots._heading.document().firstBlock().layout()
    text = plots._heading.document().firstBlock().text().replace("\xa0", " ")
    starts = [layout.lineAt(i).textStart() for i in range(layout.lineCount())]
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def test_a_legend_is_in_one_line_where_there_is_room_and_whole_where_there_is_not(plots, qtbot):
    plots.set_legend(ENTRIES)
    words = ["Point 3", "— truth", "━ input until 15.6 s", "━ forecast, 90 % band, pale after 56 s"]
    assert len(lines(plots)) == 1
    assert all(each in plots.heading for each in words)
    plots.parentWidget().resize(400, 240)
    QApplication.processEvents()
    assert len(lines(plots)) == 2
    assert all(any(each in line for line in lines(plots)) for each in words)
    assert plots._heading.mapRectToScene(plots._heading.boundingRect()).right() <= plots.width()
    assert plots.plots[0].sceneBoundingRect().top() >= plots._heading.boundingRect().bottom() - 1


def test_without_a_legend_the_plots_have_its_room(plots, qtbot):
    plots.set_legend(ENTRIES)
    QApplication.processEvents()
    below = plots.plots[0].sceneBoundingRect().top()
    plots.set_legend([])
    QApplication.processEvents()
    assert plots.plots[0].sceneBoundingRect().top() < below


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("2019-12-20", "2020-01-02", ["2019-12-20", "2019-12-25", "2019-12-30"]),
        ("2019-02-10", "2019-07-20", ["2019-03", "2019-05", "2019-07"]),
        ("2012-06-01", "2020-01-02", ["2015", "2020"]),
    ],
    ids=["days", "months", "years"],
)
def test_days_are_written_as_dates(qapp: QApplication, low: str, high: str, said: list[str]) -> None:
    axis = DayAxis("bottom")
    ends = [float(np.datetime64(each, "D").astype(np.int64)) for each in (low, high)]
    ((_, values),) = axis.tickValues(*ends, 270.0)
    assert axis.tickStrings(values, 1.0, None) == said
