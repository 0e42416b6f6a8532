import threading
from functools import partial

import numpy as np
import pytest

from quakeview.analysis.spectrograms import record_spectrogram
from quakeview.app.traces import SpectrogramPanel
from tests.analysis.test_spectrograms import tone
from tests.app.traces.records import START, record
from tests.app.traces.test_view import pixels


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
