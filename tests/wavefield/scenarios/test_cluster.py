"""Data sets on the workers of a cluster: two processes on this computer."""

import csv
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.scenarios import dataset_making
from quakeview.wavefield.scenarios.dataset_making import make_dataset
from quakeview.wavefield.scenarios.datasets import Dataset, DatasetEvent, read_description, request_of
from quakeview.wavefield.scenarios.making import ScenarioRequest
from quakeview.wavefield.scenarios.scenario import Scenario
from quakeview.workers import cluster

distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
DESCRIPTION = """
events = 4
output = "set"
model = "gil7"
magnitude = [4.0, 5.0]
duration = 3.0
seed = 5
workers = 1
[plane]
x = [3.0, 7.0]
y = 5.0
depth = [2.0, 4.0]
"""
SMALL = replace(HAYWARD, name="Small", length=10_000.0, width=10_000.0, depth=8_000.0)


class At(Progress):
    """Does something once, at a message."""

    def __init__(self, message: str, act: Callable[[], object]) -> None:
        super().__init__()
        self.message, self.act, self.acted = message, act, False

    def on_advance(self, done: float, total: float, message: str) -> None:
        if message == self.message and not self.acted:
            self.acted = True
            self.act()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events in a region that is simulated in a moment."""

    def request(dataset: Dataset, event: DatasetEvent) -> ScenarioRequest:
        return replace(request_of(dataset, event), region=SMALL)

    monkeypatch.setattr(dataset_making, "request_of", request)


@pytest.fixture
def local():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as made:
        yield made


def described(folder: Path, text: str = DESCRIPTION) -> Dataset:
    folder.mkdir(exist_ok=True)
    (folder / "dataset.toml").write_text(text)
    return read_description(folder / "dataset.toml")


def test_a_cluster_that_loses_a_worker_makes_the_same_data_set(tmp_path: Path, local) -> None:
    here, there = described(tmp_path / "here"), described(tmp_path / "there")
    make_dataset(here, "cpu")
    first: list[int] = []

    def lose_a_worker() -> None:
        first.extend(path.stat().st_mtime_ns for path in there.output.glob("*.h5"))
        os.kill(local.workers[0].pid, signal.SIGKILL)

    losing = At("1 of 4 events", lose_a_worker)
    assert make_dataset(there, "cpu", losing, local.scheduler_address) == 4
    assert losing.acted
    assert (here.output / "metadata.csv").read_text() == (there.output / "metadata.csv").read_text()
    for number in range(4):
        paths = [each.output / f"event_{number:05d}.h5" for each in (here, there)]
        with Scenario.open(paths[0]) as one, Scenario.open(paths[1]) as other:
            assert other.complete
            assert (other.name, other.hypocentre, other.magnitude) == (one.name, one.hypocentre, one.magnitude)
            np.testing.assert_array_equal(one.frames(0, one.n_frames), other.frames(0, other.n_frames))
    assert first[0] in {path.stat().st_mtime_ns for path in there.output.glob("*.h5")}  # it was not made again
    assert make_dataset(there, "cpu", cluster=local.scheduler_address) == 0


def test_a_scheduler_that_goes_away_is_told_and_the_events_are_kept(tmp_path: Path, local) -> None:
    dataset = described(tmp_path / "set")
    with pytest.raises(QuakeViewError, match=r"no longer answers; what is finished is kept"):
        make_dataset(dataset, "cpu", At("1 of 4 events", lambda: local.close(timeout=5)), local.scheduler_address)
    assert len(list(csv.DictReader((dataset.output / "metadata.csv").open()))) == 1


def test_workers_stop_when_it_is_cancelled(tmp_path: Path, local) -> None:
    dataset = described(tmp_path / "set", DESCRIPTION.replace("duration = 3.0", "duration = 3000.0"))
    with distributed.Client(local, set_as_default=False) as watching:

        class UntilTheyWork(Progress):
            def on_advance(self, done: float, total: float, message: str) -> None:
                if any(watching.processing().values()):
                    self.cancel()

        with pytest.raises(Cancelled):
            make_dataset(dataset, "cpu", UntilTheyWork(), local.scheduler_address)
        for worker in watching.nthreads():  # a free thread answers; one that still simulates does not
            assert watching.submit(os.getpid, workers=[worker], pure=False).result(timeout=120)
    assert not list(dataset.output.glob("*.h5"))


def test_a_cluster_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50) as empty,
        pytest.raises(QuakeViewError, match="has no worker; start one with 'dask worker'"),
    ):
        make_dataset(described(tmp_path / "set"), "cpu", cluster=empty.scheduler_address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x", "127.0.0.1:nothing"])
def test_an_address_without_a_scheduler_is_told(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT", 1.0)
    with pytest.raises(QuakeViewError, match=f"no Dask scheduler at {address}; start one with 'dask scheduler'"):
        make_dataset(described(tmp_path / "set"), "cpu", cluster=address)


def test_without_dask_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(QuakeViewError, match=r"pip install 'quakeview\[cluster\]'"):
        make_dataset(described(tmp_path / "set"), "cpu", cluster="tcp://127.0.0.1:8786")


def test_a_worker_of_another_version_is_told(local, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cluster, "__version__", "0.0.none")
    with pytest.raises(QuakeViewError, match=r"install 0\.0\.none there"):
        make_dataset(described(tmp_path / "set"), "cpu", cluster=local.scheduler_address)
