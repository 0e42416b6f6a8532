"""Memory of long records, used again: what the system hands out fresh takes longer to touch than to filter."""

from collections import deque
from threading import RLock
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

_GRAIN = 2**19


class BufferPool:
    """Arrays whose memory comes back when nothing refers to them any more, neither themselves nor a view of them.

    Thread-safe. Arrays of less than 2 MB are not pooled.

    Args:
        capacity: bytes that may lie idle; the oldest beyond go back to the system.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._idle: deque[NDArray[np.float32]] = deque()
        self._lock = RLock()

    @property
    def idle(self) -> int:
        """Bytes that wait to be used again."""
        with self._lock:
            return sum(memory.nbytes for memory in self._idle)

    def take(self, n: int) -> NDArray[np.float32]:
        """(n,) float32, not initialised."""
        if n < _GRAIN:
            return np.empty(n, np.float32)
        memory = self._find(-(-n // _GRAIN) * _GRAIN)
        # Views of an array made from a memoryview refer to it, not to the memory, so they keep it taken.
        array = np.frombuffer(memory.data, np.float32, n)
        finalize(array, self._give_back, memory).atexit = False
        return array

    def _find(self, size: int) -> NDArray[np.float32]:
        with self._lock:
            for number, memory in enumerate(self._idle):
                if len(memory) == size:
                    del self._idle[number]
                    return memory
        return np.empty(size, np.float32)

    def _give_back(self, memory: NDArray[np.float32]) -> None:
        with self._lock:
            self._idle.append(memory)
            while self.idle > self._capacity:
                self._idle.popleft()
