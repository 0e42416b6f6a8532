"""Thousands of damaged files through all readers, in a process that is ended when one file takes too long.

Counted are tracebacks (whatever is not a sentence for the person), hangs, and picks outside the data. Each file
depends only on the seed and its number, so that ``--seed`` finds it again.
"""

import contextlib
import multiprocessing
import random
import resource
import tempfile
import time
import traceback
import warnings
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

from tests.mutations import Seed, mutate, open_and_use, seeds

LIMIT = 20.0
"""Seconds that a damaged file of less than 60 kB may take."""
MEMORY = 8_000_000_000


def run(quick: bool, seed: int = 0, count: int = 10_000) -> dict:
    """Quick: 500 files."""
    count = 500 if quick else count
    files = seeds()
    outcomes: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    slowest, begin = 0.0, time.perf_counter()
    number = 0
    while number < count:
        worker = _Worker(files, seed)
        while number < count:
            took, outcome, detail = worker.open(number)
            slowest = max(slowest, took)
            outcomes[outcome] += 1
            if outcome not in ("opened", "refused"):
                failures[detail] += 1
                print(f"seed {seed}, file {number} ({_chosen(files, seed, number)[0].name}): {outcome}\n{detail}")
            number += 1
            if outcome == "hang":
                break
        worker.end()
    seconds = time.perf_counter() - begin
    print(f"{count} mutations of {len(files)} files in {seconds:.0f} s, the slowest in {slowest:.1f} s")
    for outcome in ("opened", "refused", "traceback", "hang", "pick outside the data"):
        print(f"{outcome:22} {outcomes[outcome]:6}")
    return {"files": count, "seeds": len(files), "seconds": seconds, "slowest_s": slowest, **outcomes}


def _chosen(files: list[Seed], seed: int, number: int) -> tuple[Seed, random.Random]:
    rng = random.Random(f"{seed} {number}")
    return rng.choice(files), rng


class _Worker:
    """A process that opens one file after the other."""

    def __init__(self, files: list[Seed], seed: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, files, seed), daemon=True)
        self._process.start()
        theirs.close()

    def open(self, number: int) -> tuple[float, str, str]:
        """Seconds, outcome and detail."""
        begin = time.perf_counter()
        self._pipe.send(number)
        try:
            if self._pipe.poll(LIMIT + 30 * (number == 0)):
                return (time.perf_counter() - begin, *self._pipe.recv())
        except EOFError:
            return time.perf_counter() - begin, "hang", "the process died"
        return time.perf_counter() - begin, "hang", f"no answer within {LIMIT:g} s"

    def end(self) -> None:
        self._process.kill()
        self._process.join()


def _work(pipe: Connection, files: list[Seed], seed: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(EOFError):
        while True:
            chosen, rng = _chosen(files, seed, pipe.recv())
            path = Path(folder) / chosen.name
            path.write_bytes(mutate(chosen.content, rng))
            try:
                pipe.send((open_and_use(chosen, path, rng), ""))
            except AssertionError as error:
                pipe.send(("pick outside the data", str(error)))
            except Exception:
                pipe.send(("traceback", "".join(traceback.format_exc().splitlines(keepends=True)[-6:])))
