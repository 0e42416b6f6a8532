"""Plays what is open against the clock; the GUI thread never waits for a file."""

import math
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from quakeview.app.wavefield.playback.frame_cache import FrameCache
from quakeview.app.wavefield.stage import Stage
from quakeview.wavefield.scenarios.playable import Playable

Frames = NDArray[np.float32]

CACHE_BYTES = 48 * 2**20
AHEAD, BEHIND = 32, 8
"""Frames read after and before the one on screen."""
TICK_MS = 8
REST_MS = 40
AS_FAST_AS_IT_CAN = math.inf
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, AS_FAST_AS_IT_CAN)


class Player(QObject):
    """Plays at a multiple of real time; frames that come too late are left out, not shown late.

    The newest frame of a wavefield that grows is shown as it comes (``following``), until the user goes to another
    moment; whoever returns to the newest frame follows again. At the end of what there is it waits for new frames.
    ``close`` ends its thread.

    Attributes:
        frames: in memory, of what is played; None if nothing is.
    """

    frameChanged = Signal(int)  # index of a frame that is in ``frames``
    stateChanged = Signal()  # playing, speed, loop or what is played is another
    grown = Signal(int)  # number of frames there are now
    failed = Signal(str)  # a sentence: frames could not be read
    _frame_came = Signal(object, int)
    _read_failed = Signal(object, str)

    def __init__(self, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stage = stage
        self._played: Playable | None = None
        self._counts: tuple[int, ...] = ()
        self._times: NDArray[np.float64] = np.zeros(0)
        self.frames: FrameCache | None = None
        self._index = 0
        self._shown: int | None = None
        self._n_frames = 0
        self._follows = False
        self._speed = 1.0
        self._loop = False
        self._clock_start: tuple[float, float] | None = None
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._read_ahead)
        self._frame_came.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._read_failed.connect(self._give_up, Qt.ConnectionType.QueuedConnection)
        stage.opened.connect(self._open)
        stage.replaced.connect(self._replace)
        stage.forecastChanged.connect(self._replace)
        stage.frameCame.connect(self._grow)

    @property
    def growing(self) -> bool:
        """Whether frames are still to come."""
        return self._played is not None and self._played.growing

    @property
    def playing(self) -> bool:
        live = self.stage.live
        return self._timer.isActive() or (live is not None and self.following and not live.held)

    @property
    def happens(self) -> bool:
        """Whether the waves themselves, not only a forecast of them, are still to come."""
        return _happens(self._played)

    @property
    def following(self) -> bool:
        """Whether the newest frame of what happens is shown as it comes."""
        return self._follows and not self._timer.isActive()

    @property
    def newest(self) -> int:
        """The last frame of what has happened, beyond which there may be a forecast; -1 before the first."""
        return self._counts[0] - 1 if self._counts else -1

    @property
    def index(self) -> int:
        """The frame asked for last; ``frameChanged`` tells when it is there."""
        return self._index

    @property
    def time(self) -> float:
        """Of that frame, s after the origin time."""
        return float(self._times[self._index]) if len(self._times) else 0.0

    @property
    def times(self) -> NDArray[np.float64]:
        """Of all frames, also of those to come, s after the origin time."""
        return self._times

    @property
    def n_frames(self) -> int:
        """How many frames can be shown."""
        return self._n_frames

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def loop(self) -> bool:
        return self._loop

    @property
    def nbytes(self) -> int:
        """Memory held by frames that were read."""
        return self.frames.nbytes if self.frames is not None else 0

    def _open(self) -> None:
        """Play from the time of the stage on, or from the newest frame if it grows."""
        time = self.stage.time
        self._take(self.stage.played, 0, follows=True)
        if time:
            self.seek_time(time)

    def _take(self, played: Playable | None, index: int, follows: bool) -> None:
        self.close()
        self._played = played
        self._times = np.zeros(0) if played is None else played.header.planned_times
        self._index, self._follows = min(index, max(len(self._times) - 1, 0)), follows and _happens(played)
        self._shown, self._n_frames, self._counts = None, 0, ()
        if played is not None:
            self.frames = self._reader(played)
            self._grow()
        self.stateChanged.emit()

    def _replace(self) -> None:
        """Go on with another wavefield, or forecast of it, on the same time axis: the frame, or that the newest is
        followed, and whether it plays, stay. What begins to happen is followed."""
        if self._follows:
            self._grow()
        played, index = self.stage.played, self.newest if self.following else self._index
        begins = _happens(played) and not _happens(self._played)
        playing = self._timer.isActive() and not begins
        self._take(played, max(index, 0), self._follows or begins)
        if playing:
            self._start()

    def close(self) -> None:
        """Stop, and end the thread, which may still read a frame."""
        self._timer.stop()
        self._rest.stop()
        if self.frames is not None:
            self.frames.stop()
        self.frames = self._played = None

    def shut_down(self, seconds: float) -> None:
        """The same at the end, when the window is gone: wait for the thread, but not longer."""
        cache = self.frames
        self.close()
        if cache is not None:
            cache.wait(seconds)

    def play(self) -> None:
        """From the frame on screen; from the start if that is the last one of a wavefield that is complete.

        An event that was held goes on, and is followed if its newest frame is on screen.
        """
        if self.playing or not (self._n_frames or self.growing):
            return
        if self.stage.live is not None:
            self.stage.live.hold(False)
            if self.following:
                self.stateChanged.emit()
                return
        if self._index >= self._n_frames - 1 and not self.growing:
            self.seek(0)
        self._start()

    def pause(self) -> None:
        """Show this frame; an event that is replayed as it happened stands still too."""
        if self.playing:
            self._timer.stop()
            if self.stage.live is not None:
                self.stage.live.hold(True)
            else:
                self._follows = False
            self.stateChanged.emit()

    def follow(self) -> None:
        """Show what happens now, as it comes."""
        if not self.happens:
            return
        self._timer.stop()
        if self.stage.live is not None:
            self.stage.live.hold(False)
        self._go(self.newest)
        self.stateChanged.emit()

    def _start(self) -> None:
        self._restart_clock()
        self._timer.start()
        self.stateChanged.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def set_speed(self, speed: float) -> None:
        """A multiple of real time, or ``AS_FAST_AS_IT_CAN``: every frame, up to 125 a second."""
        self._speed = speed
        self._restart_clock()
        self.stateChanged.emit()

    def set_loop(self, loop: bool) -> None:
        """Start again after the last frame of a complete wavefield."""
        self._loop = loop
        self.stateChanged.emit()

    def seek(self, index: int) -> None:
        """Show a frame: at once if it is in memory, else as soon as it has been read."""
        if self._played is None or not self._n_frames:
            return
        if self.playing and not self._timer.isActive() and index != self.newest:
            self._start()
        self._go(index)

    def _go(self, index: int) -> None:
        self._index = min(max(index, 0), self._n_frames - 1)
        follows = self._index == self.newest and self.happens
        if follows and self.stage.live is not None:
            self._timer.stop()
        if follows != self._follows:
            self._follows = follows
            self.stateChanged.emit()
        self._restart_clock()
        self._show()

    def seek_time(self, time: float) -> None:
        """Show the frame nearest to a time, s after the origin time."""
        if len(self._times):
            self.seek(int(np.abs(self._times - time).argmin()))

    def step(self, count: int) -> None:
        """Pause, and show the frame ``count`` later (earlier if negative)."""
        self.pause()
        self.seek(self._index + count)

    def _reader(self, played: Playable) -> FrameCache:
        """A cache whose thread's news arrive on the GUI thread."""
        return FrameCache(
            played,
            CACHE_BYTES,
            lambda index: self._frame_came.emit(played, index),
            lambda sentence: self._read_failed.emit(played, sentence),
        )

    def _restart_clock(self) -> None:
        self._clock_start = (monotonic(), self.time)

    def _tick(self) -> None:
        """Show what the clock says; while that is being read, or is still to come, the clock waits."""
        if not self._n_frames:
            return None
        if self._shown != self._index:
            self._restart_clock()
            return self._show()
        index = self._due()
        if index == self._index:
            return None
        if self.stage.live is not None and self._index < self.newest <= index:
            return self.follow()
        if index < self._n_frames:
            self._index = index
            return self._show()
        return self._arrive_at_end()

    def _due(self) -> int:
        """The frame whose time has come; the number of frames of the whole wavefield at its end."""
        if self._speed == AS_FAST_AS_IT_CAN or self._clock_start is None:
            return self._index + 1
        began, first = self._clock_start
        now = first + (monotonic() - began) * self._speed
        due = int(np.searchsorted(self._times, now + 1e-9, side="right")) - 1
        past_end = due == len(self._times) - 1 == self._index
        return due + 1 if past_end else max(due, self._index)

    def _arrive_at_end(self) -> None:
        self._grow()  # the word that the last frame has come may still be on its way
        last = self._n_frames - 1
        if self._index < last:
            self._index = last if self._speed != AS_FAST_AS_IT_CAN else self._index + 1
            self._restart_clock()
            self._show()
        elif self.growing:
            self._restart_clock()
        elif self._loop:
            self.seek(0)
        else:
            self.pause()

    def _show(self) -> None:
        """Show the frame asked for, if it is in memory; read on, but not while the user still looks for a place."""
        if self.frames is None:
            return
        there = self.frames.frame(self._index) is not None
        if self.playing:
            self._read_ahead()
        else:
            self.frames.want((self._index,))
            self._rest.start()
        if there and self._shown != self._index:
            self._shown = self._index
            self.frameChanged.emit(self._index)
            self.stage.show_time(self.time)
            if self.following and self._index < self.newest:
                self._index = self.newest
                self._show()

    def _read_ahead(self) -> None:
        if self.frames is not None:
            ahead = range(self._index, min(self._index + AHEAD, self._n_frames))
            behind = range(self._index - 1, max(self._index - 1 - BEHIND, -1), -1)
            self.frames.want((*ahead, *behind))

    def _receive(self, played: Playable, index: int) -> None:
        """A frame was read."""
        if played is self._played and index == self._index != self._shown:
            self._show()

    def _give_up(self, played: Playable, sentence: str) -> None:
        if played is self._played:
            self.pause()
            self.failed.emit(sentence)

    def _grow(self) -> None:
        """Take notice of frames that have come."""
        if self._played is None or self.frames is None:
            return
        counts = self._played.counts
        if max(counts) and counts != self._counts:
            half_known = min(self._counts, default=0)
            # while a frame is being read it is waited for, or none would be shown where they come faster
            waits = self._index < self._n_frames and self._shown != self._index
            self._counts, self._n_frames = counts, max(counts)
            if self.following and self.newest >= 0 and not waits:
                self._index = self.newest
            self._index = min(self._index, self._n_frames - 1)
            self.frames.forget(half_known)
            if self._shown is not None and self._shown >= half_known:
                self._shown = None
            self.grown.emit(self._n_frames)
            self._show()


def _happens(played: Playable | None) -> bool:
    """Whether the waves themselves, not only a forecast of them, are still to come."""
    return played is not None and played.happening
