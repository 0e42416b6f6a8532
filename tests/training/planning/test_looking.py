"""A look at a data set counts what is there, draws samples, and names what is wrong."""

from pathlib import Path

import numpy as np
import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.monitoring.exchange import write_picks
from quakeview.training.planning.looking import Look, counts_of, histograms, look_at, rates_text
from quakeview.training.planning.looking_elsewhere import look_at_scenarios
from quakeview.training.record_config import SourceConfig
from tests.shared import SHARED, needs_shared
from tests.training.building.test_building import QUAKES, picks_of, write_day
from tests.training.planning.data_sets import rows_of, waveforms_of, write_data
from tests.training.waveform_files import P_SECONDS, S_SECONDS, write_table


def sentences(look: Look) -> str:
    return "\n".join(problem.sentence for problem in look.problems)


def test_a_good_data_set_has_counts_histograms_and_samples_and_no_problem(tmp_path: Path) -> None:
    look = look_at(write_data(tmp_path / "good"))
    assert sentences(look) == ""
    counts = dict(counts_of(look.table))
    assert (counts["Records"], counts["Earthquakes"], counts["Stations"]) == (18, 6, 3)
    assert (counts["P and S"], counts["Magnitudes"], counts["First motions"], counts["Noise"]) == (18, 18, 18, 0)
    assert rates_text(look.table) == "100 Hz"
    magnitudes = next(each for each in histograms(look.table) if each.title == "Magnitude")
    assert magnitudes.counts.sum() == 18
    assert magnitudes.edges[[0, -1]] == pytest.approx([1.0, 3.5], abs=0.1)
    assert len(look.samples) == 18
    assert look.samples[0].labels == {"P": P_SECONDS, "S": S_SECONDS}
    assert look.samples[0].title == "XX.S0  ·  M 1.0  ·  48 km"
    assert look.notes == []


def test_everything_wrong_is_named(tmp_path: Path) -> None:
    rows = rows_of(8)
    data = waveforms_of(rows)
    rows[0]["trace_p_arrival_sample"] = 7000
    rows[1]["trace_s_arrival_sample"] = 1500
    rows[2]["trace_sampling_rate_hz"] = 0.1
    rows[3]["trace_p_arrival_sample"] = rows[3]["trace_s_arrival_sample"] = ""
    rows[4]["source_origin_time"] = str(UTCDateTime(rows[4]["source_origin_time"]) - 600)
    rows[5]["path_ep_distance_km"], rows[5]["source_origin_time"] = 250.0, ""
    rows[7]["trace_name"] = rows[6]["trace_name"]
    for row in rows[9:12]:
        row["source_id"], row["source_origin_time"] = "again", rows[6]["source_origin_time"]
        row["source_latitude_deg"] = rows[6]["source_latitude_deg"]
    rows[12]["trace_start_time"], rows[12]["station_code"] = rows[15]["trace_start_time"], rows[15]["station_code"]
    names = [row["trace_name"] for row in rows]
    data[names[8]][1, 50] = np.nan
    data[names[13]][2] = 0
    data[names[14]][2] = 7
    data[names[16]][:] = 3
    loud = np.clip(1e6 * data[names[17]], -2e5, 2e5)
    data[names[17]] = loud
    data[names[18]] = data[names[18]][:2]
    del data[names[19]]
    for row in rows[20:]:
        row["split"] = ""
    look = look_at(write_data(tmp_path / "bad", rows, data))
    for words, records in {
        "a label outside the trace": names[:1],
        "an S that is not after": names[:2],
        "no seismograph": names[2:3],
        "no P and no S": names[3:4],
        "a P at a time": names[4:5],
        "a time from P to S": names[5:6],
        "a name that": names[6:8],
        "two names": ["again"],
        "same station and P": names[15:16],
        "NaN": names[8:9],
        "lack": names[13:14],
        "a component that is constant": names[14:15],
        "waveform is constant": names[16:17],
        "clipped": names[17:18],
        "the metadata name": names[18:19],
        "cannot be read": names[19:20],
        "own split": names[20:],
    }.items():
        (problem,) = (each for each in look.problems if words in each.what)
        assert set(records) <= set(problem.records)
        assert problem.records[0] in problem.sentence
    assert "4 records are in no part of the data set's own split" in sentences(look)
    assert "1 waveform holds NaN (trace2-2); zeros stand in their place in training." in sentences(look)


def test_a_wrong_order_of_components_is_seen_from_the_p(tmp_path: Path) -> None:
    rows = rows_of()
    turned = {name: data[[2, 1, 0]] for name, data in waveforms_of(rows).items()}
    assert "18 of 18 clear P onsets of the data are strongest on E, not on Z" in sentences(
        look_at(write_data(tmp_path / "all", rows, turned))
    )
    rows = rows_of(9, 2)
    data = waveforms_of(rows)
    some = {name: wave[[1, 0, 2]] if name.endswith("-1") else wave for name, wave in data.items()}
    assert "1 station has its P strongest on a horizontal component (XX.S1)" in sentences(
        look_at(write_data(tmp_path / "one", rows, some))
    )


def test_one_class_only_and_empty_parts_are_said(tmp_path: Path) -> None:
    rows = [row | {"trace_p_polarity": "U", "split": "train", "source_magnitude": ""} for row in rows_of()]
    said = sentences(look_at(write_data(tmp_path / "set", rows)))
    assert "All first motions are up" in said
    assert "The data set's own split has nothing in dev and test" in said
    assert "18 records have no magnitude (of 18)" in said


def test_a_large_data_set_is_looked_at_by_its_metadata_and_some_waveforms(tmp_path: Path) -> None:
    source = write_data(tmp_path / "set")
    look = look_at(source, looked_at=5)
    assert len(look.samples) == 5
    assert "all 18 records were read, but only 5 waveforms" in look.notes[0]
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        look_at(source, progress)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "metadata.csv").unlink(), "cannot be read"),
        (lambda folder: (folder / "waveforms.hdf5").write_bytes(b"nothing"), "not a SeisBench waveform file"),
        (lambda folder: (folder / "metadata.csv").write_text("trace_name\n"), "has no records"),
        (lambda folder: (folder / "metadata.csv").write_text("trace_name\na\n"), "sampling rate of a is not in"),
        (lambda folder: folder.rename(folder.with_name("moved")), "was it moved?"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, spoil, sentence: str) -> None:
    source = write_data(tmp_path / "set")
    spoil(source.path)
    with pytest.raises(QuakeViewError, match=sentence.replace("?", r"\?")):
        look_at(source)


def test_the_wrong_kind_of_data_set_is_one_sentence(tmp_path: Path) -> None:
    source = write_data(tmp_path / "set")
    with pytest.raises(QuakeViewError, match="no column"):
        look_at(SourceConfig("diting", source.path))
    with pytest.raises(QuakeViewError, match="name their HDF5 file too"):
        look_at(SourceConfig("stead", source.path / "metadata.csv"))


def test_continuous_records_are_looked_at_through_their_picks(tmp_path: Path) -> None:
    write_day(tmp_path / "day")
    outside = [pick.with_(time=pick.time - 7200) for pick in picks_of(QUAKES[0])[:1]]
    write_picks([*picks_of(QUAKES[0]), *picks_of(QUAKES[1]), *outside], tmp_path / "picks.csv")
    look = look_at(SourceConfig("continuous", tmp_path / "day", picks=tmp_path / "picks.csv"))
    counts = dict(counts_of(look.table))
    assert (counts["P"], counts["S"], counts["Stations"]) == (4, 4, 2)
    assert "1 pick lies where nothing was recorded" in sentences(look)
    sample = look.samples[0]
    (onset,) = sample.labels.values()
    at = round(onset * sample.sampling_rate)
    assert np.abs(sample.data[:, at : at + 25]).max() > 5 * np.abs(sample.data[:, at - 150 : at - 5]).std()


def test_noise_and_synthetic_seismograms_have_a_look_too(tmp_path: Path) -> None:
    write_day(tmp_path / "day")
    look = look_at(SourceConfig("noise", tmp_path / "day"))
    assert dict(counts_of(look.table))["Noise"] == 2
    made = look_at(SourceConfig("synthetic", settings={"noise_only": 0.0}))
    assert dict(counts_of(made.table))["Records"] == len(made.table) == 100
    assert {each.title for each in histograms(made.table)} >= {"S − P", "Epicentral distance", "Magnitude"}


def test_a_folder_without_scenarios_is_one_sentence(tmp_path: Path) -> None:
    write_table(tmp_path / "metadata.csv", [{"event": 1, "file": "gone.h5", "split": "train", "magnitude": 5}])
    look = look_at_scenarios(tmp_path)
    assert "1 scenario is missing (gone.h5)" in sentences(look)
    with pytest.raises(QuakeViewError, match="quakeview simulate"):
        look_at_scenarios(write_data(tmp_path / "records").path)


@needs_shared
def test_real_records_have_few_problems() -> None:
    look = look_at(SourceConfig("seisbench", SHARED / "data" / "real_picks"))
    assert "strongest on" not in sentences(look)
    assert len(look.problems) <= 3
    assert len(look.table) == 411
