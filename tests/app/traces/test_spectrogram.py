import threading
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose

from quakeview.app.traces import SpectrogramPanel, record_spectrogram
from tests.app.traces.records import START, record
from tests.app.traces.test_view import pixels


def tone(frequency: float, seconds: float = 100.0) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(int(seconds * 100)) / 100)


def test_the_tone_is_where_it_belongs():
    spectrogram = record_spectrogram(record(tone(12.0)), START, START + 100, 200)
    rows = spectrogram.power.shape[0]
    frequencies = np.linspace(0, spectrogram.highest, rows)
    assert spectrogram.highest == 50
    assert_allclose(frequencies[np.argmax(spectrogram.power, axis=0)], 12.0, atol=0.5)


def test_white_noise_has_its_power_density():
    noise = 3 * np.random.default_rng(1).standard_normal(100_000)
    spectrogram = record_spectrogram(record(noise), START, START + 1000, 300)
    density = 10 ** (spectrogram.power[5:-5] / 10)
    assert density.mean() == pytest.approx(9 / 50, rel=0.05)  # variance over the Nyquist frequency


def test_gaps_and_outside_are_empty():
    data = tone(5.0)
    data[4000:6000] = np.nan
    power = record_spectrogram(record(data), START, START + 200, 200).power
    assert np.isfinite(power[:, 5:35]).all()
    assert np.isnan(power[:, 44:56]).all()
    assert np.isnan(power[:, 102:]).all()


def test_too_little_data():
    assert record_spectrogram(record(np.ones(5)), START, START + 10, 50) is None
    assert record_spectrogram(record(tone(1.0)), START + 500, START + 510, 50) is None


def test_the_panel_computes_in_a_worker_and_shows_the_result(qtbot):
    panel = SpectrogramPanel()
    qtbot.addWidget(panel)
    panel.resize(700, 200)
    panel.set_gutter(120)
    panel.set_view(START, START + 100)
    panel.show()
    qtbot.waitExposed(panel)
    threads = []
    samples = record(tone(12.0))

    def compute(first: float, last: float, n_columns: int):
        threads.append(threading.current_thread())
        return record_spectrogram(samples, first, last, n_columns)

    with qtbot.waitSignal(panel.ready):
        panel.set_source(compute, "XX.AAA..HHZ")
    assert threads[0] is not threading.main_thread()
    plot = panel.plot_rect().toRect()
    brightness = pixels(panel.grab().toImage().copy(plot)).sum(axis=(1, 2), dtype=int)
    expected = plot.height() * (1 - 12 / 50)
    assert abs(int(np.argmax(brightness)) - expected) < 5
    with qtbot.waitSignal(panel.ready):
        panel.set_view(START + 200, START + 260)
    panel.grab()


def test_only_the_last_question_counts(qtbot):
    panel = SpectrogramPanel()
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    panel.set_source(partial(record_spectrogram, record(tone(3.0))), "first")
    with qtbot.waitSignal(panel.ready):
        panel.set_source(None)
        panel.set_source(partial(record_spectrogram, record(tone(9.0))), "second")
        panel.set_view(START, START + 50)
    assert panel.accessibleName()


def test_linked_views_settle(qtbot):
    one, two = SpectrogramPanel(), SpectrogramPanel()
    changes = []
    for panel, other in ((one, two), (two, one)):
        qtbot.addWidget(panel)
        panel.set_limits(START, START + 1000 / 3)
        panel.viewChanged.connect(other.set_view)
        panel.viewChanged.connect(lambda *_: changes.append(1))
    for number in range(200):
        one.zoom(1.37 if number % 3 else 0.21, START + number / 7)
        one.pan(0.7)
        assert one.view == pytest.approx(two.view, abs=1e-5)
    assert len(changes) <= 4 * 2 * 200


def test_a_failure_is_a_sentence(qtbot, caplog):
    panel = SpectrogramPanel()
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)

    def fail(first: float, last: float, n_columns: int):
        raise ValueError("no samples")

    before = pixels(panel.grab().toImage())
    with qtbot.waitSignal(panel.ready):
        panel.set_source(fail)
    assert "no samples" in caplog.text
    assert (pixels(panel.grab().toImage()) != before).any()
