"""Kinds of records, by which a report says where a picker is weak."""

from collections.abc import Iterator, Sequence

from quakeview.training.reports.readings import ReadRecord
from quakeview.training.reports.stretches import Quantity, between, by_source


def kinds_of_records(records: Sequence[ReadRecord], phase: str) -> Iterator[tuple[str, list[ReadRecord]]]:
    """Yield the name and the records of each kind that has any.

    By S−P, distance, magnitude, signal to noise of the phase, sampling rate and source.
    """
    quantities: list[Quantity[ReadRecord]] = [
        ("S−P", " s", lambda record: record.s_minus_p, (3, 6, 12)),
        ("distance", " km", lambda record: record.distance / 1000, (50, 150, 300)),
        ("magnitude", "", lambda record: record.magnitude, (2, 3, 4)),
        ("signal to noise", " dB", lambda record: record.phases[phase].snr, (6, 12, 20)),
        ("recorded at", " Hz", lambda record: record.sampling_rate, (50, 100, 200)),
    ]
    for quantity in quantities:
        yield from between(records, *quantity)
    yield from by_source(records, lambda record: record.source)
