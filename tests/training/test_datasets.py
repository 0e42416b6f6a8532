"""Every layout gives the same record, and no event is ever on both sides of a split."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Polarity
from quakeview.training.datasets import open_continuous, open_diting, open_noise, open_seisbench, open_stead
from quakeview.training.record_config import SourceConfig
from quakeview.training.records import LabelledRecord, folds_by_group, resampled, split_by_group
from quakeview.training.sources import open_records
from tests.shared import SHARED, needs_shared
from tests.training.waveform_files import P_SECONDS, S_SECONDS, earthquake, write_seisbench, write_table


def check_earthquake(record: LabelledRecord, rate: float = 50.0) -> None:
    """P largest on Z and S on N, where the labels say."""
    assert record.sampling_rate == rate
    assert record.data.dtype == np.float32
    p, s = record.first("P"), record.first("S")
    assert p == pytest.approx(P_SECONDS * rate)
    assert s == pytest.approx(S_SECONDS * rate)
    assert np.abs(record.data[:, : int(p) - 5]).max() < 0.4
    after_p, after_s = (np.abs(record.data[:, int(at) : int(at) + int(rate)]).max(axis=1) for at in (p, s))
    assert after_p.argmax() == 0
    assert after_s.argmax() == 1


def test_seisbench_records_at_another_rate(tmp_path: Path) -> None:
    records = open_seisbench(write_seisbench(tmp_path), 50.0)
    assert len(records) == 12
    check_earthquake(records[2])
    record = records[2]
    assert (record.magnitude, record.epicentral_distance, record.back_azimuth) == (1.5, 10_000.0, 40.0)
    assert (record.polarity, record.event_id, record.station_id) == (Polarity.DOWN, "event1", "XX.S0")
    assert record.complete
    assert not records[3].complete
    assert records[3].first("S") is None


def test_seisbench_buckets_channel_first_or_last_and_chunks(tmp_path: Path) -> None:
    data = earthquake(np.random.default_rng(1), 50.0)
    (tmp_path / "chunks").write_text("_a\n_b\n")
    row = {
        "trace_sampling_rate_hz": 50,
        "trace_Pg_arrival_sample": P_SECONDS * 50,
        "trace_Sn_arrival_sample": S_SECONDS * 50,
    }
    with h5py.File(tmp_path / "waveforms_a.hdf5", "w") as file:
        bucket = np.zeros((2, 3, data.shape[1] + 40), np.float32)
        bucket[1, :, : data.shape[1]] = data[[2, 1, 0]]
        file["data/bucket0"] = bucket
        file["data_format/component_order"] = "ENZ"
        file["data_format/dimension_order"] = "NCW"
    write_table(tmp_path / "metadata_a.csv", [row | {"trace_name": f"bucket0$1,:3,:{data.shape[1]}"}])
    with h5py.File(tmp_path / "waveforms_b.hdf5", "w") as file:
        file["data/one"] = data.T
        file["data_format/dimension_order"] = "WC"
    write_table(tmp_path / "metadata_b.csv", [row | {"trace_name": "one"}])
    records = open_seisbench(tmp_path, 50.0)
    for record in records:
        check_earthquake(record)
        np.testing.assert_array_equal(record.data, data)


def test_horizontals_of_unknown_orientation_have_no_back_azimuth(tmp_path: Path) -> None:
    folder = write_seisbench(tmp_path)
    table = folder / "metadata.csv"
    table.write_text(table.read_text().replace("HHZ,HHN,HHE", "HHZ,HH1,HH2"))
    assert open_seisbench(folder, 50.0)[0].back_azimuth is None


def test_stead_native_files(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    names = ["A.B_1_EV", "A.B_2_NO"]
    with h5py.File(tmp_path / "w.hdf5", "w") as file:
        file[f"data/{names[0]}"] = earthquake(rng, 100.0)[[2, 1, 0]].T
        file[f"data/{names[1]}"] = rng.standard_normal((6000, 3))
    common = {"network_code": "A", "receiver_code": "B", "back_azimuth_deg": 10, "source_id": "e1"}
    quake = {"p_arrival_sample": 2000, "s_arrival_sample": 2600, "source_magnitude": 2, "source_distance_km": 30}
    rows = [
        {"trace_name": names[0], "trace_category": "earthquake_local", **common, **quake},
        {"trace_name": names[1], "trace_category": "noise", **common, **dict.fromkeys(quake, "")},
    ]
    write_table(tmp_path / "t.csv", rows)
    records = open_stead(tmp_path / "t.csv", tmp_path / "w.hdf5", 50.0)
    check_earthquake(records[0])
    assert records[0].epicentral_distance == 30_000
    assert (records[1].picks, records[1].complete, records[1].data.shape) == ((), True, (3, 3000))


def test_diting_native_files(tmp_path: Path) -> None:
    data = earthquake(np.random.default_rng(3), 50.0)
    with h5py.File(tmp_path / "DiTing330km_part_0.hdf5", "w") as file:
        file["earthquake/000012.0300"] = data.T
    row = {"part": 0, "key": "12.03", "ev_id": 5, "evmag": "2.0 ", "mag_type": "ms", "p_pick": 1000, "s_pick": 1300}
    row |= {"net": "GD", "sta_id": 7, "dis": 12.5, "baz": "370", "p_motion": "C"}
    write_table(tmp_path / "DiTing330km_part_0.csv", [row])
    record = open_diting(tmp_path, 50.0)[0]
    check_earthquake(record)
    assert record.magnitude == pytest.approx((2.0 + 1.08) / 1.13)
    assert (record.back_azimuth, record.polarity) == (10.0, Polarity.UP)
    assert record.epicentral_distance == 12_500


def continuous(folder: Path, rate: float = 100.0) -> tuple[Path, Path]:
    """Two stations in MiniSEED, one with a late component, and picks of the first."""
    folder.mkdir(exist_ok=True)
    start = UTCDateTime(2020, 1, 1)
    for station in ("A", "B"):
        data = earthquake(np.random.default_rng(4), rate)
        stream = Stream()
        for row, letter in zip(data, "Z12", strict=True):
            late = 200 if letter == "1" else 0
            header = {"network": "XX", "station": station, "channel": f"HH{letter}", "sampling_rate": rate}
            stream += Trace(row[late:].copy(), header | {"starttime": start + late / rate})
        stream.write(folder / f"{station}.mseed", format="MSEED")
    picks = folder.parent / "picks.csv"
    rows = [
        {"network": "XX", "station": "A", "phase": phase, "time": str(start + at), "probability": probability}
        for phase, at, probability in (("P", P_SECONDS, 0.9), ("S", S_SECONDS, 0.8), ("P", 50.0, 0.35))
    ]
    write_table(picks, rows)
    return folder, picks


@pytest.mark.parametrize("name", ["w", "w [2019-*]"])
def test_continuous_records_with_machine_picks(tmp_path: Path, name: str) -> None:
    folder, picks = continuous(tmp_path / name)
    records = open_continuous(folder, picks, 50.0, min_probability=0.5)
    assert len(records) == 1
    check_earthquake(records[0])
    assert [a.phase for a in records[0].doubtful] == ["P"]
    assert not records[0].complete


def test_continuous_records_end_where_testing_begins(tmp_path: Path) -> None:
    folder, picks = continuous(tmp_path / "w")
    record = open_continuous(folder, picks, 50.0, until="2020-01-01T00:00:25")[0]
    assert record.data.shape[1] == pytest.approx(25 * 50, abs=1)
    assert [a.phase for a in record.picks] == ["P"]
    with pytest.raises(QuakeViewError, match="must be a time"):
        open_continuous(folder, picks, 50.0, until="noon")


def test_continuous_noise(tmp_path: Path) -> None:
    records = open_noise(continuous(tmp_path / "w")[0], 50.0)
    assert [record.station_id for record in records] == ["XX.A", "XX.B"]
    assert all(record.complete and not record.picks for record in records)
    np.testing.assert_allclose(records[0].data[1, :90], 0, atol=1e-6)


def test_resampling_keeps_what_fits_and_removes_what_does_not() -> None:
    time = np.arange(20_000) / 250
    data = np.stack([np.sin(2 * np.pi * f * time) for f in (2, 10, 60)]).astype(np.float32)
    slow = resampled(LabelledRecord(data, 250.0), 50.0)
    again = np.arange(slow.data.shape[1]) / 50
    middle = slice(200, -200)
    np.testing.assert_allclose(slow.data[1, middle], np.sin(2 * np.pi * 10 * again)[middle], atol=0.01)
    assert np.abs(slow.data[2, middle]).max() < 0.01


def test_no_event_crosses_a_split() -> None:
    groups = [f"event{i % 97}" for i in range(1000)]
    parts = split_by_group(groups, {"train": 0.8, "dev": 0.1, "test": 0.1})
    assert all(len({p for p, g in zip(parts, groups, strict=True) if g == group}) == 1 for group in set(groups))
    assert 600 < parts.count("train") < 950
    folds = folds_by_group(groups, 5)
    assert all(len(set(folds[[g == group for g in groups]])) == 1 for group in set(groups))
    assert np.bincount(folds).min() > 150


@pytest.mark.parametrize("group", ["event", "station"])
def test_training_and_validation_folds_share_no_group(tmp_path: Path, group: str) -> None:
    folder = write_seisbench(tmp_path, n_events=8, stations=4)
    table = SourceConfig("seisbench", folder, folds=3, fold=1, group=group)
    ids = [
        {entry.event_id if group == "event" else entry.station_id for entry in open_records(table, 50.0, side).entries}
        for side in (False, True)
    ]
    assert ids[0]
    assert ids[1]
    assert not ids[0] & ids[1]


def test_split_and_only_columns(tmp_path: Path) -> None:
    folder = write_seisbench(tmp_path)
    chosen = open_records(SourceConfig("seisbench", folder, split="dev", only="clean"), 50.0)
    assert [entry.event_id for entry in chosen.entries] == ["event4", "event4", "event5"]
    with pytest.raises(QuakeViewError, match="No labelled record"):
        open_records(SourceConfig("seisbench", folder, split="nothing"), 50.0)


def test_missing_files_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="cannot be read"):
        open_seisbench(tmp_path, 50.0)
    with pytest.raises(QuakeViewError, match="needs 'picks'"):
        open_records(SourceConfig("continuous", tmp_path), 50.0)
    with pytest.raises(QuakeViewError, match="holds no DiTing table"):
        open_diting(tmp_path, 50.0)
    (tmp_path / "metadata.csv").write_text("trace_name\nx\n")
    (tmp_path / "waveforms.hdf5").write_bytes(b"no")
    with pytest.raises(QuakeViewError, match="not a SeisBench waveform file"):
        open_seisbench(tmp_path, 50.0)


@needs_shared
def test_the_real_records_split_by_event() -> None:
    folder = SHARED / "data" / "real_picks"
    parts = {
        split: {e.event_id for e in open_records(SourceConfig("seisbench", folder, split=split), 50.0).entries}
        for split in ("train", "dev", "test")
    }
    assert not parts["train"] & parts["dev"]
    assert not parts["train"] & parts["test"]
