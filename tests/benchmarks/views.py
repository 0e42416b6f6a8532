"""Opening the views of a record in the real window, offscreen, with a day of three components at 100 Hz.

From the action (or the selection) until what it shows has been painted, and how much of that the processor worked: the
rest is a pause of 30 or 60 ms, in which changes may follow each other, and waiting for other programs. The first time
includes what is loaded on first use. The peers compute the same of all samples and draw nothing: SciPy's
``spectrogram`` and ``welch``, ObsPy's ``flinn``, NumPy.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import obspy
from obspy import UTCDateTime
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from quakeview.app.main import build
from quakeview.app.traces import TimeSelection
from quakeview.app.waveforms.analysis_panel import AnalysisPanel
from quakeview.monitoring.picks import Pick
from quakeview.project import AddPicks
from quakeview.waveforms.channels import ChannelId
from tests.app.program import Program

START, RATE, DAY = UTCDateTime(2020, 1, 1), 100.0, 86_400
TARGET_MS = 200


def run(quick: bool) -> dict:
    """Quick: an hour in place of the day, and fewer openings."""
    seconds, repeats = (3600, 2) if quick else (DAY, 5)
    samples = _samples(seconds)
    with tempfile.TemporaryDirectory() as folder:
        figures = _in_the_window(Path(folder), samples, seconds, repeats)
    for name, peer in _peers(samples).items():
        figures[name]["peer_ms"] = _milliseconds(peer)
    print(f"{seconds / 3600:g} h of three components at {RATE:g} Hz; ms until painted; at most {TARGET_MS} wanted")
    print(f"{'view':>16} {'first':>8} {'processor':>10} {'again':>8} {'processor':>10} {'peer computes':>14}")
    for name, found in figures.items():
        widths = {"first_ms": 8, "first_cpu_ms": 10, "again_ms": 8, "cpu_ms": 10, "peer_ms": 14}
        print(f"{name:>16} " + " ".join(f"{found[key]:{width}.0f}" for key, width in widths.items()))
    return figures


def _samples(seconds: int) -> np.ndarray:
    """(3, n) int32: noise that was smoothed, as the ground's is."""
    noise = np.random.default_rng(0).standard_normal((3, int(seconds * RATE)), np.float32)
    return (1000 * (noise + np.roll(noise, 1, axis=1) + np.roll(noise, 2, axis=1))).astype(np.int32)


def _in_the_window(folder: Path, samples: np.ndarray, seconds: int, repeats: int) -> dict[str, dict[str, float]]:
    os.environ |= {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "DATA", "CONFIG", "CACHE")}
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "config"))
    header = {"network": "XX", "station": "DAY", "sampling_rate": RATE, "starttime": START}
    traces = [
        obspy.Trace(data, header | {"channel": f"HH{letter}"}) for letter, data in zip("ZNE", samples, strict=True)
    ]
    obspy.Stream(traces).write(str(folder / "day.mseed"), "MSEED")
    controller = Program(build(list))
    controller.window.resize(1360, 860)
    controller.window.show()
    controller.start([folder / "day.mseed"])
    _process_until(lambda: len(controller.session.records) == 3 and not controller.window.runner.active)
    try:
        return _openings(controller, seconds, repeats)
    finally:
        controller.window.close()
        controller.window.deleteLater()
        QApplication.processEvents()


def _openings(controller: Program, seconds: int, repeats: int) -> dict[str, dict[str, float]]:
    workspace, registry = controller.workspace, controller.registry
    view, views, spectrogram = workspace.view, workspace.analysis, workspace.spectrogram
    channel: ChannelId = view.scene.channel_ids()[0]
    controller.session.book.apply(AddPicks((Pick(channel, "P", START + seconds / 2, resource_id="p"),)))
    numbers = workspace.inspector.selection
    view.show_all()
    view.set_current_channel(channel)
    workspace.review.select(["p"])

    def put_away() -> None:
        workspace.tabs.setCurrentIndex(0)
        view.set_selection(None)
        workspace.records.show_channel(channel)  # the spectrogram forgets what it showed
        for panel in (views.motion, views.spectrum):
            panel.say("")
        _process_until(lambda: not _busy(views) and numbers.isHidden())

    def opened(panel: AnalysisPanel) -> bool:
        return panel.stack.currentWidget() is not panel.empty

    whole = TimeSelection(channel, float(START), float(START) + seconds)
    kinds: dict[str, tuple[Callable[[], None], Callable[[], bool]]] = {
        "spectrogram": (registry["view.spectrogram"].trigger, lambda: spectrogram.panel.shown is not None),
        "spectrum": (registry["view.spectrum"].trigger, lambda: opened(views.spectrum)),
        "particle motion": (registry["view.particle_motion"].trigger, lambda: opened(views.motion)),
        "statistics": (lambda: view.set_selection(whole), lambda: numbers.value("RMS") != ""),
    }
    figures = {}
    for name, (act, is_there) in kinds.items():
        first, *again = [_opening(controller, act, is_there, put_away) for _ in range(repeats + 1)]
        wall, cpu = np.median(again, axis=0)
        figures[name] = dict(
            zip(("first_ms", "first_cpu_ms", "again_ms", "cpu_ms"), (*first, float(wall), float(cpu)), strict=True)
        )
    return figures


def _busy(views: object) -> bool:
    return any(worker.busy for worker in (views._motion, views._spectra, views._numbers))  # type: ignore[attr-defined]


def _opening(
    controller: Program, act: Callable[[], None], is_there: Callable[[], bool], put_away: Callable[[], None]
) -> tuple[float, float]:
    """Milliseconds until it is painted, and of all threads."""
    begin, cpu = time.perf_counter(), time.process_time()
    act()
    _process_until(is_there)
    controller.window.grab()
    found = 1000 * (time.perf_counter() - begin), 1000 * (time.process_time() - cpu)
    put_away()
    return found


def _peers(samples: np.ndarray) -> dict[str, Callable[[], object]]:
    from obspy.signal.polarization import flinn
    from scipy.signal import spectrogram, welch

    middle = samples.shape[1] // 2
    second = obspy.Stream(
        [
            obspy.Trace(data[middle : middle + round(RATE)].astype(float), {"channel": f"HH{letter}"})
            for letter, data in zip("ZNE", samples, strict=True)
        ]
    )
    return {
        "spectrogram": lambda: spectrogram(samples[0].astype(np.float32), RATE, nperseg=512),
        "spectrum": lambda: welch(samples.astype(np.float32), RATE, nperseg=2**15),
        "particle motion": lambda: flinn(second),
        "statistics": lambda: (samples[0].min(), samples[0].max(), samples[0].mean(), samples[0].std()),
    }


def _milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begin)


def _process_until(condition: Callable[[], bool]) -> None:
    while not condition():
        QApplication.processEvents()
        time.sleep(0.001)
