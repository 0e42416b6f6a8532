"""Files as recorders, converters and archives write them: what can be read is read, what cannot is named."""

import gzip
import re
import struct
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime
from obspy.io.sac import SACTrace
from pymseed import MS3Record

from quakeview.waveforms import deadline, unpacking
from quakeview.waveforms.archive import Archive
from tests.waveforms.records import OBSPY, START, E, N, Z, counts, trace, write

RECORD = 512


def sentences(archive: Archive) -> list[str]:
    return [problem.sentence for problem in archive.problems]


def packed(data: np.ndarray, channel: object = Z, reclen: int = RECORD, start: UTCDateTime = START) -> bytearray:
    content = BytesIO()
    Stream([trace(data, channel, start)]).write(content, format="MSEED", reclen=reclen)  # type: ignore[arg-type]
    return bytearray(content.getvalue())


def archive_of(path: Path, content: bytes) -> Archive:
    path.write_bytes(content)
    archive = Archive()
    archive.add([path])
    return archive


@pytest.mark.parametrize("year", [2500, 1980, 1850, 0, 60_000])
@pytest.mark.parametrize("record", [0, 7, -1])
def test_a_record_of_another_year_is_left_out(tmp_path: Path, year: int, record: int) -> None:
    data = counts(20_000)
    content = packed(data)
    n = len(content) // RECORD
    at = record % n * RECORD
    content[at + 20 : at + 22] = struct.pack(">H", year)
    archive = archive_of(tmp_path / "a", content)
    samples = np.concatenate([part.data for part in archive.read(Z)])
    assert 20_000 - 800 < len(samples) < 20_000
    assert np.isin(samples, data).all()
    assert archive.span is not None
    assert archive.span[1] - archive.span[0] <= 200
    assert sentences(archive) == [f"a: 1 record is left out because the date cannot be right (year {year})."]


def test_a_day_of_the_year_that_does_not_exist(tmp_path: Path) -> None:
    content = packed(counts(20_000))
    content[7 * RECORD + 22 : 7 * RECORD + 24] = struct.pack(">H", 500)
    archive = archive_of(tmp_path / "a", content)
    assert len(archive.read(Z)) == 2
    assert "1 record is left out" in sentences(archive)[0]


def test_events_of_many_years_in_one_file_stay(tmp_path: Path) -> None:
    content = b"".join(packed(counts(2000), start=UTCDateTime(2000 + year, 5, 1)) for year in range(10))
    archive = archive_of(tmp_path / "a", content)
    assert len(archive.read(Z)) == 10
    assert sentences(archive) == []


@pytest.mark.parametrize("order", [(512, 4096, 4096), (4096, 512, 256), (256, 512, 4096)])
def test_records_of_several_lengths_one_of_them_damaged(tmp_path: Path, order: tuple[int, ...]) -> None:
    data = [counts(20_000, seed) for seed in range(3)]
    parts = [packed(samples, channel, length) for samples, channel, length in zip(data, (Z, N, E), order, strict=True)]
    length = order[1]
    parts[1][length + 64 : 2 * length] = bytes(np.random.default_rng(1).integers(0, 255, length - 64, dtype=np.uint8))
    archive = archive_of(tmp_path / "a", b"".join(parts))
    for channel, samples in ((Z, data[0]), (E, data[2])):
        np.testing.assert_array_equal(archive.read(channel)[0].data, samples)
    before, after = archive.read(N)
    np.testing.assert_array_equal(before.data, data[1][: len(before)])
    np.testing.assert_array_equal(after.data, data[1][-len(after) :])
    assert sentences(archive) == ["a is damaged: 1 record is a gap because decoding fails; the rest is open."]


@pytest.mark.parametrize("before", [b"HTTP/1.1 200 OK\r\n\r\n", bytes(100), b"x" * 5000])
def test_bytes_before_the_first_record(tmp_path: Path, before: bytes) -> None:
    data = counts(5000)
    archive = archive_of(tmp_path / "a", before + packed(data))
    np.testing.assert_array_equal(archive.read(Z)[0].data, data)
    assert len(sentences(archive)) == bool(before.strip(b"\0")) * 1


def test_a_damaged_header_costs_its_record(tmp_path: Path) -> None:
    content = packed(counts(20_000))
    content[5 * RECORD : 5 * RECORD + 48] = bytes(range(100, 148))
    archive = archive_of(tmp_path / "a", content)
    assert archive.channels == (Z,)
    assert len(archive.read(Z)) == 2
    assert sentences(archive) == ["a is damaged: a part of it is no MiniSEED; what is readable is open."]


def test_a_header_that_promises_too_many_samples(tmp_path: Path) -> None:
    content = packed(counts(20_000))
    content[5 * RECORD + 30 : 5 * RECORD + 32] = struct.pack(">H", 65_000)
    archive = archive_of(tmp_path / "a", content)
    assert len(archive.read(Z)) == 2
    assert "promises more samples than a record can hold" in sentences(archive)[0]


@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_both_byte_orders(tmp_path: Path, byteorder: str) -> None:
    path, data = tmp_path / "a", counts(5000)
    Stream([trace(data, sampling_rate=31.25, start=UTCDateTime(2024, 1, 1, 0, 0, 0, 123_456))]).write(
        str(path), format="MSEED", byteorder=byteorder
    )
    archive = Archive()
    assert archive.add([path]) == []
    (found,) = archive.read(Z)
    np.testing.assert_array_equal(found.data, data)
    assert (found.stats.starttime, found.stats.sampling_rate) == (UTCDateTime(2024, 1, 1, 0, 0, 0, 123_456), 31.25)


def test_full_seed(tmp_path: Path) -> None:
    data = counts(5000)
    volume = b"000001V 010009502.4122024,060,23:00:00.0000~2024,061~2024,062~ORG~LABEL~".ljust(4096)
    stations = b"000003S 0500060ABC".ljust(4096)
    archive = archive_of(tmp_path / "full.seed", volume + stations + packed(data, reclen=4096))
    np.testing.assert_array_equal(archive.read(Z)[0].data, data)
    assert sentences(archive) == []


def miniseed3(data: np.ndarray, start: UTCDateTime = START, per_record: int = 1000) -> bytes:
    content = b""
    for begin in range(0, len(data), per_record):
        record = MS3Record(reclen=8192)
        record.formatversion, record.sourceid, record.samprate = 3, "FDSN:XX_STA_00_H_H_Z", 100.0
        record.set_starttime_str(str(start + begin / 100))
        for packed_record in record.generate(data_samples=data[begin : begin + per_record], sample_type="i"):
            content += bytes(packed_record)
    return content


def test_miniseed_3(tmp_path: Path) -> None:
    data = counts(5000)
    archive = archive_of(tmp_path / "a.mseed3", miniseed3(data))
    (found,) = archive.read(Z)
    np.testing.assert_array_equal(found.data, data)
    assert found.stats.starttime == START
    assert sentences(archive) == []


def test_one_damaged_record_of_miniseed_3(tmp_path: Path) -> None:
    data = counts(5000)
    content = bytearray(miniseed3(data))
    second = content.index(b"MS\x03", 10)
    content[second + 200] ^= 0xFF
    archive = archive_of(tmp_path / "a.mseed3", content)
    assert [len(part) for part in archive.read(Z)] == [1000, 3000]
    assert sentences(archive) == ["a.mseed3 is damaged: 1 record cannot be read; the rest is open."]


def _bcd(number: int) -> int:
    return number // 10 << 4 | number % 10


def win(seconds: list[int], data: np.ndarray, size: int = 4) -> bytes:
    """Blocks of one second each; 100 samples of one channel."""
    content = b""
    for second in seconds:
        time = START + second
        samples = data[second * 100 : second * 100 + 100].astype(np.int64)
        body = bytes(map(_bcd, (time.year % 100, time.month, time.day, time.hour, time.minute, time.second)))
        body += struct.pack(">HBBi", 0x2001, size << 4, 100, samples[0])
        steps = np.diff(samples)
        if size == 3:
            body += b"".join(int(step).to_bytes(3, "big", signed=True) for step in steps)
        else:
            body += steps.astype(f">i{size}").tobytes()
        content += struct.pack(">I", len(body) + 4) + body
    return content


@pytest.mark.parametrize("size", [2, 3, 4])
def test_missing_seconds_of_win_are_a_gap(tmp_path: Path, size: int) -> None:
    data = counts(6000)
    archive = archive_of(tmp_path / "24022923.win", win([*range(20), *range(35, 60)], data, size))
    (channel,) = archive.channels
    before, after = archive.read(channel)
    np.testing.assert_array_equal(before.data, data[:2000])
    np.testing.assert_array_equal(after.data, data[3500:])
    assert after.stats.starttime == START + 35


def test_win_that_breaks_off(tmp_path: Path) -> None:
    data = counts(6000)
    archive = archive_of(tmp_path / "24022923.win", win(list(range(60)), data)[:-1000])
    assert sum(len(part) for part in archive.read(archive.channels[0])) > 5000
    assert "damaged" in sentences(archive)[0]


def test_gse2_with_a_wrong_checksum_opens_with_a_remark(tmp_path: Path) -> None:
    path, data = tmp_path / "a.gse", counts(2000)
    trace(data).write(str(path), format="GSE2")
    content = re.sub(rb"CHK2 +(-?\d+)", lambda match: b"CHK2 %8d" % (int(match[1]) // 2 + 7), path.read_bytes())
    archive = archive_of(path, content)
    np.testing.assert_array_equal(archive.read(archive.channels[0])[0].data, data)
    assert sentences(archive) == ["a.gse: the checksum is wrong; check the samples before you use them."]


def sac(path: Path, **header: object) -> bytearray:
    SACTrace(
        delta=0.01, data=counts(500).astype(np.float32), kstnm="ABC", knetwk="XX", kcmpnm="HHZ", b=0.0, **header
    ).write(str(path))
    return bytearray(path.read_bytes())


def test_sac_without_a_date(tmp_path: Path) -> None:
    content = sac(tmp_path / "a.sac")
    content[280:304] = np.full(6, -12345, np.int32).tobytes()
    archive = archive_of(tmp_path / "a.sac", content)
    assert archive.channels
    assert sentences(archive) == ["a.sac has no date; its times are counted from 1970-01-01."]


def test_sac_with_a_two_digit_year(tmp_path: Path) -> None:
    content = sac(tmp_path / "a.sac", nzyear=1999, nzjday=122, nzhour=0, nzmin=0, nzsec=0, nzmsec=0)
    content[280:284] = np.int32(99).tobytes()
    archive = archive_of(tmp_path / "a.sac", content)
    assert archive.span is not None
    assert archive.span[0].year == 1999


@pytest.mark.parametrize(
    ("word", "value", "sentence"), [(85, 3, "spectrum"), (85, 2, "spectrum"), (105, 0, "unevenly")]
)
def test_sac_that_is_no_seismogram(tmp_path: Path, word: int, value: int, sentence: str) -> None:
    content = sac(tmp_path / "a.sac")
    content[4 * word : 4 * word + 4] = np.int32(value).tobytes()
    archive = archive_of(tmp_path / "a.sac", content + bytes(2000))
    assert archive.channels == ()
    assert sentence in sentences(archive)[0]


@pytest.mark.parametrize("place", [31, 32, 35, 36])
def test_sac_with_coordinates_on_no_globe_opens_at_once(tmp_path: Path, place: int) -> None:
    content = sac(tmp_path / "a.sac", stla=47.0, stlo=12.0, evla=47.1, evlo=12.1)
    content[4 * place : 4 * place + 4] = np.float32(1e30).tobytes()
    archive = archive_of(tmp_path / "a.sac", content)
    np.testing.assert_array_equal(archive.read(archive.channels[0])[0].data, counts(500).astype(np.float32))


def test_a_sampling_rate_that_cannot_be_right(tmp_path: Path) -> None:
    archive = Archive()
    archive.add([write(tmp_path / "a", trace(counts(500), sampling_rate=1e9))])
    assert archive.channels == ()
    assert sentences(archive) == ["a is damaged: a sampling rate of 1e+09 Hz cannot be right, and is left out."]


def test_a_whole_file_of_the_future(tmp_path: Path) -> None:
    trace(counts(500).astype(np.float32), start=UTCDateTime(2500, 1, 1)).write(str(tmp_path / "a.sac"), format="SAC")
    write(tmp_path / "good", trace(counts(100)))
    archive = Archive()
    archive.add([tmp_path])
    assert archive.channels == (Z,)
    assert sentences(archive) == ["a.sac is left out because its date cannot be right (year 2500)."]


def test_segy_without_a_date(tmp_path: Path) -> None:
    traces = [Trace(np.ones(50, np.float32), {"sampling_rate": 500.0}) for _ in range(3)]
    with pytest.warns(UserWarning, match="CREATING TRACE HEADER"):
        Stream(traces).write(str(tmp_path / "a.sgy"), format="SEGY", data_encoding=5)
    archive = Archive()
    archive.add([tmp_path])
    assert len(archive.channels) == 3
    assert sentences(archive) == ["a.sgy has no date; its times are counted from 1970-01-01."]


def test_a_packed_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed(counts(20_000))
    monkeypatch.setattr(unpacking, "_MAX_UNPACKED_BYTES", 30 * RECORD)
    archive = archive_of(tmp_path / "a.gz", gzip.compress(bytes(content)))
    assert archive.channels == ()
    assert "unpack it to open it" in sentences(archive)[0]


def test_a_packed_file_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    content = gzip.compress(bytes(packed(counts(200_000))))
    archive = archive_of(tmp_path / "a.gz", content[: len(content) // 2])
    assert archive.channels == (Z,)
    assert "cannot be unpacked to its end" in " ".join(sentences(archive))


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_one_bad_file_in_an_archive_costs_itself(tmp_path: Path, kind: str) -> None:
    members = {
        "notes.txt": b"These are not waveforms.",
        "a": bytes(packed(counts(100))),
        "b": bytes(packed(counts(100), N)),
    }
    path = tmp_path / f"all.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive_file:
            for name, content in members.items():
                archive_file.writestr(name, content)
    else:
        with tarfile.open(path, "w") as archive_file:
            for name, content in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive_file.addfile(info, BytesIO(content))
    archive = Archive()
    archive.add([path])
    assert archive.channels == (N, Z)
    assert sentences(archive) == [f"all.{kind}/notes.txt is not a waveform file that QuakeView knows how to read."]
    assert len(archive.read(N)[0]) == 100


def test_gse2_with_a_line_that_would_overrun_the_buffer_of_obspys_reader(tmp_path: Path) -> None:
    path, data = tmp_path / "a.gse", counts(2000)
    trace(data).write(str(path), format="GSE2")
    content = path.read_bytes()
    begin, end = content.index(b"DAT2\n") + 5, content.index(b"CHK2 ")
    archive = archive_of(path, content[:begin] + content[begin:end].replace(b"\n", b"") + b"\n" + content[end:])
    np.testing.assert_array_equal(archive.read(archive.channels[0])[0].data, data)
    assert sentences(archive) == []


def test_gse2_that_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "a.gse"
    trace(counts(2000)).write(str(path), format="GSE2")
    archive = archive_of(path, path.read_bytes()[:-3000])
    assert archive.channels
    assert archive.pieces(archive.channels[0]) == []
    assert sentences(archive) == ["a.gse is damaged: 1 of its traces cannot be read; the rest is open."]


def test_a_file_that_leads_its_reader_in_circles_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "_SECONDS", 0.5)
    monkeypatch.setattr(deadline, "_BYTES_PER_SECOND", 10_000_000)
    content = bytearray((OBSPY / "io" / "dmx" / "tests" / "data" / "131114_090600.dmx").read_bytes())
    content += content[:2] + struct.pack("<hii", 1, -12 - len(content), 0)
    archive = archive_of(tmp_path / "a.dmx", content)
    assert archive.channels == ()
    assert sentences(archive) == ["a.dmx is damaged: reading it does not come to an end."]
