"""No pick of an archive is lost or doubled: at midnight, when it is stopped, when a station fails, when it grows."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from obspy import Stream

from quakeview.archives import picking
from quakeview.archives.pick_files import DayPicks, Settings, day_file, days, read_picks, schema
from quakeview.archives.picking import PickingTask, pick_into, settings_of
from quakeview.archives.station_days import StationDay, station_days
from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Flag, Progress
from quakeview.monitoring.annotate import pick_archive, picks_of
from quakeview.monitoring.picks import Pick
from quakeview.waveforms.archive import Archive
from tests.archives.conftest import MIDNIGHT, write_days

MODEL = "SeisMoLLM-S"
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return settings_of(MODEL, 0.3, 0.3, None, None)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[PickingTask]:
    """Work is done in this process; returns the tasks that were begun."""
    begun: list[PickingTask] = []

    def in_order(work, tasks, workers, progress, said) -> Iterator:
        for done, task in enumerate(tasks):
            progress.advance(done, len(tasks), said(done))
            begun.append(task)
            try:
                yield task, work(task, _Never())
            except QuakeViewError as error:
                yield task, error

    monkeypatch.setattr(picking, "on_processes", in_order)
    return begun


class _Never:
    def set(self) -> None: ...

    def is_set(self) -> bool:
        return False


def wanted(folder: Path) -> list[StationDay]:
    archive = Archive()
    archive.add([folder])
    return station_days(archive)


def all_picks(folder: Path) -> list[Pick]:
    return [pick for day in days(folder) for pick in read_picks(day_file(folder, day)).picks]


def assert_same(found: list[Pick], expected: list[Pick]) -> None:
    found, expected = (sorted(picks, key=lambda p: (p.channel_id, p.phase, p.time)) for picks in (found, expected))
    assert [(p.channel_id, p.phase) for p in found] == [(p.channel_id, p.phase) for p in expected]
    for one, other in zip(found, expected, strict=True):
        assert one.time - other.time == pytest.approx(0, abs=1e-3)
        assert one.probability == pytest.approx(other.probability, abs=1e-3)


def digests(folder: Path) -> dict[str, str]:
    return {day: hashlib.sha256(day_file(folder, day).read_bytes()).hexdigest() for day in days(folder)}


def test_the_picks_are_those_of_the_whole_record(record, archive_folder, settings, here, tmp_path) -> None:
    picked = pick_into(tmp_path / "picks", wanted(archive_folder), settings, device="cpu")
    assert not picked.failures
    assert days(tmp_path / "picks") == ["2024-02-29", "2024-03-01"]
    whole = Archive()
    whole.add_stream(record, "record")
    expected = picks_of(pick_archive(whole, MODEL, device="cpu", keep_curves=False))
    assert len(expected) > 15
    assert_same(all_picks(tmp_path / "picks"), expected)
    first = read_picks(day_file(tmp_path / "picks", "2024-02-29"))
    assert {pick.phase for pick in first.picks if pick.channel_id.station == "UH3"} == {"P"}  # its S is after midnight


def test_what_is_finished_is_not_picked_again(archive_folder, settings, here, tmp_path) -> None:
    folder = tmp_path / "picks"
    pick_into(folder, wanted(archive_folder), settings, device="cpu")
    before, number = digests(folder), len(here)
    again = pick_into(folder, wanted(archive_folder), settings, device="cpu")
    assert (again.before, again.outcomes) == (number, ())
    assert len(here) == number
    assert digests(folder) == before
    assert not list((folder / "_parts").glob("*"))


def test_stopped_after_each_task_it_makes_the_same_files(archive_folder, settings, here, tmp_path) -> None:
    pick_into(tmp_path / "whole", wanted(archive_folder), settings, device="cpu")

    class OneMore(Progress):
        def on_publish(self, partial: object) -> None:
            self.cancel()

    stops = 0
    while stops < 30:
        try:
            pick_into(tmp_path / "stopped", wanted(archive_folder), settings, device="cpu", progress=OneMore())
            break
        except Cancelled:
            stops += 1
    assert stops >= 8
    assert digests(tmp_path / "stopped") == digests(tmp_path / "whole")


def test_a_station_that_fails_is_told_and_tried_again_if_wished(
    archive_folder, settings, here, tmp_path, monkeypatch
) -> None:
    folder = tmp_path / "picks"
    gone = next(archive_folder.rglob("*UH1*.061"))
    content = gone.read_bytes()
    tasks = wanted(archive_folder)
    gone.unlink()
    picked = pick_into(folder, tasks, settings, device="cpu")
    failed = [(each.day, each.station.station) for each, _ in picked.failures]
    assert failed == [("2024-02-29", "UH1"), ("2024-03-01", "UH1")]  # the first reads a part of the second along
    assert all("files are gone or changed" in outcome.failed for _, outcome in picked.failures)
    gone.write_bytes(content)
    assert pick_into(folder, tasks, settings, device="cpu").outcomes == ()
    again = pick_into(folder, tasks, settings, device="cpu", retry=True)
    assert [(each.day, each.station.station) for each, _ in again.outcomes] == failed
    assert not again.failures
    pick_into(tmp_path / "whole", tasks, settings, device="cpu")
    assert digests(folder) == digests(tmp_path / "whole")


def test_a_day_whose_data_grow_is_picked_again_with_the_day_beside_it(record: Stream, settings, here, tmp_path) -> None:
    early = Stream([trace.slice(endtime=record[0].stats.starttime + 120) for trace in record])
    write_days(early, tmp_path / "archive")
    folder = tmp_path / "picks"
    pick_into(folder, wanted(tmp_path / "archive"), settings, device="cpu")
    write_days(record, tmp_path / "archive")
    here.clear()
    pick_into(folder, wanted(tmp_path / "archive"), settings, device="cpu")
    assert len(here) == 10  # the first day saw the context of the second
    pick_into(tmp_path / "whole", wanted(tmp_path / "archive"), settings, device="cpu")
    assert digests(folder) == digests(tmp_path / "whole")


def test_picks_of_other_settings_are_not_mixed(archive_folder, settings, here, tmp_path) -> None:
    pick_into(tmp_path / "picks", wanted(archive_folder)[:1], settings, device="cpu")
    other = settings_of(MODEL, 0.5, 0.3, None, None)
    with pytest.raises(QuakeViewError, match=r"P from 0\.3.*not of.*P from 0\.5.*choose another folder"):
        pick_into(tmp_path / "picks", wanted(archive_folder), other, device="cpu")


def test_two_programs_do_not_pick_into_one_folder(archive_folder, settings, here, tmp_path) -> None:
    class Meanwhile(Progress):
        def on_publish(self, partial: object) -> None:
            with pytest.raises(QuakeViewError, match="Another QuakeView is picking into"):
                pick_into(tmp_path / "picks", wanted(archive_folder), settings, device="cpu")

    pick_into(tmp_path / "picks", wanted(archive_folder)[:1], settings, device="cpu", progress=Meanwhile())


def test_a_damaged_file_of_picks_is_named(archive_folder, settings, here, tmp_path) -> None:
    pick_into(tmp_path / "picks", wanted(archive_folder)[:1], settings, device="cpu")
    path = next((tmp_path / "picks").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(QuakeViewError, match=rf"{path.name} is damaged"):
        pick_into(tmp_path / "picks", wanted(archive_folder), settings, device="cpu")


def test_another_model_of_that_name_on_a_worker_is_refused(archive_folder, settings) -> None:
    other = Settings(MODEL, "0" * 64, 0.3, 0.3)
    with pytest.raises(QuakeViewError, match="has other weights here"):
        picking.pick_station_day(PickingTask(wanted(archive_folder)[0], other, "cpu"), _Never())


def test_the_columns_are_those_of_the_guide(archive_folder, settings, here, tmp_path) -> None:
    import pyarrow.dataset as ds

    pick_into(tmp_path / "picks", wanted(archive_folder), settings, device="cpu")
    table = ds.dataset(tmp_path / "picks", partitioning="hive").to_table()
    assert table.column_names == [*schema().names, "day"]
    assert len(table) == len(all_picks(tmp_path / "picks"))
    guide = (Path(__file__).parents[2] / "resources" / "guide" / "archives.md").read_text()
    assert all(f"`{name}`" in guide for name in table.column_names)


def test_bounds_choose_days_and_cut_them(archive_folder, here, tmp_path) -> None:
    archive = Archive()
    archive.add([archive_folder])
    assert {each.day for each in station_days(archive, MIDNIGHT)} == {"2024-03-01"}
    assert {each.day for each in station_days(archive, end=MIDNIGHT)} == {"2024-02-29"}
    cut = settings_of(MODEL, 0.3, 0.3, MIDNIGHT + 100, None)
    pick_into(tmp_path / "picks", station_days(archive, MIDNIGHT + 100), cut, device="cpu")
    found = all_picks(tmp_path / "picks")
    assert found
    assert min(pick.time for pick in found) >= MIDNIGHT + 100


def test_two_processes_killed_and_begun_again_make_the_same_files(archive_folder, settings, tmp_path) -> None:
    command = [
        sys.executable,
        "-m",
        "quakeview",
        "pick",
        str(archive_folder),
        "--workers",
        "2",
        "--device",
        "cpu",
        "-o",
    ]
    subprocess.run([*command, str(tmp_path / "whole")], check=True, capture_output=True)
    for _ in range(2):
        running = subprocess.Popen([*command, str(tmp_path / "killed")], start_new_session=True, stderr=subprocess.PIPE)
        before = count_files(tmp_path / "killed")
        while count_files(tmp_path / "killed") == before:
            assert running.poll() is None
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    assert digests(tmp_path / "killed") != digests(tmp_path / "whole")
    subprocess.run([*command, str(tmp_path / "killed")], check=True, capture_output=True)
    assert digests(tmp_path / "killed") == digests(tmp_path / "whole")


def count_files(folder: Path) -> int:
    return len(list(folder.rglob("*.parquet")))


def test_the_flag_of_a_worker_ends_its_work(archive_folder, settings) -> None:
    class Set(_Never):
        def is_set(self) -> bool:
            return True

    flag: Flag = Set()
    with pytest.raises(Cancelled):
        picking.pick_station_day(PickingTask(wanted(archive_folder)[0], settings, "cpu"), flag)


def test_an_empty_day_has_no_picks_and_says_why(archive_folder, settings, here, tmp_path) -> None:
    high = settings_of(MODEL, 0.99, 0.99, None, None)
    pick_into(tmp_path / "picks", wanted(archive_folder)[:1], high, device="cpu")
    kept: DayPicks = read_picks(day_file(tmp_path / "picks", "2024-02-29"))
    (outcome,) = kept.outcomes.values()
    assert outcome.picks == 0
    assert "No probability reached its threshold" in outcome.said
