"""What decides about picks: thresholds, P and S taken for each other, and picks where there is no earthquake."""

from pathlib import Path

import numpy as np
import pytest

from quakeview.training.datasets import RecordSet
from quakeview.training.records import LabelledRecord
from quakeview.training.reports.quiet import StaLtaReader, before_the_first_label, count_on_quiet, quiet_table
from quakeview.training.reports.readings import LabelledPhase, Reading, ReadRecord
from quakeview.training.reports.thresholds import all_picks, choose_thresholds, confusion_table, threshold_table


def record(number: int, p: list[tuple[float, float]], s: list[tuple[float, float]] = [], complete: bool = True):  # noqa: B006
    """P labelled at 20 s and S at 26 s; the readings of ``net`` as seconds and probability."""
    phases = {
        phase: LabelledPhase(label, {"net": tuple(Reading(*each) for each in readings)})
        for phase, label, readings in (("P", 20.0, p), ("S", 26.0, s))
    }
    nan = float("nan")
    return ReadRecord(f"r{number}", f"e{number}", "", 100, nan, nan, complete, None, phases, {}, lambda: None)  # type: ignore[arg-type,return-value]


def test_the_threshold_is_chosen_where_right_picks_part_from_false_ones() -> None:
    records = [record(n, [(20.1, 0.8), (5.0, 0.42)]) for n in range(6)]
    chosen = choose_thresholds(records, ["net"])
    assert 0.42 < chosen["net", "P"] <= 0.8
    assert choose_thresholds([record(0, [], complete=False)], ["net"]) == {}


def test_all_picks_count_each_label_once() -> None:
    hits = all_picks([record(0, [(19.9, 0.9), (20.1, 0.5), (40.0, 0.4)])], "net", "P", 0.3)
    assert hits.tolist() == [[1, 3, 1]]


def test_the_table_has_the_usual_and_the_chosen_threshold() -> None:
    records = [record(n, [(20.1, 0.8), (5.0, 0.42)]) for n in range(6)]
    rows = threshold_table(records, ["net"], {("net", "P"): 0.5}).rows
    assert rows[0][:3] == ["P  net", "0.30", "0.500 [0.500, 0.500]"]
    assert rows[1][:3] == ["P  net", "0.50 (chosen)", "1.000 [1.000, 1.000]"]


def test_an_s_that_was_picked_as_p_is_said() -> None:
    rows = confusion_table([record(0, [(20.1, 0.8), (26.2, 0.6)]), record(1, [], [(20.0, 0.9)])], ["net"]).rows
    assert rows == [["P  net", "1", "1", "0", "0"], ["S  net", "1", "0", "0", "1"]]


def test_what_is_before_the_first_label_is_false() -> None:
    before = before_the_first_label([record(0, [(10.0, 0.5), (19.0, 0.9)]), record(1, [], complete=False)], "net")
    assert before.counts("P", 0.3).tolist() == [[1, pytest.approx(18 / 3600)]]
    assert before.counts("P", 0.6)[0, 0] == 0


def test_gaps_are_no_quiet_hours_and_the_detector_finds_what_is_loud() -> None:
    data = np.random.default_rng(0).standard_normal((3, 60_000)).astype(np.float32)
    data[:, 30_000:] = 0
    data[:, 20_000:20_200] *= 40
    loud = LabelledRecord(data, 100.0, station_id="XX.A")
    records = RecordSet([loud], [{}], lambda index: data, 100.0)
    count = count_on_quiet(StaLtaReader(), records)
    assert count.hours.tolist() == [pytest.approx(300 / 3600)]
    table = quiet_table([count], {})
    assert table.rows[0][:3] == [f"P  {StaLtaReader.name}", "0.30", "1"]


def test_a_short_record_is_not_detected_on(tmp_path: Path) -> None:
    assert StaLtaReader().read(LabelledRecord(np.ones((3, 50), np.float32), 100.0)) == {"P": (), "S": ()}
