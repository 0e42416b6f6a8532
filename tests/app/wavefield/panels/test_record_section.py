"""Traces in the order of distance."""

import numpy as np
import pytest

from quakeview.app.wavefield.panels.record_section import RecordSection
from quakeview.app.wavefield.stage import Stage
from quakeview.wavefield.forecasting.section_traces import TO_POINT
from tests.app.fake_wavefield import append_frames, expanding_wave
from tests.wavefield.forecasting.fakes import fake_forecast


@pytest.fixture
def panel(qtbot):
    panel = RecordSection(Stage())
    qtbot.addWidget(panel)
    panel.resize(1000, 320)
    panel.show()
    return panel


def test_traces_lie_at_their_distance(panel, qtbot):
    wavefield = expanding_wave()
    panel.stage.open(wavefield)
    qtbot.waitUntil(lambda: panel.section is not None)
    section = panel.section
    number = 5
    expected = wavefield.traces([section.line.ix[number]], [section.line.iy[number]])[0]
    np.testing.assert_array_equal(section.velocity[number], expected)
    times, drawn = panel.plots.plots[0].listDataItems()[0].getData()
    assert drawn[0] == pytest.approx(section.line.distance[0] / 1000, abs=0.1)
    first = np.isnan(drawn).argmax()
    assert first == 112
    np.testing.assert_allclose(times[:first], wavefield.times)


def test_normalised_traces_are_equally_high_and_common_ones_are_not(panel, qtbot):
    panel.stage.open(expanding_wave())
    panel.component.setCurrentIndex(2)
    qtbot.waitUntil(lambda: panel.section is not None)

    def heights():
        drawn = panel.plots.plots[0].listDataItems()[0].getData()[1].reshape(-1, 113)[:, :112]
        return np.abs(drawn - panel.section.line.distance[:, None] / 1000).max(axis=1)

    assert np.ptp(heights()) < 1e-3
    panel.scale.setCurrentIndex(1)
    assert heights().max() > 2 * heights().min()


def test_guides_are_dotted_and_start_at_the_hypocentre(panel, qtbot):
    panel.stage.open(expanding_wave())
    qtbot.waitUntil(lambda: panel.section is not None)
    panel.guides.setChecked(True)
    curves = panel.plots.plots[0].listDataItems()[1:]
    assert len(curves) == 2
    for curve, speed in zip(curves, (6000.0, 3460.0), strict=True):
        arrival, along = curve.getData()
        expected = np.hypot(along[-1] * 1000, 8000.0) / speed
        assert arrival[-1] == pytest.approx(expected, rel=0.02)


def test_a_line_without_its_point_says_what_to_do(panel, qtbot):
    panel.stage.open(expanding_wave())
    qtbot.waitUntil(lambda: panel.section is not None)
    panel.line.setCurrentText(TO_POINT)
    qtbot.waitUntil(lambda: panel.section is None)
    panel.stage.set_points([(20_000.0, 20_000.0), (100_000.0, 70_000.0)])
    qtbot.waitUntil(lambda: panel.section is not None)
    assert panel.section.line.distance[-1] == pytest.approx(np.hypot(55_000, 32_000))


def test_the_section_grows(panel, qtbot):
    wavefield = expanding_wave(0)
    panel.stage.open(wavefield)
    assert "has not written a frame yet" in panel.empty.text()
    append_frames(wavefield, 40)
    panel.stage.grow()
    qtbot.waitUntil(lambda: panel.section is not None)
    assert len(panel.section.times) == 40
    append_frames(wavefield, 72)
    panel.stage.grow()
    qtbot.waitUntil(lambda: len(panel.section.times) == 112)
    panel.stage.open(None)
    assert "Open or simulate a scenario" in panel.empty.text()


def test_a_forecast_lies_over_the_truth_from_its_issue_on(panel, qtbot):
    truth = expanding_wave()
    forecast = fake_forecast(truth, members=1, noise=0.0)
    panel.stage.open(truth)
    panel.stage.show_forecasts(forecast, [])
    qtbot.waitUntil(lambda: panel.section is not None and panel.section.forecast is not None)
    assert panel.overlay.isVisible()
    true, expected = panel.plots.plots[0].listDataItems()
    times, drawn = expected.getData()
    assert times[0] == pytest.approx(forecast.issue_time)
    later = true.getData()[1][forecast.issued : 112]
    np.testing.assert_allclose(drawn[: 112 - forecast.issued], later, rtol=1e-4)
    assert f"forecast from {forecast.issue_time:.1f} s on" in panel.caveat.text()
    panel.overlay.setChecked(False)
    assert len(panel.plots.plots[0].listDataItems()) == 1
    panel.stage.show_forecasts(None, [])
    qtbot.waitUntil(lambda: panel.section.forecast is None)
    assert not panel.overlay.isVisible()
