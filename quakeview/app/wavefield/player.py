"""Plays a wavefield against the clock, reading ahead on one thread; the GUI thread never waits for a file."""

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from quakeview.errors import QuakeViewError

Frames = NDArray[np.float32]

BLOCK_FRAMES = 16
CACHE_BYTES = 96 * 2**20
READ_AHEAD = 2
TICK_MS = 8
FASTEST_TICK_MS = 1
GROWTH_MS = 200
AS_FAST_AS_IT_CAN = math.inf
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, AS_FAST_AS_IT_CAN)

log = logging.getLogger(__name__)


class Wavefield(Protocol):
    """What can be played: a scenario on disk or one that is still being simulated."""

    @property
    def n_frames(self) -> int:
        """How many frames there are so far."""

    @property
    def times(self) -> Sequence[float] | NDArray[np.float64]:
        """Of all frames, also of those to come, s after the origin time."""

    @property
    def complete(self) -> bool:
        """Whether no frame is to come."""

    def frame(self, index: int) -> Frames:
        """(3, nx, ny), m/s."""


class FrameCache:
    """Blocks of consecutive frames, the longest unused given up first; read by one thread of its own.

    ``want`` says what to read next; ``on_block`` hears, on that thread, that a block came, ``on_error`` why none did.
    """

    def __init__(self, wavefield: Wavefield, on_block: Callable[[int], None], on_error: Callable[[str], None]) -> None:
        self._wavefield, self._on_block, self._on_error = wavefield, on_block, on_error
        self._blocks: OrderedDict[int, list[Frames]] = OrderedDict()
        self._wanted: list[int] = []
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="read frames", daemon=True)
        self._thread.start()

    def frame(self, index: int) -> Frames | None:
        """The frame (3, nx, ny) if it is in memory."""
        block, within = divmod(index, BLOCK_FRAMES)
        with self._changed:
            frames = self._blocks.get(block)
            if frames is None or within >= len(frames):
                return None
            self._blocks.move_to_end(block)
            return frames[within]

    def want(self, blocks: Sequence[int]) -> None:
        """Read these blocks, in this order; what was wanted before and has not begun is dropped."""
        with self._changed:
            wanted = [block for block in blocks if self._is_missing(block)]
            if wanted != self._wanted:
                self._wanted = wanted
                self._changed.notify()

    @property
    def nbytes(self) -> int:
        """Memory held by the frames."""
        with self._changed:
            return sum(frame.nbytes for frames in self._blocks.values() for frame in frames)

    def stop(self) -> None:
        """End the thread; waits for the block it is reading."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join()

    def _is_missing(self, block: int) -> bool:
        there = max(min(self._wavefield.n_frames - block * BLOCK_FRAMES, BLOCK_FRAMES), 0)
        return len(self._blocks.get(block, ())) < there

    def _run(self) -> None:
        while (block := self._next()) is not None:
            try:
                frames = self._read(block)
            except (OSError, QuakeViewError, ValueError, RuntimeError) as error:
                log.warning("frames could not be read", exc_info=True)
                with self._changed:
                    self._wanted.clear()
                self._on_error(str(error) if isinstance(error, QuakeViewError) else UNREADABLE)
            else:
                self._keep(block, frames)
                self._on_block(block)

    def _next(self) -> int | None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._wanted)
            return None if self._stopped else self._wanted.pop(0)

    def _read(self, block: int) -> list[Frames]:
        first = block * BLOCK_FRAMES
        last = min(first + BLOCK_FRAMES, self._wavefield.n_frames)
        return [self._wavefield.frame(index) for index in range(first, last)]

    def _keep(self, block: int, frames: list[Frames]) -> None:
        with self._changed:
            self._blocks[block] = frames
            self._blocks.move_to_end(block)
            capacity = max(CACHE_BYTES // (BLOCK_FRAMES * frames[0].nbytes), READ_AHEAD + 3) if frames else 1
            while len(self._blocks) > capacity:
                self._blocks.popitem(last=False)


UNREADABLE = "The frames could not be read: the file may be damaged or on a disk that is gone. Open it again."


class Player(QObject):
    """Plays at a multiple of real time; frames that come too late are left out, not shown late.

    At the end of a wavefield that still grows it waits for new frames. ``close`` ends its thread.
    """

    frameChanged = Signal(int, object)  # index, frame (3, nx, ny) in m/s
    stateChanged = Signal()  # playing, speed, loop or the wavefield is another
    grown = Signal(int)  # number of frames there are now
    failed = Signal(str)  # a sentence: frames could not be read
    _block_came = Signal(object, int)
    _read_failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wavefield: Wavefield | None = None
        self._times: NDArray[np.float64] = np.zeros(0)
        self._cache: FrameCache | None = None
        self._index = 0
        self._shown: int | None = None
        self._n_frames = 0
        self._speed = 1.0
        self._loop = False
        self._clock_start: tuple[float, float] | None = None
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._growth = QTimer(self, interval=GROWTH_MS)
        self._growth.timeout.connect(self._look_for_growth)
        self._block_came.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._read_failed.connect(self._give_up, Qt.ConnectionType.QueuedConnection)

    @property
    def wavefield(self) -> Wavefield | None:
        return self._wavefield

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

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
        return self._cache.nbytes if self._cache is not None else 0

    def set_wavefield(self, wavefield: Wavefield | None) -> None:
        """Play this from its first frame on; None: nothing. The thread that read the last one has ended then."""
        self.close()
        self._wavefield = wavefield
        self._index, self._shown, self._n_frames = 0, None, 0
        self._times = np.zeros(0) if wavefield is None else np.asarray(wavefield.times, float)
        if wavefield is not None:
            self._cache = self._reader(wavefield)
            self._look_for_growth()
            if not wavefield.complete:
                self._growth.start()
        self.stateChanged.emit()

    def close(self) -> None:
        """Stop, and end the thread."""
        self._timer.stop()
        self._growth.stop()
        if self._cache is not None:
            self._cache.stop()
        self._cache = self._wavefield = None

    def play(self) -> None:
        """From the frame on screen; from the start if that is the last one of a wavefield that is complete."""
        if self._wavefield is None or self.playing:
            return
        if self._index >= self._n_frames - 1 and self._wavefield.complete:
            self.seek(0)
        self._restart_clock()
        self._start_timer()
        self.stateChanged.emit()

    def pause(self) -> None:
        if self.playing:
            self._timer.stop()
            self.stateChanged.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def set_speed(self, speed: float) -> None:
        """A multiple of real time, or ``AS_FAST_AS_IT_CAN``: every frame, none later than it can be."""
        self._speed = speed
        self._restart_clock()
        if self.playing:
            self._start_timer()
        self.stateChanged.emit()

    def set_loop(self, loop: bool) -> None:
        """Start again after the last frame of a complete wavefield."""
        self._loop = loop
        self.stateChanged.emit()

    def seek(self, index: int) -> None:
        """Show a frame: at once if it is in memory, else as soon as it has been read."""
        if self._wavefield is None or not self._n_frames:
            return
        self._index = min(max(index, 0), self._n_frames - 1)
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

    def _reader(self, wavefield: Wavefield) -> FrameCache:
        """A cache whose thread's news arrive on the GUI thread."""
        return FrameCache(
            wavefield,
            lambda block: self._block_came.emit(wavefield, block),
            lambda sentence: self._read_failed.emit(wavefield, sentence),
        )

    def _start_timer(self) -> None:
        self._timer.start(FASTEST_TICK_MS if self._speed == AS_FAST_AS_IT_CAN else TICK_MS)

    def _restart_clock(self) -> None:
        self._clock_start = (time.monotonic(), self.time)

    def _tick(self) -> None:
        """Show what the clock says; while that is being read, or is still to come, the clock waits."""
        if self._shown != self._index and self._n_frames:
            self._restart_clock()
            return self._show()
        index = self._due()
        if index == self._index:
            return None
        if index < self._n_frames:
            self._index = index
            return self._show()
        return self._arrive_at_end()

    def _due(self) -> int:
        """The frame whose time has come; the number of frames of the whole wavefield at its end."""
        if self._speed == AS_FAST_AS_IT_CAN or self._clock_start is None:
            return self._index + 1
        began, first = self._clock_start
        now = first + (time.monotonic() - began) * self._speed
        due = int(np.searchsorted(self._times, now + 1e-9, side="right")) - 1
        past_end = due == len(self._times) - 1 == self._index
        return due + 1 if past_end else max(due, self._index)

    def _arrive_at_end(self) -> None:
        if self._wavefield is None:
            return
        self._look_for_growth()
        last = self._n_frames - 1
        if self._index < last:
            self._index = last if self._speed != AS_FAST_AS_IT_CAN else self._index + 1
            self._restart_clock()
            self._show()
        elif not self._wavefield.complete:
            self._restart_clock()
        elif self._loop:
            self.seek(0)
        else:
            self.pause()

    def _show(self) -> None:
        """Show the frame asked for, if it is in memory; read what comes next."""
        if self._cache is None:
            return
        frame = self._cache.frame(self._index)
        block = self._index // BLOCK_FRAMES
        self._cache.want([*range(block, block + READ_AHEAD + 1), max(block - 1, 0)])
        if frame is not None and self._shown != self._index:
            self._shown = self._index
            self.frameChanged.emit(self._index, frame)

    def _receive(self, wavefield: Wavefield, block: int) -> None:
        """A block was read."""
        if wavefield is self._wavefield and self._shown != self._index:
            self._show()

    def _give_up(self, wavefield: Wavefield, sentence: str) -> None:
        if wavefield is self._wavefield:
            self.pause()
            self.failed.emit(sentence)

    def _look_for_growth(self) -> None:
        wavefield = self._wavefield
        if wavefield is None:
            return
        if wavefield.complete:
            self._growth.stop()
        if wavefield.n_frames != self._n_frames:
            self._n_frames = wavefield.n_frames
            self._times = np.asarray(wavefield.times, float)
            self.grown.emit(self._n_frames)
            self._show()
