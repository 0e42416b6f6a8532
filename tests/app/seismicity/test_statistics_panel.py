"""Statistics of the catalogue as a person looks at them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from quakeview.app.seismicity.state import OpenCatalogue
from quakeview.app.seismicity.statistics_panel import FORECAST, SUMMARY, StatisticsPanel
from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.region import Region
from quakeview.seismicity.statistics.curves import View
from quakeview.seismicity.statistics.declustering import decluster
from quakeview.seismicity.statistics.methods import Method
from tests.app.seismicity.catalogue_files import FIRST_DAY

pytestmark = pytest.mark.usefixtures("without_forecasts")


@pytest.fixture
def panel(seismicity: Any, qtbot: Any) -> StatisticsPanel:
    """In front, with the summary of the catalogue."""
    panel: StatisticsPanel = seismicity.statistics
    seismicity.tabs.setCurrentWidget(panel)
    _settled(qtbot, panel)
    return panel


def _settled(qtbot: Any, panel: StatisticsPanel) -> None:
    """What is on screen is what was asked for last."""
    qtbot.waitUntil(lambda: panel.answer is not None and panel.answer.asked == panel._wanted(), timeout=60_000)


def _value(panel: StatisticsPanel, name: str) -> str:
    return str(next(value for each, value in panel.rows.rows if each == name))


def test_the_summary_is_a_table_that_is_copied(panel: StatisticsPanel) -> None:
    assert panel.pages.currentWidget() is panel.summary
    assert _value(panel, "Earthquakes") == "400"
    panel.table.copy()
    assert "Earthquakes\t400" in QApplication.clipboard().text()


def test_nothing_is_computed_before_somebody_looks(seismicity: Any) -> None:
    assert seismicity.statistics.answer is None


def test_what_to_beware_of_is_said(panel: StatisticsPanel, qtbot: Any, seismicity: Any) -> None:
    assert "magnitude 6.9" in panel.cautions.text()
    seismicity.state.choose(magnitude=2.0)
    _settled(qtbot, panel)
    assert "from magnitude 2.0 on are used, but the catalogue is complete only from" in panel.cautions.text()


@pytest.mark.parametrize("view", [View.FREQUENCY, View.CUMULATIVE, View.INTER_EVENT, View.NEIGHBOURS])
def test_each_plot_is_drawn_and_kept(panel: StatisticsPanel, qtbot: Any, view: View, tmp_path: Path) -> None:
    panel.view.setCurrentText(view)
    _settled(qtbot, panel)
    assert panel.shown.view is view
    assert panel.picture(".png").startswith(b"\x89PNG")
    assert panel.shown.csv().startswith("curve,")


def test_a_plot_that_cannot_be_says_why_and_keeps_the_table(panel: StatisticsPanel, qtbot: Any) -> None:
    panel.view.setCurrentText(View.COMPLETENESS)
    _settled(qtbot, panel)
    assert panel.pages.currentWidget() is panel.empty
    assert "400 magnitudes are too few for a completeness over time; it needs 500" in panel.empty.text()
    panel.view.setCurrentText(SUMMARY)
    _settled(qtbot, panel)
    assert _value(panel, "Earthquakes") == "400"


def test_only_the_earthquakes_of_region_and_days_count(panel: StatisticsPanel, qtbot: Any, seismicity: Any) -> None:
    state = seismicity.state
    state.choose(region=Region(((35.0, 139.0), (35.0, 141.0), (37.0, 141.0), (37.0, 139.0))))
    state.choose(period=(FIRST_DAY, FIRST_DAY + 150))
    _settled(qtbot, panel)
    inside = state.choices.passing(state.catalogue)
    assert 50 < inside.sum() < 300
    assert _value(panel, "Earthquakes") == str(inside.sum())


def test_too_few_earthquakes_are_a_sentence_in_place_of_all(
    panel: StatisticsPanel, qtbot: Any, seismicity: Any
) -> None:
    panel.only_mainshocks.setChecked(True)
    assert seismicity.state.mainshocks is not None
    seismicity.state.choose(period=(FIRST_DAY, FIRST_DAY + 5))
    _settled(qtbot, panel)
    assert panel.pages.currentWidget() is panel.empty
    assert "choose a larger region or more years" in panel.empty.text()
    assert not panel.only_mainshocks.isEnabled()
    assert seismicity.state.mainshocks is None


@pytest.mark.parametrize("method", list(Method))
def test_mainshocks_alone_are_shown_everywhere(
    panel: StatisticsPanel, qtbot: Any, seismicity: Any, method: Method
) -> None:
    panel.method.setCurrentText(method)
    _settled(qtbot, panel)
    panel.only_mainshocks.click()
    state, summary = seismicity.state, panel.answer.summary  # type: ignore[union-attr]
    assert summary is not None
    expected = decluster(state.catalogue, method, summary.least, summary.b.b if summary.b else 1.0).mainshocks
    qtbot.waitUntil(lambda: state.mainshocks is not None and (state.mainshocks == expected).all())
    qtbot.waitUntil(lambda: len(seismicity.map.dots.x) == expected.sum())
    qtbot.waitUntil(lambda: seismicity.table.rows.rowCount() == expected.sum())
    panel.only_mainshocks.setChecked(False)
    qtbot.waitUntil(lambda: len(seismicity.map.dots.x) == 400)


def test_another_catalogue_shows_all_its_earthquakes(panel: StatisticsPanel, qtbot: Any, seismicity: Any) -> None:
    panel.only_mainshocks.setChecked(True)
    assert seismicity.state.mainshocks is not None
    random = np.random.default_rng(0)
    other = Catalogue.of(
        np.arange(100) * 1e6, np.full(100, 36.0), np.full(100, 140.0), 3 + random.exponential(0.4, 100)
    )
    seismicity.state.add(OpenCatalogue(other, "other"))
    assert seismicity.state.mainshocks is None
    assert not panel.only_mainshocks.isChecked()
    _settled(qtbot, panel)
    assert _value(panel, "Earthquakes") == "100"


def test_an_answer_to_another_question_is_dropped(panel: StatisticsPanel, qtbot: Any, seismicity: Any) -> None:
    before = panel.answer
    assert before is not None
    seismicity.state.choose(magnitude=4.2)
    panel.used.setCurrentText(FORECAST)
    _settled(qtbot, panel)
    assert _value(panel, "Used from magnitude") == "4.2"
    panel._take(before)
    assert _value(panel, "Used from magnitude") == "4.2"


def test_aftershocks_follow_the_selection(panel: StatisticsPanel, qtbot: Any, seismicity: Any) -> None:
    panel.view.setCurrentText(View.AFTERSHOCKS)
    _settled(qtbot, panel)
    largest = panel.words.text() or panel.empty.text()
    seismicity.state.select([int(np.argmin(seismicity.state.catalogue.magnitude))])
    _settled(qtbot, panel)
    assert "too few for the law of Omori" in panel.empty.text()
    assert largest != panel.empty.text()


def test_without_a_plot_there_is_no_picture(panel: StatisticsPanel) -> None:
    with pytest.raises(QuakeViewError, match=r"There is no plot to save\. Choose one first"):
        panel.picture(".png")
