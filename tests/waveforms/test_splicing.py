import numpy as np
import pytest

from quakeview.waveforms.splicing import NANOSECONDS, Piece, sample_time, splice


def piece(first: int, last: int, priority: int = 0, value: int | None = None) -> Piece:
    """Samples ``first`` to ``last`` (excluded) of a record at 10 Hz that counts up (or is constant)."""
    data = np.arange(first, last) if value is None else np.full(last - first, value)
    return Piece(first * NANOSECONDS // 10, 10.0, data, (priority,))


@pytest.mark.parametrize(
    "parts",
    [
        [(0, 10), (10, 20)],
        [(10, 20), (0, 10)],
        [(0, 20), (5, 15)],
        [(0, 12), (8, 20)],
        [(0, 20), (0, 20), (0, 20)],
        [(0, 5), (5, 6), (3, 20)],
    ],
)
def test_agreeing_pieces_make_one(parts: list[tuple[int, int]]) -> None:
    spliced = splice(piece(*part) for part in parts)
    (whole,) = spliced.pieces
    np.testing.assert_array_equal(whole.data, np.arange(20))
    assert not any(overlap.conflicting for overlap in spliced.overlaps)


def test_gap() -> None:
    spliced = splice([piece(0, 5), piece(7, 9)])
    assert [len(found.data) for found in spliced.pieces] == [5, 2]


def test_the_smaller_priority_wins_if_both_start_together() -> None:
    spliced = splice([piece(0, 5, 2, value=2), piece(0, 8, 1, value=1), piece(3, 10, 0, value=0)])
    np.testing.assert_array_equal(spliced.pieces[0].data, [1] * 8 + [0] * 2)
    assert [overlap.conflicting for overlap in spliced.overlaps] == [True, True]


def test_nan_equals_nan() -> None:
    data = np.array([1.0, np.nan, 3.0])
    assert not splice([Piece(0, 1.0, data), Piece(0, 1.0, data.copy())]).overlaps[0].conflicting


def test_other_rate_begins_a_new_piece() -> None:
    slow = Piece(NANOSECONDS, 5.0, np.arange(10))
    spliced = splice([piece(0, 15), slow])
    assert [(found.sampling_rate, len(found.data)) for found in spliced.pieces] == [(10.0, 15), (5.0, 7)]


def test_rounded_rates_do_not_drift() -> None:
    """Pieces whose true rate differs from the nominal one are joined until they are half a sample off."""
    pieces = [Piece(round(i * 100 * 1.0001 / 10 * NANOSECONDS), 10.0, np.arange(100)) for i in range(200)]
    spliced = splice(pieces)
    starts = {found.start for found in spliced.pieces}
    assert 1 < len(spliced.pieces) < 10
    assert starts <= {part.start for part in pieces}


def test_cut() -> None:
    found = piece(0, 100).cut(NANOSECONDS, 2 * NANOSECONDS)
    assert found is not None
    np.testing.assert_array_equal(found.data, np.arange(10, 21))
    assert found.start == NANOSECONDS
    assert piece(0, 5).cut(NANOSECONDS, 2 * NANOSECONDS) is None
    assert piece(0, 100).cut(NANOSECONDS + 1_000_000, NANOSECONDS + 2_000_000) is None


def noise(rate: float, first: float, seconds: float, seed: int = 0, quality: str = "") -> Piece:
    data = np.random.default_rng(seed).integers(-99, 99, round(seconds * rate))
    return Piece(round(first * NANOSECONDS), rate, data, (seed,), quality)


def test_the_faster_of_two_rates_is_kept_whichever_begins_first() -> None:
    fast, slow = noise(100.0, 0, 60), noise(1.0, -5, 70)
    spliced = splice([slow, fast])
    assert [(piece.sampling_rate, len(piece.data)) for piece in spliced.pieces] == [(1.0, 5), (100.0, 6000), (1.0, 5)]
    assert spliced.pieces[1] is fast
    (overlap,) = spliced.overlaps
    assert (overlap.conflicting, overlap.kept) == (True, "those at 100 Hz, not those at 1 Hz,")


def test_a_faster_stream_that_records_nothing_gives_way() -> None:
    dead, slow = Piece(0, 200.0, np.full(2000, 7)), noise(100.0, 2, 6)
    spliced = splice([dead, slow])
    assert [piece.sampling_rate for piece in spliced.pieces] == [200.0, 100.0, 200.0]
    assert spliced.overlaps[0].kept == "those that are not constant"


@pytest.mark.parametrize(("better", "worse"), [("M", "D"), ("Q", "D"), ("D", "R"), ("Q", "R"), ("M", "")])
@pytest.mark.parametrize("swapped", [False, True])
def test_the_corrected_copy_is_kept(better: str, worse: str, swapped: bool) -> None:
    """Also if the copy begins later and ends before; the rest comes from the other, without a seam."""
    raw, corrected = noise(100.0, 0, 60, 1, worse), noise(100.0, 20, 10, 2, better)
    spliced = splice([corrected, raw] if swapped else [raw, corrected])
    (whole,) = spliced.pieces
    expected = raw.data.copy()
    expected[2000:3000] = corrected.data
    np.testing.assert_array_equal(whole.data, expected)
    assert spliced.overlaps[0].conflicting
    assert f"quality {better}, not those of quality {worse or 'unstated'}" in spliced.overlaps[0].kept


def test_copies_that_agree_are_no_conflict() -> None:
    raw = noise(100.0, 0, 60, 1, "D")
    copy = Piece(raw.start, raw.sampling_rate, raw.data.copy(), (9,), "Q")
    spliced = splice([raw, copy])
    assert [len(piece.data) for piece in spliced.pieces] == [6000]
    assert not any(overlap.conflicting for overlap in spliced.overlaps)


def test_qualities_that_follow_each_other_are_joined() -> None:
    first, second = noise(100.0, 0, 5, 1, "D"), noise(100.0, 5, 5, 2, "Q")
    (whole,) = splice([second, first]).pieces
    assert len(whole.data) == 1000
    assert whole.end == sample_time(0, 100.0, 999)
