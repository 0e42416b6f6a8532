import threading
from concurrent.futures import ThreadPoolExecutor

from quakeview.waveforms.cache import ByteCache


def test_the_least_recently_used_goes_first() -> None:
    cache: ByteCache[bytes] = ByteCache(30, len)
    made: list[str] = []

    def get(key: str) -> None:
        def make() -> bytes:
            made.append(key)
            return bytes(10)

        cache.get(key, make)

    for key in "abcadabc":
        get(key)
    assert made == list("abcdbc")
    assert cache.nbytes == 30


def test_a_value_larger_than_the_cache_stays_until_the_next() -> None:
    cache: ByteCache[bytes] = ByteCache(5, len)
    large = cache.get("large", lambda: bytes(10))
    assert cache.get("large", lambda: b"made again") is large
    cache.get("other", lambda: bytes(3))
    assert cache.nbytes == 3


def test_threads_that_want_the_same_share_it() -> None:
    cache: ByteCache[bytes] = ByteCache(100, len)
    made: list[int] = []
    together = threading.Barrier(4)

    def want(_: int) -> bytes:
        together.wait()
        return cache.get("key", lambda: made.append(1) or bytes(10))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(want, range(4)))
    assert made == [1]
