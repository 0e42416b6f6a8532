"""Progress of work and of its pieces."""

import multiprocessing

import pytest

from quakeview.jobs import Cancelled, Progress


class Heard(Progress):
    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[float, str]] = []
        self.lines: list[str] = []
        self.partial: list[object] = []

    def on_advance(self, done: float, total: float, message: str) -> None:
        self.shown.append((done / total, message))

    def on_publish(self, partial: object) -> None:
        self.partial.append(partial)

    def on_log(self, text: str) -> None:
        self.lines.append(text)


def test_a_piece_fills_its_share_of_the_whole() -> None:
    whole = Heard()
    piece = whole.part(1, 3, 4)
    for done in range(3):
        piece.advance(done, 2, f"step {done}")
    piece.advance(0, 0, "nothing to do")
    assert whole.shown == [(0.25, "step 0"), (0.5, "step 1"), (0.75, "step 2"), (0.75, "nothing to do")]


def test_a_piece_of_a_piece_and_its_message() -> None:
    whole = Heard()
    whole.part(0, 1, 2, "KS.GIJA (1 of 2)").part(1, 2, 2).advance(1, 2, "filtering")
    assert whole.shown == [(0.375, "KS.GIJA (1 of 2)")]


def test_a_piece_logs_with_the_whole_and_publishes_for_itself() -> None:
    whole = Heard()
    piece = whole.part(0, 1)
    piece.log("Out of memory: going on with the CPU.")
    piece.publish("frame")
    assert whole.lines == ["Out of memory: going on with the CPU."]
    assert whole.partial == []


def test_pieces_stop_with_the_whole() -> None:
    whole = Heard()
    pieces = [whole.part(0, 1), whole.silent(), whole.part(0, 1).silent()]
    for piece in pieces:
        piece.advance(1, 1)
    whole.cancel()
    for piece in pieces:
        assert piece.cancelled
        with pytest.raises(Cancelled):
            piece.advance(1, 1)


def test_a_silent_piece_says_nothing() -> None:
    whole = Heard()
    piece = whole.silent()
    piece.advance(1, 2, "half")
    piece.log("a line")
    piece.publish("frame")
    assert (whole.shown, whole.lines, whole.partial) == ([], [], [])


def test_a_flag_of_another_process_cancels() -> None:
    flag = multiprocessing.get_context("spawn").Event()
    progress = Progress(flag)
    progress.advance(0, 1)
    flag.set()
    with pytest.raises(Cancelled):
        progress.advance(1, 1)
