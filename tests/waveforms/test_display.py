import numpy as np
import pytest
from obspy import Stream

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.display import (
    UNFILTERED,
    load_display_record,
    load_display_records,
    refilter,
)
from quakeview.waveforms.filters import Filter
from tests.waveforms.records import MSEED, START, Z, counts, trace

BAND = Filter(low=1.0, high=10.0)


def archive_of(*traces: object) -> Archive:
    archive = Archive()
    archive.add_stream(Stream(list(traces)), "memory")
    return archive


def test_a_real_record_with_gaps() -> None:
    archive = Archive()
    archive.add([MSEED / "gaps.mseed"])
    (channel,) = archive.channels
    record = load_display_record(archive, channel)
    stream = archive.read(channel)
    assert record.start == stream[0].stats.starttime
    assert abs(record.end - stream[-1].stats.endtime) < 0.5 / record.sampling_rate
    assert np.isfinite(record.data).sum() == sum(len(part) for part in stream)
    for part in stream:
        first = round((part.stats.starttime - record.start) * record.sampling_rate)
        np.testing.assert_allclose(record.data[first : first + len(part)], part.data, rtol=1e-6)
    assert record.pyramid.data is record.data


def test_filtered_record_keeps_its_raw_samples() -> None:
    archive = archive_of(trace(counts(20_000)))
    raw = load_display_record(archive, Z)
    assert raw.filter == UNFILTERED
    assert raw.raw is raw.data
    filtered = load_display_record(archive, Z, BAND)
    np.testing.assert_array_equal(filtered.data, BAND.apply(raw.data, 100.0))
    assert filtered.raw is not None
    np.testing.assert_array_equal(filtered.raw, raw.data)
    assert filtered.nbytes > raw.nbytes


def test_another_filter() -> None:
    archive = archive_of(trace(counts(20_000)))
    record = load_display_record(archive, Z, BAND)
    other = Filter(high=5.0)
    wanted = load_display_record(archive, Z, other).data
    np.testing.assert_array_equal(refilter(record, other).data, wanted)
    back = refilter(record, UNFILTERED)
    np.testing.assert_array_equal(back.data, counts(20_000).astype(np.float32))
    light = load_display_record(archive, Z, BAND, keep_raw=False)
    assert light.raw is None
    np.testing.assert_array_equal(refilter(light, other, archive=archive).data, wanted)
    with pytest.raises(ValueError, match="archive"):
        refilter(light, other)


def test_a_change_of_filter_takes_the_memory_of_records_let_go_and_of_no_others() -> None:
    n = 600_000
    raw = load_display_record(archive_of(trace(counts(n))), Z)
    on_screen = refilter(raw, BAND)
    drawn = on_screen.data[1000:2000]
    before = drawn.copy()
    addresses = set()
    for low in (1.0, 2.0, 3.0, 4.0):
        record = refilter(raw, Filter(low=low))
        addresses.add(record.data.__array_interface__["data"][0])
        del record
    assert len(addresses) == 1
    del on_screen
    refilter(raw, Filter(low=5.0))
    np.testing.assert_array_equal(drawn, before)
    np.testing.assert_array_equal(raw.data, counts(n))


def test_records_on_another_grid_are_interpolated() -> None:
    """After the gap the samples lie between those of the grid; the tone goes on in phase."""

    def tone(start: float, n: int, rate: float) -> np.ndarray:
        return np.sin(2 * np.pi * 3 * (start + np.arange(n) / rate))

    archive = archive_of(
        trace(tone(0, 5000, 100.0)),
        trace(tone(60.0037, 1000, 100.0), start=START + 60.0037),
        trace(tone(80.0, 500, 50.0), start=START + 80, sampling_rate=50.0),
    )
    record = load_display_record(archive, Z)
    assert record.sampling_rate == 100.0
    wanted = tone(0, len(record.data), 100.0)
    for first, last in ((0, 5000), (6030, 6970), (8030, 8970)):
        np.testing.assert_allclose(record.data[first:last], wanted[first:last], atol=5e-3)
    assert np.isnan(record.data[5000:6000]).all()


def test_long_gaps_separate_records() -> None:
    a_year = 365 * 86400
    archive = archive_of(
        trace(counts(1000)), trace(counts(1000), start=START + 600), trace(counts(500), start=START + a_year)
    )
    records = load_display_records(archive, Z)
    assert [record.start for record in records] == [START, START + a_year]
    assert [len(record.data) for record in records] == [61_000, 500]
    with pytest.raises(QuakeViewError, match=r"0.00694 hours of records spread over 365 days"):
        load_display_record(archive, Z)


def test_window() -> None:
    record = load_display_record(archive_of(trace(counts(10_000))), Z, start=START + 10, end=START + 20)
    assert record.start == START + 10
    np.testing.assert_array_equal(record.data, counts(10_000)[1000:2001])


def test_nothing_to_read() -> None:
    with pytest.raises(QuakeViewError, match="Nothing of"):
        load_display_record(Archive(), Z)
    assert load_display_records(Archive(), Z) == []


def test_filter_that_does_not_fit() -> None:
    with pytest.raises(QuakeViewError, match="half the sampling rate"):
        load_display_record(archive_of(trace(counts(100), sampling_rate=10.0)), Z, BAND)


def test_cancel() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        load_display_record(archive_of(trace(counts(100))), Z, progress=progress)
