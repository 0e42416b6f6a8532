"""The player and its bar: what is shown when, while frames come late, grow, or cannot be read."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QToolButton

from quakeview.app.drawing import theme
from quakeview.app.wavefield.playback import player as player_module
from quakeview.app.wavefield.playback.frame_cache import FrameCache
from quakeview.app.wavefield.playback.playbackbar import PlaybackBar
from quakeview.app.wavefield.playback.player import AS_FAST_AS_IT_CAN, Player
from quakeview.app.wavefield.stage import Stage
from quakeview.colours import DARK, LIGHT
from quakeview.errors import QuakeViewError
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.scenarios.header import Header
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter
from tests.conftest import PATIENCE

STEP = 0.25


def header(planned_frames: int) -> Header:
    return Header(
        name="numbers",
        region=HAYWARD,
        x=np.arange(6) * 1000.0,
        y=np.arange(4) * 1000.0,
        frame_step=STEP,
        planned_frames=planned_frames,
        frequency=0.5,
        model_name="none",
        illustrative=True,
        start_time=1.0,
    )


class Numbers(LiveWavefield):
    """Every sample of frame i is i. ``gate`` keeps readers waiting, ``broken`` frames cannot be read."""

    def __init__(self, planned_frames: int, there: int | None = None) -> None:
        super().__init__(header(planned_frames))
        self.there = planned_frames if there is None else there
        self.gate = threading.Event()
        self.gate.set()
        self.broken: set[int] = set()
        self.read: list[int] = []

    @property
    def n_frames(self) -> int:
        return self.there

    def frame(self, index: int) -> NDArray[np.float32]:
        self.gate.wait()
        if index in self.broken:
            raise QuakeViewError("The file is damaged.")
        self.read.append(index)
        return np.full((3, 6, 4), index, np.float32)


class Shown(list[int]):
    """The indices a player has shown."""

    def add(self, index: int, frames: FrameCache | None) -> None:
        assert frames is not None
        frame = frames.frame(index)
        assert frame is not None
        assert frame.shape == (3, 6, 4)
        assert np.allclose(frame, index, rtol=1e-3)
        self.append(index)


@pytest.fixture
def player(qtbot: Any) -> Iterator[Player]:
    threads = set(threading.enumerate())
    player = Player(Stage())
    yield player
    player.shut_down(PATIENCE / 1000)
    player.deleteLater()
    assert set(threading.enumerate()) <= threads


@pytest.fixture
def shown(player: Player) -> Shown:
    shown = Shown()
    player.frameChanged.connect(lambda index: shown.add(index, player.frames))
    return shown


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """``clock(seconds)`` lets that much time pass for the player."""
    now = [100.0]
    monkeypatch.setattr(player_module, "monotonic", lambda: now[0])

    def advance(seconds: float) -> None:
        now[0] += seconds

    return advance


def test_first_frame_is_shown(player: Player, shown: Shown, qtbot: Any) -> None:
    player.stage.open(Numbers(100))
    qtbot.waitUntil(lambda: shown == [0])
    assert player.time == 1.0
    assert player.n_frames == 100
    assert not player.playing


def test_speed_is_a_multiple_of_real_time_and_late_frames_are_dropped(
    player: Player, shown: Shown, qtbot: Any, clock: Callable[[float], None]
) -> None:
    player.stage.open(Numbers(100))
    qtbot.waitUntil(lambda: shown == [0])
    player.set_speed(2)
    player.play()
    clock(STEP / 2)
    qtbot.waitUntil(lambda: shown == [0, 1])
    clock(5 * STEP)
    qtbot.waitUntil(lambda: shown[-1] == 11)
    assert shown == [0, 1, 11]


def test_every_frame_in_order_as_fast_as_it_can(player: Player, shown: Shown, qtbot: Any) -> None:
    player.stage.open(Numbers(60))
    player.set_speed(AS_FAST_AS_IT_CAN)
    player.play()
    qtbot.waitUntil(lambda: not player.playing)
    assert shown == list(range(60))


def test_seek_in_memory_is_immediate(player: Player, shown: Shown, qtbot: Any) -> None:
    wavefield = Numbers(100)
    player.stage.open(wavefield)
    qtbot.waitUntil(lambda: len(wavefield.read) == player_module.AHEAD)
    player.seek(20)
    assert shown == [0, 20]


def test_seek_never_waits_and_shows_only_the_last_one_asked_for(player: Player, shown: Shown, qtbot: Any) -> None:
    wavefield = Numbers(1000)
    player.stage.open(wavefield)
    qtbot.waitUntil(lambda: shown == [0])
    wavefield.gate.clear()
    for index in (300, 500, 700):
        player.seek(index)
    assert shown == [0]
    assert player.index == 700
    wavefield.gate.set()
    qtbot.waitUntil(lambda: shown == [0, 700])


def test_clock_waits_for_a_slow_disk(player: Player, shown: Shown, qtbot: Any, clock: Callable[[float], None]) -> None:
    wavefield = Numbers(1000)
    player.stage.open(wavefield)
    qtbot.waitUntil(lambda: len(wavefield.read) == player_module.AHEAD)
    wavefield.gate.clear()
    player.play()
    clock(100 * STEP)
    qtbot.waitUntil(lambda: player.index == 100)
    clock(100 * STEP)
    qtbot.wait(30)
    assert (player.index, shown[-1]) == (100, 0)
    wavefield.gate.set()
    qtbot.waitUntil(lambda: shown[-1] == 100)


def test_memory_is_bounded(player: Player, shown: Shown, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    frame_bytes = 3 * 6 * 4 * 4
    monkeypatch.setattr(player_module, "CACHE_BYTES", 10 * frame_bytes)
    player.stage.open(Numbers(300))
    player.set_speed(AS_FAST_AS_IT_CAN)
    player.play()
    qtbot.waitUntil(lambda: not player.playing)
    assert shown == list(range(300))
    assert player.nbytes == 10 * frame_bytes


def test_follows_a_wavefield_that_grows(player: Player, shown: Shown, qtbot: Any) -> None:
    wavefield = Numbers(planned_frames=30, there=0)
    player.stage.open(wavefield)
    player.set_speed(AS_FAST_AS_IT_CAN)
    player.play()
    for there in (1, 5, 30):
        wavefield.there = there
        player.stage.grow()
        qtbot.waitUntil(lambda there=there: bool(shown) and shown[-1] == there - 1)
        assert player.playing or there == 30
    qtbot.waitUntil(lambda: not player.playing)
    assert shown == list(range(30))
    assert len(player.times) == 30


def test_frames_that_come_faster_than_they_are_read_are_shown_all_the_same(
    player: Player, shown: Shown, qtbot: Any
) -> None:
    wavefield = Numbers(planned_frames=30, there=0)
    wavefield.gate.clear()
    player.stage.open(wavefield)
    for there in (1, 4, 10):
        wavefield.there = there
        player.stage.grow()
    wavefield.gate.set()
    qtbot.waitUntil(lambda: shown == [0, 9])


def test_loop(player: Player, shown: Shown, qtbot: Any) -> None:
    player.stage.open(Numbers(5))
    player.set_speed(AS_FAST_AS_IT_CAN)
    player.set_loop(True)
    player.play()
    qtbot.waitUntil(lambda: len(shown) >= 12)
    player.pause()
    assert shown[:12] == [*range(5), *range(5), 0, 1]


def test_frames_that_cannot_be_read_are_said(player: Player, shown: Shown, qtbot: Any) -> None:
    wavefield = Numbers(50)
    wavefield.broken = {7}
    said: list[str] = []
    player.failed.connect(said.append)
    player.stage.open(wavefield)
    qtbot.waitUntil(lambda: bool(said))
    assert said[0] == "The file is damaged."
    player.seek(8)
    qtbot.waitUntil(lambda: shown[-1] == 8)


def test_another_wavefield_replaces_the_first(player: Player, shown: Shown, qtbot: Any) -> None:
    player.stage.open(Numbers(50))
    player.seek(40)
    player.stage.open(Numbers(10))
    qtbot.waitUntil(lambda: bool(shown) and shown[-1] == 0)
    assert player.n_frames == 10
    qtbot.waitUntil(lambda: sum(thread.name == "read frames" for thread in threading.enumerate()) == 1)
    player.stage.open(None)
    qtbot.waitUntil(lambda: not any(thread.name == "read frames" for thread in threading.enumerate()))


def test_nobody_waits_for_a_disk_that_does_not_answer(player: Player, shown: Shown, qtbot: Any) -> None:
    slow = Numbers(50)
    player.stage.open(slow)
    qtbot.waitUntil(lambda: len(slow.read) >= player_module.AHEAD)
    slow.gate.clear()
    player.seek(45)
    qtbot.waitUntil(lambda: player.frames is not None and player.frames._reading)
    player.stage.open(Numbers(10))
    qtbot.waitUntil(lambda: shown[-1] == 0 and player.n_frames == 10)
    slow.gate.set()
    qtbot.waitUntil(lambda: sum(thread.name == "read frames" for thread in threading.enumerate()) == 1)
    assert 45 not in shown


def test_plays_a_scenario_file(player: Player, shown: Shown, qtbot: Any, tmp_path: Path) -> None:
    with ScenarioWriter(tmp_path / "numbers.h5", header(40)) as writer:
        for index in range(40):
            writer.write(index, np.full((3, 6, 4), index, np.float32))
    said: list[str] = []
    player.failed.connect(said.append)
    with Scenario.open(tmp_path / "numbers.h5") as scenario:
        player.stage.open(scenario)
        player.set_speed(AS_FAST_AS_IT_CAN)
        player.play()
        qtbot.waitUntil(lambda: not player.playing)
        assert shown == list(range(40))
        assert player.time == 1.0 + 39 * STEP
    assert not said


def test_an_unfinished_file_ends_where_it_was_broken_off(
    player: Player, shown: Shown, qtbot: Any, tmp_path: Path
) -> None:
    writer = ScenarioWriter(tmp_path / "numbers.h5", header(40))
    for index in range(10):
        writer.write(index, np.full((3, 6, 4), index, np.float32))
    writer.finish()
    with Scenario.open(tmp_path / "numbers.h5") as scenario:
        player.stage.open(scenario)
        player.set_speed(AS_FAST_AS_IT_CAN)
        player.play()
        qtbot.waitUntil(lambda: not player.playing)
        assert shown == list(range(10))
        player.stage.open(None)


def test_follows_a_simulation_on_another_thread(player: Player, shown: Shown, qtbot: Any) -> None:
    live = LiveWavefield(header(50))

    def simulate() -> None:
        for index in range(50):
            live.append(index, np.full((3, 6, 4), index, np.float32))
            player.stage.frameCame.emit()

    player.stage.open(live)
    player.set_speed(AS_FAST_AS_IT_CAN)
    player.play()
    thread = threading.Thread(target=simulate)
    thread.start()
    qtbot.waitUntil(lambda: not player.playing)
    thread.join()
    assert shown == list(range(50))


@pytest.fixture
def bar(player: Player, qtbot: Any) -> PlaybackBar:
    bar = PlaybackBar(player)
    qtbot.addWidget(bar)
    bar.resize(900, 50)
    bar.show()
    return bar


def test_bar_says_nothing_without_a_wavefield(bar: PlaybackBar) -> None:
    assert not bar.play.isEnabled()
    assert not bar.scrubber.isEnabled()
    assert bar.time.text() == ""


def test_bar_shows_time_and_steers(bar: PlaybackBar, player: Player, shown: Shown, qtbot: Any) -> None:
    player.stage.open(Numbers(100))
    qtbot.waitUntil(lambda: shown == [0])
    assert bar.time.text() == "t = 1.0 s"
    qtbot.mouseClick(bar.on, Qt.MouseButton.LeftButton)
    assert player.index == 1
    qtbot.mouseClick(bar.to_end, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown[-1] == 99)
    assert bar.scrubber.value() == 99
    assert bar.time.text() == f"t = {1 + 99 * STEP:.1f} s"
    qtbot.mouseClick(bar.to_start, Qt.MouseButton.LeftButton)
    assert player.index == 0
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert player.playing
    assert bar.play.accessibleName() == "Pause"
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert not player.playing
    qtbot.mouseClick(bar.loop, Qt.MouseButton.LeftButton)
    assert player.loop


def test_scrubber_by_mouse_and_keys(bar: PlaybackBar, player: Player, shown: Shown, qtbot: Any) -> None:
    player.stage.open(Numbers(101))
    qtbot.waitUntil(lambda: shown == [0])
    middle = QPoint(round(bar.scrubber.x_of(1 + 50 * STEP)), 10)
    qtbot.mouseClick(bar.scrubber, Qt.MouseButton.LeftButton, pos=middle)
    assert player.index == 50
    bar.scrubber.setFocus()
    qtbot.keyClick(bar.scrubber, Qt.Key.Key_Right)
    assert player.index == 51
    qtbot.keyClick(bar.scrubber, Qt.Key.Key_End)
    assert player.index == 100


def test_scrubbing_holds_the_clock_and_lets_it_go(bar: PlaybackBar, player: Player, qtbot: Any) -> None:
    player.stage.open(Numbers(100))
    player.play()
    place = QPoint(round(bar.scrubber.x_of(1 + 20 * STEP)), 10)
    qtbot.mousePress(bar.scrubber, Qt.MouseButton.LeftButton, pos=place)
    assert not player.playing
    qtbot.mouseRelease(bar.scrubber, Qt.MouseButton.LeftButton, pos=place)
    assert player.playing


def test_scrubber_reaches_only_what_is_there(bar: PlaybackBar, player: Player, shown: Shown, qtbot: Any) -> None:
    wavefield = Numbers(planned_frames=100, there=10)
    player.stage.open(wavefield)
    qtbot.mouseClick(bar.scrubber, Qt.MouseButton.LeftButton, pos=QPoint(bar.scrubber.width() - 2, 10))
    assert player.index == 9
    wavefield.there = 50
    player.stage.grow()
    qtbot.waitUntil(lambda: bar.scrubber.maximum() == 49)


def test_every_control_has_a_name_and_takes_the_focus(bar: PlaybackBar, player: Player) -> None:
    player.stage.open(Numbers(10))
    controls = [*bar.findChildren(QToolButton), bar.scrubber, bar.speed]
    assert len(controls) == 8
    for control in controls:
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    bar.speed.setCurrentIndex(bar.speed.count() - 1)
    bar.speed.activated.emit(bar.speed.currentIndex())
    assert player.speed == AS_FAST_AS_IT_CAN


def test_bar_paints_in_both_themes(bar: PlaybackBar, player: Player, qtbot: Any) -> None:
    player.stage.open(Numbers(100, there=60))
    bar.scrubber.set_input_window((1.0, 9.0))
    pictures = []
    for colors in (LIGHT, DARK):
        QApplication.setPalette(theme.palette(colors))
        pictures.append(bar.grab().toImage())
    QApplication.setPalette(theme.palette(LIGHT))
    assert pictures[0] != pictures[1]
