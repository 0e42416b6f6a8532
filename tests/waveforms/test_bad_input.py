"""Whatever is opened: one clear sentence, the rest stays open, nothing hangs, nothing runs."""

import gzip
import os
import pickle
import stat
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from obspy import Stream, read

from quakeview.waveforms import formats
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.assembly import describe_problems, three_component_blocks
from quakeview.waveforms.display import load_display_records
from quakeview.waveforms.formats import detect_format
from tests.waveforms.records import MSEED, OBSPY, START, E, N, Z, counts, trace, write

TEST_DATA = sorted(path for path in OBSPY.rglob("*") if "tests" in path.parts and "data" in path.parts)
_SENTENCE_LENGTH = 400


def test_every_file_of_obspys_test_data(capfd: pytest.CaptureFixture[str]) -> None:
    """All formats that ObsPy reads open; each other file is reported in exactly one sentence."""
    opened = refused = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in TEST_DATA:
            if not path.is_file():
                continue
            archive = Archive()
            problems = archive.add([path])
            for channel in archive.channels:
                archive.read(channel)
            opened += bool(archive.channels)
            refused += not archive.channels
            assert archive.channels or len(problems) == 1, path
            for problem in archive.problems:
                assert problem.sentence.endswith("."), problem
                assert problem.sentence.startswith(path.name), problem
                assert "\n" not in problem.sentence
                assert len(problem.sentence) < _SENTENCE_LENGTH, problem
    assert opened > 200
    assert refused > 600
    assert capfd.readouterr() == ("", "")


def test_the_rest_of_the_files_stays_open(tmp_path: Path) -> None:
    write(tmp_path / "good", trace(counts(100)))
    (tmp_path / "notes.txt").write_text("These are not waveforms.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "empty").touch()
    archive = Archive()
    problems = archive.add([tmp_path, tmp_path / "nowhere"])
    assert {problem.path.name: problem.sentence for problem in problems} == {
        "notes.txt": "notes.txt is not a waveform file that QuakeView knows how to read.",
        "picture.png": "picture.png is not a waveform file that QuakeView knows how to read.",
        "empty": "empty is empty.",
        "nowhere": f"There is no file or folder {tmp_path / 'nowhere'}.",
    }
    assert archive.channels == (Z,)
    assert set(archive.problems) == set(problems)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("<?xml version='1.0'?><FDSNStationXML schemaVersion='1.1'></FDSNStationXML>", "station metadata (StationXML)"),
        ("<?xml version='1.0'?><q:quakeml xmlns:q='http://quakeml.org'></q:quakeml>", "events or picks (QuakeML)"),
        ("network,station,location,channel,phase,time\nXX,ABC,,HHZ,P,2024-05-01\n", "a table of picks"),
        ("station_id,begin_time,phase_index,phase_time,phase_score,phase_type\n", "a table of picks"),
        ("ABC ? HHZ ? P ? 20240501 0000 12.5 GAU 2e-2 -1 -1 -1\n", "picks (NonLinLoc)"),
        ("000001V 010009502.4122024,122~~~ORG~LABEL~".ljust(4096), "station metadata (dataless SEED)"),
    ],
)
def test_what_lies_beside_waveforms_is_named(tmp_path: Path, content: str, what: str) -> None:
    write(tmp_path / "good", trace(counts(100)))
    (tmp_path / "beside").write_text(content)
    archive = Archive()
    (problem,) = archive.add([tmp_path])
    assert problem.sentence == f"beside holds {what}, no waveforms, and was passed over."
    assert archive.channels == (Z,)


def test_pickles_are_refused_and_not_run(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    stream = read()
    stream[0].stats.trap = Trap()
    with (tmp_path / "stream.pkl").open("wb") as file:
        pickle.dump(stream, file)
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as packed:
        packed.write(tmp_path / "stream.pkl", "stream.pkl")
    archive = Archive()
    problems = archive.add([tmp_path])
    assert len(problems) == 2
    assert all("pickle" in problem.sentence for problem in problems)
    assert not (tmp_path / "sprung").exists()
    assert detect_format(tmp_path / "stream.pkl") is None


def test_truncated_miniseed_opens_as_far_as_it_goes(tmp_path: Path) -> None:
    data = counts(20_000)
    whole = write(tmp_path / "whole", trace(data)).read_bytes()
    (tmp_path / "whole").unlink()
    path = tmp_path / "truncated.mseed"
    path.write_bytes(whole[: len(whole) // 2 // 512 * 512 + 100])
    archive = Archive()
    (problem,) = archive.add([path])
    assert problem.sentence == (
        "truncated.mseed is truncated: its last record is incomplete; everything before it is open."
    )
    (found,) = archive.read(Z)
    assert 5_000 < len(found) < 15_000
    np.testing.assert_array_equal(found.data, data[: len(found)])
    assert archive.problems == (problem,)


def test_of_a_file_with_a_damaged_record_only_this_record_is_lost(tmp_path: Path) -> None:
    data = counts(20_000)
    content = bytearray(write(tmp_path / "a", trace(data)).read_bytes())
    content[5 * 512 + 100 : 5 * 512 + 400] = bytes(np.random.default_rng(0).integers(0, 255, 300, dtype=np.uint8))
    (tmp_path / "a").write_bytes(content)
    archive = Archive()
    assert archive.add([tmp_path]) == []
    before, after = archive.read(Z)
    np.testing.assert_array_equal(before.data, data[: len(before)])
    np.testing.assert_array_equal(after.data, data[-len(after) :])
    assert len(before) + len(after) > 19_500
    assert [problem.sentence for problem in archive.problems] == [
        "a is damaged: 1 record is a gap because decoding fails; the rest is open."
    ]


def _fails_the_check(content: bytearray, record: int) -> None:
    """Overwrite the last sample that the Steim frames of a record promise."""
    content[record * 512 + 64 + 8 : record * 512 + 64 + 12] = np.int32(1_000_000).byteswap().tobytes()


def test_a_record_that_fails_the_integrity_check_is_a_gap(tmp_path: Path) -> None:
    data = counts(20_000)
    content = bytearray(write(tmp_path / "a", trace(data)).read_bytes())
    _fails_the_check(content, 5)
    (tmp_path / "a").write_bytes(content)
    archive = Archive()
    archive.add([tmp_path])
    before, after = archive.read(Z)
    np.testing.assert_array_equal(before.data, data[: len(before)])
    np.testing.assert_array_equal(after.data, data[-len(after) :])
    assert 19_500 < len(before) + len(after) < 20_000
    assert archive.problems[0].sentence == "a is damaged: 1 record fails the integrity check of the compression."


def test_a_recorder_that_writes_the_check_wrongly_is_read_all_the_same(tmp_path: Path) -> None:
    data = counts(20_000)
    content = bytearray(write(tmp_path / "a", trace(data)).read_bytes())
    for record in range(len(content) // 512):
        _fails_the_check(content, record)
    (tmp_path / "a").write_bytes(content)
    archive = Archive()
    archive.add([tmp_path])
    np.testing.assert_array_equal(archive.read(Z)[0].data, data)
    assert "integrity check" in archive.problems[0].sentence


def test_noise_between_records_is_skipped_and_reported(tmp_path: Path) -> None:
    first = write(tmp_path / "1", trace(counts(1000))).read_bytes()
    second = write(tmp_path / "2", trace(counts(1000), start=START + 100)).read_bytes()
    path = tmp_path / "3"
    path.write_bytes(first + b"?" * 512 + second)
    archive = Archive()
    (problem,) = archive.add([path])
    assert "damaged" in problem.sentence
    assert len(archive.segments(Z)) == 2


def test_header_that_promises_more_than_the_file_has(tmp_path: Path) -> None:
    path = tmp_path / "huge.sac"
    trace(counts(100).astype(np.float32)).write(str(path), format="SAC")
    content = bytearray(path.read_bytes())
    content[79 * 4 : 80 * 4] = np.int32(2_000_000_000).tobytes()
    path.write_bytes(content)
    archive = Archive()
    (problem,) = archive.add([path])
    assert problem.sentence.startswith("huge.sac")
    assert archive.channels == ()


def test_headers_whose_samples_are_in_another_file_may_be_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "_MAX_SAMPLES_PER_BYTE", 1e-6)
    archive = Archive()
    assert archive.add([OBSPY / "io" / "css" / "tests" / "data" / "test_css.wfdisc"]) == []
    assert archive.read(archive.channels[0])[0].stats.npts > 0
    (problem,) = archive.add([OBSPY / "io" / "sac" / "tests" / "data" / "test.sac"])
    assert "more samples than the file can hold" in problem.sentence


def test_files_without_samples(tmp_path: Path) -> None:
    log = trace(np.frombuffer(b"clock locked, all is well", dtype="|S1"))
    write(tmp_path / "log.mseed", log)
    archive = Archive()
    (problem,) = archive.add([tmp_path])
    assert problem.sentence == "log.mseed holds no samples."
    archive.add_stream(Stream([trace(np.empty(0)), trace(counts(5), N)]), "memory")
    assert archive.channels == (N,)


@pytest.mark.parametrize("rate", [1.0, 1000.0])
def test_extreme_sampling_rates(tmp_path: Path, rate: float) -> None:
    archive = Archive()
    archive.add([write(tmp_path / "a", trace(counts(5000), sampling_rate=rate))])
    (record,) = load_display_records(archive, Z)
    assert record.sampling_rate == rate
    assert len(record.data) == 5000


def test_one_sample(tmp_path: Path) -> None:
    archive = Archive()
    archive.add([write(tmp_path / "a", trace(counts(1)))])
    (record,) = load_display_records(archive, Z)
    assert len(record.data) == 1
    assert record.end == record.start == START
    (station,) = archive.stations
    (block,) = three_component_blocks(archive, station, 50.0)
    assert block.data.shape == (3, 1)


def test_samples_that_are_no_numbers(tmp_path: Path) -> None:
    data = counts(1000).astype(np.float32)
    data[100:150] = np.nan
    data[700] = np.inf
    archive = Archive()
    archive.add([write(tmp_path / "a", trace(data))])
    (station,) = archive.stations
    (block,) = three_component_blocks(archive, station, 100.0)
    np.testing.assert_array_equal(block.valid[0], np.isfinite(data))
    assert "HHZ has 51 samples without a finite value; they count as gaps." in describe_problems(archive, station)


def test_what_is_neither_file_nor_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    archive = Archive()
    (problem,) = archive.add([tmp_path / "pipe"])
    assert "neither a file nor a folder" in problem.sentence


def test_empty_folder(tmp_path: Path) -> None:
    (problem,) = Archive().add([tmp_path])
    assert problem.sentence == f"There are no files in {tmp_path}."


def test_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the tests run as a user who may read everything."""
    write(tmp_path / "open" / "good", trace(counts(10)))
    write(tmp_path / "open" / "secret", trace(counts(10), N))
    write(tmp_path / "closed" / "hidden", trace(counts(10), E))
    (tmp_path / "open" / "secret").chmod(0)
    (tmp_path / "closed").chmod(0)
    original_open, original_scandir = Path.open, os.scandir

    def refusing_open(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == "secret":
            raise PermissionError(13, "Permission denied", str(path))
        return original_open(path, *args, **kwargs)  # type: ignore[call-overload]

    def refusing_scandir(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return original_scandir(path)

    monkeypatch.setattr(Path, "open", refusing_open)
    monkeypatch.setattr(os, "scandir", refusing_scandir)
    try:
        archive = Archive()
        problems = archive.add([tmp_path])
    finally:
        (tmp_path / "closed").chmod(stat.S_IRWXU)
    assert {problem.path.name for problem in problems} == {"secret", "closed"}
    assert all("no permission" in problem.sentence for problem in problems)
    assert archive.channels == (Z,)


def test_compressed_files_open(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain" / "a", trace(counts(100)))
    with gzip.open(tmp_path / "b.gz", "wb") as packed:
        packed.write(plain.read_bytes())
    plain.unlink()
    archive = Archive()
    assert archive.add([tmp_path / "b.gz"]) == []
    np.testing.assert_array_equal(archive.read(Z)[0].data, counts(100))


def test_damaged_gzip(tmp_path: Path) -> None:
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08" + b"nonsense" * 10)
    (problem,) = Archive().add([tmp_path])
    assert problem.sentence.startswith("broken.gz cannot be read")


def test_file_that_vanishes_after_it_was_indexed(tmp_path: Path) -> None:
    path = write(tmp_path / "a", trace(counts(100)))
    write(tmp_path / "b", trace(counts(100), start=START + 10))
    archive = Archive()
    archive.add([tmp_path])
    path.unlink()
    (rest,) = archive.read(Z)
    assert rest.stats.starttime == START + 10
    assert [problem.path for problem in archive.problems] == [path]


def test_a_real_file_with_one_byte_too_many() -> None:
    archive = Archive()
    (problem,) = archive.add([MSEED / "corrupt_one_extra_byte_at_end.mseed"])
    assert "truncated" in problem.sentence
    assert archive.channels
