"""A scenario that is still being simulated, or is replayed as it happened: in memory."""

import threading
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.jobs import Cancelled, Progress
from quakeview.wavefield.ground_motion.measures import PeakMeasures
from quakeview.wavefield.scenarios.header import Frames, Header, Wavefield
from quakeview.wavefield.scenarios.schema import encode_half

_LONGEST_SLEEP = 0.05
"""Seconds between two looks at the clock of a replay."""


class LiveWavefield(Wavefield):
    """Reads like ``Scenario``; grows by ``append``. Frames are kept in half precision, each with its own scale.

    One thread may append while others read.
    """

    def __init__(self, header: Header, known: NDArray[np.bool_] | None = None) -> None:
        """``known``: as of ``Wavefield``."""
        self.header = header
        self._known = known
        self._stored: list[NDArray[np.float16]] = []
        self._scale: list[np.float32] = []
        self._measures = PeakMeasures(*header.frame_shape[1:])
        self._peak = 0.0
        self._lock = threading.Lock()

    def append(self, index: int, frame: Frames) -> None:
        """Add the next frame (3, nx, ny), m/s.

        Raises:
            ValueError: for a frame out of order, or of another shape.
        """
        if index != self.n_frames or frame.shape != self.header.frame_shape:
            raise ValueError(f"frame {index} of shape {frame.shape}")
        stored, scale = encode_half(frame)
        with self._lock:
            self._measures.update(self.start_time + index * self.frame_step, frame)
            self._peak = max(self._peak, float(np.abs(frame).max()))
            self._scale.append(scale)
            self._stored.append(stored)

    @property
    def known(self) -> NDArray[np.bool_] | None:
        return self._known

    @property
    def growing(self) -> bool:
        return not self.complete

    @property
    def n_frames(self) -> int:
        return len(self._stored)

    @property
    def peak(self) -> float:
        return self._peak

    @property
    def pgv(self) -> Frames:
        with self._lock:
            return self._measures.pgv.copy()

    @property
    def t_pgv(self) -> Frames:
        with self._lock:
            return self._measures.t_pgv.copy()

    def frame(self, index: int) -> Frames:
        if not 0 <= index < self.n_frames:
            raise IndexError(f"frame {index} of {self.n_frames}")
        frame: Frames = self._stored[index].astype(np.float32)
        frame *= self._scale[index]
        return frame

    def frames(self, start: int, stop: int) -> Frames:
        chosen = [self.frame(index) for index in range(start, min(stop, self.n_frames))]
        return np.stack(chosen, axis=-1) if chosen else np.zeros((*self.header.frame_shape, 0), np.float32)

    def traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        ix, iy = np.atleast_1d(ix), np.atleast_1d(iy)
        count = self.n_frames
        traces = np.empty((len(ix), 3, count), np.float32)
        for index in range(count):
            traces[..., index] = self._stored[index][:, ix, iy].T * self._scale[index]
        return traces


def replay(truth: Wavefield, live: LiveWavefield, speed: Callable[[], float], progress: Progress = Progress()) -> None:
    """Append the frames of ``truth`` to ``live`` when their time has come; publish how many there are.

    Args:
        speed: asked now and then: a multiple of real time.

    Raises:
        Cancelled: through ``progress``, also if the file was closed meanwhile.
    """
    count, before = 0, time.monotonic()
    due = 0.0
    while count < truth.n_frames:
        now = time.monotonic()
        due, before = due + (now - before) * speed(), now
        progress.advance(count, truth.n_frames, f"t = {live.start_time + count * live.frame_step:.1f} s")
        if count and due < count * truth.frame_step:
            time.sleep(_LONGEST_SLEEP)
            continue
        try:
            frame = truth.frame(count)
        except Exception:
            if progress.cancelled:
                raise Cancelled from None
            raise
        live.append(count, frame)
        count += 1
        progress.publish(count)
