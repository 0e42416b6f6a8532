import pytest

from quakeview.texts import clock, counted, duration, file_size


@pytest.mark.parametrize(("number", "text"), [(0, "0 picks"), (1, "1 pick"), (2, "2 picks"), (12_345, "12,345 picks")])
def test_things_are_counted_in_the_singular_and_the_plural(number: int, text: str) -> None:
    assert counted(number, "pick") == text


def test_an_irregular_plural_and_a_verb_are_given() -> None:
    assert counted(2, "city", "cities") == "2 cities"
    assert [counted(number, "pick was", "picks were") for number in (1, 3)] == ["1 pick was", "3 picks were"]


def test_durations_times_and_sizes_are_short() -> None:
    assert [duration(seconds) for seconds in (0.25, 59.6, 3600, 90_000)] == [
        "0.25 s",
        "1 min 00 s",
        "1 h 00 min",
        "1 d 01 h",
    ]
    assert clock(3723.456) == "01:02:03.46"
    assert [file_size(size) for size in (12, 64_000, 1.4e9)] == ["12 bytes", "64 kB", "1.4 GB"]
