import gc
from threading import Thread

import numpy as np
import pytest

from quakeview.waveforms.buffers import BufferPool

LARGE = 2**19 + 1000
MEMORY_OF_LARGE = 4 * 2**20


def address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


@pytest.fixture
def pool() -> BufferPool:
    return BufferPool(capacity=3 * MEMORY_OF_LARGE)


def test_memory_is_used_again_for_about_as_many_samples(pool: BufferPool) -> None:
    array = pool.take(LARGE)
    assert array.shape == (LARGE,)
    assert array.dtype == np.float32
    assert array.flags.writeable
    assert pool.idle == 0
    before = address(array)
    del array
    assert pool.idle == MEMORY_OF_LARGE
    again = pool.take(LARGE + 10)
    assert (address(again), len(again), pool.idle) == (before, LARGE + 10, 0)


def test_other_sizes_get_memory_of_their_own(pool: BufferPool) -> None:
    pool.take(LARGE)
    assert len(pool.take(3 * LARGE)) == 3 * LARGE
    assert len(pool.take(0)) == 0
    assert pool.idle >= MEMORY_OF_LARGE


@pytest.mark.parametrize("view_of", [lambda a: a[10:20], lambda a: a[::7][3:], lambda a: a.reshape(-1, 2), memoryview])
def test_a_view_keeps_the_memory_taken(pool: BufferPool, view_of: object) -> None:
    array = pool.take(LARGE)
    array[:] = 5
    view = view_of(array)
    del array
    gc.collect()
    assert pool.idle == 0
    pool.take(LARGE)[:] = 7
    assert (np.asarray(view) == 5).all()
    del view
    assert pool.idle == 2 * MEMORY_OF_LARGE


def test_no_more_lies_idle_than_the_capacity(pool: BufferPool) -> None:
    arrays = [pool.take(LARGE) for _ in range(5)]
    arrays.clear()
    assert pool.idle == 3 * MEMORY_OF_LARGE


def test_threads_never_share_memory(pool: BufferPool) -> None:
    mixed = []

    def work(number: int) -> None:
        for _ in range(30):
            array = pool.take(LARGE)
            array[::100] = number
            mixed.append(not (array[::100] == number).all())

    threads = [Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mixed) == 120
    assert not any(mixed)
