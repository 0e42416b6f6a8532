"""Frames of what is played in memory, read ahead on a thread of its own."""

import logging
import math
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.wavefield.scenarios.playable import Playable

Frames = NDArray[np.float32]

FEWEST_FRAMES = 4
"""Kept even if they are larger than the cache."""
UNREADABLE = "The frames could not be read: the file may be damaged or on a disk that is gone. Open it again."

log = logging.getLogger(__name__)


class FrameCache:
    """Frames in memory, the longest unused given up first; read by one thread of its own.

    ``want`` says what to read next; ``on_frame`` hears, on that thread, that a frame came, ``on_error`` why none did.
    """

    def __init__(
        self,
        played: Playable,
        nbytes: int,
        on_frame: Callable[[int], None],
        on_error: Callable[[str], None],
    ) -> None:
        """``nbytes``: that the frames may take."""
        self._played, self._on_frame, self._on_error = played, on_frame, on_error
        self._capacity = max(nbytes // (4 * math.prod(played.played_shape)), FEWEST_FRAMES)
        self._frames: OrderedDict[int, Frames] = OrderedDict()
        self._wanted: deque[int] = deque()
        self._changed = threading.Condition()
        self._stopped = self._reading = False
        self._stale_from: float = math.inf
        self._thread = threading.Thread(target=self._run, name="read frames", daemon=True)
        self._thread.start()

    def frame(self, index: int) -> Frames | None:
        """The frame if it is in memory."""
        with self._changed:
            if index in self._frames:
                self._frames.move_to_end(index)
            return self._frames.get(index)

    def want(self, indices: Sequence[int]) -> None:
        """Read these frames, in this order, while there is room; what was wanted before and not begun is dropped."""
        with self._changed:
            self._wanted = deque(index for index in indices[: self._capacity] if index not in self._frames)
            self._changed.notify()

    def forget(self, start: int) -> None:
        """Read the frames from ``start`` on again when they are wanted."""
        with self._changed:
            for index in [index for index in self._frames if index >= start]:
                del self._frames[index]
            self._stale_from = min(self._stale_from, start)

    @property
    def nbytes(self) -> int:
        """Memory held by the frames."""
        with self._changed:
            return sum(frame.nbytes for frame in self._frames.values())

    def stop(self) -> None:
        """End the thread; while it reads a frame it ends after that, and nobody hears of the frame."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
            idle = not self._reading
        if idle:
            self._thread.join()

    def wait(self, seconds: float) -> None:
        """Until the thread has ended, but not longer."""
        self._thread.join(seconds)

    def _run(self) -> None:
        while (index := self._next()) is not None:
            try:
                frame = self._played.frame(index)
            except (OSError, QuakeViewError, IndexError, ValueError, RuntimeError) as error:
                if self._stopped:
                    return  # the file has been closed
                log.warning("frame %d could not be read", index, exc_info=True)
                self.want(())
                self._on_error(str(error) if isinstance(error, QuakeViewError) else UNREADABLE)
            else:
                if self._keep(index, frame):
                    self._on_frame(index)

    def _next(self) -> int | None:
        with self._changed:
            self._reading = False
            self._changed.wait_for(lambda: self._stopped or self._wanted)
            self._stale_from = math.inf
            if self._stopped:
                return None
            self._reading = True
            return self._wanted.popleft()

    def _keep(self, index: int, frame: Frames) -> bool:
        """False if it was forgotten while it was read, and is read again; or if nobody waits any more."""
        with self._changed:
            if self._stopped:
                return False
            if index >= self._stale_from:
                self._wanted.appendleft(index)
                return False
            self._frames[index] = frame
            while len(self._frames) > self._capacity:
                self._frames.popitem(last=False)
            return True
