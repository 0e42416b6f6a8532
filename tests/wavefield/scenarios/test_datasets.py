import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.waves import solver
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.medium import Medium
from quakeview.wavefield.scenarios import dataset_making
from quakeview.wavefield.scenarios.dataset_making import make_dataset
from quakeview.wavefield.scenarios.datasets import (
    Dataset,
    DatasetEvent,
    Plane,
    planned_events,
    read_description,
    request_of,
    rows,
)
from quakeview.wavefield.scenarios.making import ScenarioRequest
from quakeview.wavefield.scenarios.scenario import Scenario
from tests.simulation.waves.together import Together

DESCRIPTION = """
events = 3
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


def described(folder: Path, text: str = DESCRIPTION) -> Dataset:
    (folder / "dataset.toml").write_text(text)
    return read_description(folder / "dataset.toml")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events in a region that is simulated in a moment."""

    def request(dataset: Dataset, event: DatasetEvent) -> ScenarioRequest:
        return replace(request_of(dataset, event), region=SMALL)

    monkeypatch.setattr(dataset_making, "request_of", request)


class StopAt(Progress):
    """Cancels at a message."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.message = message

    def on_advance(self, done: float, total: float, message: str) -> None:
        if message == self.message:
            self.cancel()


@pytest.mark.parametrize("n", [1, 2, 3, 20, 300, 960])
def test_places_cover_the_plane_from_edge_to_edge(n: int) -> None:
    places = rows(n, Plane())
    assert places.shape == (n, 2)
    assert len(np.unique(places, axis=0)) == n
    if n >= 20:
        np.testing.assert_allclose(places.min(0), (20, 2))
        np.testing.assert_allclose(places.max(0), (80, 15))
        grid = np.stack(np.meshgrid(np.linspace(20, 80, 61), np.linspace(2, 15, 27)), -1).reshape(-1, 2)
        gap = np.linalg.norm(grid[:, None] - places, axis=-1).min(1).max()
        assert gap < 1.1 * np.sqrt(60 * 13 / n)


def test_the_defaults_are_the_plane_and_the_mechanism_of_the_paper(tmp_path: Path) -> None:
    dataset = described(tmp_path, 'events = 960\noutput = "x"')
    events = planned_events(dataset)
    assert {(event.strike, event.dip, event.rake) for event in events} == {(HAYWARD.x_azimuth, 90.0, 180.0)}
    assert {event.y for event in events} == {38_000.0}
    assert {event.magnitude for event in events} == {4.5}
    assert dataset.output == tmp_path / "x"


def test_events_are_split_by_place(tmp_path: Path) -> None:
    events = planned_events(described(tmp_path, 'events = 960\noutput = "x"'))
    where = {
        split: {int((e.x - 20e3) / 3e3) for e in events if e.split == split}
        for split in ("train", "validation", "test")
    }
    assert not where["train"] & where["test"] - {20}
    assert not where["train"] & where["validation"] - {20}
    assert not where["test"] & where["validation"] - {20}
    share = {split: sum(e.split == split for e in events) / 960 for split in where}
    assert share["test"] == pytest.approx(0.1, abs=0.02)
    assert share["validation"] == pytest.approx(0.1, abs=0.02)


def test_drawn_mechanisms_and_magnitudes_come_from_the_seed_alone(tmp_path: Path) -> None:
    text = 'events = 400\noutput = "x"\nmechanism = "drawn"\nmagnitude = [4.0, 6.0]\n'
    first, again = (planned_events(described(tmp_path, text)) for _ in range(2))
    other = planned_events(described(tmp_path, text + "seed = 1"))
    assert first == again
    assert [e.strike for e in first] != [e.strike for e in other]
    strikes, dips, rakes = np.array([(e.strike, e.dip, e.rake) for e in first]).T
    assert np.ptp(strikes) > 340
    assert np.ptp(rakes) > 340
    assert dips.min() >= 0
    assert dips.max() <= 90
    assert np.median(dips) == pytest.approx(60, abs=5)
    magnitudes = [e.magnitude for e in first]
    assert 4.0 <= min(magnitudes) < 4.1 < 5.9 < max(magnitudes) <= 6.0


@pytest.mark.usefixtures("small")
def test_a_data_set_is_made_stopped_and_continued(tmp_path: Path) -> None:
    dataset = described(tmp_path)
    with pytest.raises(Cancelled):
        make_dataset(dataset, "cpu", StopAt("1 of 3 events"))
    assert [row["number"] for row in csv.DictReader((tmp_path / "set/metadata.csv").open())] == ["0"]
    before = (tmp_path / "set/event_00000.h5").stat().st_mtime_ns
    assert make_dataset(dataset, "cpu") == 2
    assert (tmp_path / "set/event_00000.h5").stat().st_mtime_ns == before
    rows = list(csv.DictReader((tmp_path / "set/metadata.csv").open()))
    assert [row["number"] for row in rows] == ["0", "1", "2"]
    for row in rows:
        with Scenario.open(tmp_path / "set" / row["file"]) as scenario:
            assert scenario.complete
            assert scenario.hypocentre == (float(row["x"]), float(row["y"]), float(row["depth"]))
            assert scenario.magnitude == float(row["magnitude"])
            assert scenario.source["kind"] == "impulse"
    assert make_dataset(dataset, "cpu") == 0


@pytest.mark.usefixtures("small")
def test_processes_make_the_same_files(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    make_dataset(described(tmp_path / "one"), "cpu")
    make_dataset(described(tmp_path / "two", DESCRIPTION.replace("workers = 1", "workers = 2")), "cpu")
    for name in ("event_00000.h5", "event_00002.h5"):
        with Scenario.open(tmp_path / "one/set" / name) as one, Scenario.open(tmp_path / "two/set" / name) as two:
            assert two.complete
            np.testing.assert_array_equal(one.frames(0, 99), two.frames(0, 99))
    tables = [(tmp_path / folder / "set/metadata.csv").read_text() for folder in ("one", "two")]
    assert tables[0] == tables[1]


def given_card(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """As if there were a card; the sizes of its batches."""
    sizes: list[int] = []

    def engine(medium: Medium, grid: Grid, device: str, batch: int, _: Progress) -> Together:
        assert device == "cuda"
        sizes.append(batch)
        return Together(medium, grid, batch)

    monkeypatch.setattr(dataset_making, "pick_device", torch.device)
    monkeypatch.setattr(solver, "make_engine", engine)
    return sizes


@pytest.mark.usefixtures("small")
def test_batches_on_a_card_make_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "card").mkdir()
    make_dataset(described(tmp_path / "one"), "cpu")
    sizes = given_card(monkeypatch)
    assert make_dataset(described(tmp_path / "card", DESCRIPTION.replace("workers = 1", "workers = 2")), "cuda") == 3
    assert sizes == [2, 1]
    for number in range(3):
        one, card = (Scenario.open(tmp_path / folder / f"set/event_{number:05d}.h5") for folder in ("one", "card"))
        with one, card:
            assert card.complete
            assert card.hypocentre == one.hypocentre
            assert card.peak > 0
            np.testing.assert_array_equal(one.frames(0, 99), card.frames(0, 99))
    tables = [(tmp_path / folder / "set/metadata.csv").read_text() for folder in ("one", "card")]
    assert tables[0] == tables[1]


@pytest.mark.usefixtures("small")
def test_a_stopped_batch_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = given_card(monkeypatch)
    dataset = described(tmp_path, DESCRIPTION.replace("workers = 1", "workers = 2").replace("events = 3", "events = 4"))
    with pytest.raises(Cancelled):
        make_dataset(dataset, "cuda", StopAt("2 of 4 events"))
    assert [row["number"] for row in csv.DictReader((tmp_path / "set/metadata.csv").open())] == ["0", "1"]
    assert make_dataset(dataset, "cuda") == 2
    assert sizes[0] == sizes[-1] == 2
    assert [row["number"] for row in csv.DictReader((tmp_path / "set/metadata.csv").open())] == ["0", "1", "2", "3"]


@pytest.mark.usefixtures("small")
def test_a_card_takes_several_events_unless_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = given_card(monkeypatch)
    make_dataset(described(tmp_path, DESCRIPTION.replace("workers = 1", "workers = 0")), "cuda")
    assert sizes == [3]


@pytest.mark.usefixtures("small")
def test_processes_stop_when_cancelled(tmp_path: Path) -> None:
    text = DESCRIPTION.replace("workers = 1", "workers = 2").replace("duration = 3.0", "duration = 3000.0")
    dataset = described(tmp_path, text)

    class UntilTheFirstFile(Progress):
        def on_advance(self, done: float, total: float, message: str) -> None:
            if list(dataset.output.glob("event_*.h5")):
                self.cancel()

    with pytest.raises(Cancelled):
        make_dataset(dataset, "cpu", UntilTheFirstFile())


@pytest.mark.usefixtures("small")
def test_two_data_sets_do_not_share_a_folder(tmp_path: Path) -> None:
    make_dataset(described(tmp_path), "cpu")
    with pytest.raises(QuakeViewError, match="another description"):
        make_dataset(described(tmp_path, DESCRIPTION.replace("seed = 5", "seed = 6")), "cpu")


@pytest.mark.parametrize("left", [b"events = [", b"\xff\xfe\x00"])
def test_a_damaged_description_in_the_folder_is_named(tmp_path: Path, left: bytes) -> None:
    dataset = described(tmp_path)
    dataset.output.mkdir()
    (dataset.output / "dataset.toml").write_bytes(left)
    with pytest.raises(QuakeViewError, match="is damaged"):
        make_dataset(dataset, "cpu")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("events = [", "not valid TOML"),
        ("events = 3", "'output' in dataset.toml is missing"),
        ('output = "x"', "'events' in dataset.toml is missing"),
        ('events = 0\noutput = "x"', "at least 1"),
        ('events = 3\noutput = "x"\nevnts = 3', r"'evnts' in dataset.toml is unknown; did you mean 'events'\?"),
        ('events = 3\noutput = "x"\nmechanism = "some"', "must be one of 'single', 'drawn', 'basis'"),
        ('events = 3\noutput = "x"\nmagnitude = [5.0, 4.0]', "low, high"),
        ('events = 3\noutput = "x"\nmagnitude = "big"', "'magnitude' in dataset.toml must be an array"),
        ('events = 3\noutput = "x"\nvalidation = 1.1', "parts of 1"),
        ('events = 3\noutput = "x"\n[plane]\nx = [80.0, 20.0]', "x of the plane must be one number"),
        ('events = 3\noutput = "x"\n[plane]\nz = 3.0', r"'z' in \[plane\] of dataset.toml is unknown"),
        ('events = 3\noutput = "x"\n[plane]\nx = ["a", "b"]', r"'x' in \[plane\] of dataset.toml must be a number"),
        ('events = 3\noutput = "x"\n[plane]\ny = [1.0, 2.0]', r"'y' in \[plane\] of dataset.toml must be a number"),
        ('events = 3\noutput = "x"\nplane = 3', "'plane' in dataset.toml must be a table"),
        ('events = true\noutput = "x"', "'events' in dataset.toml must be a whole number"),
        ("events = 3\noutput = 3", "'output' in dataset.toml must be a text"),
        ('events = 3\noutput = "x"\nstrike = "north"', "'strike' in dataset.toml must be a number"),
        ('events = 3\noutput = "x"\nattenuation = "no"', "'attenuation' in dataset.toml must be true or false"),
        ('events = 3\noutput = "x"\nseed = -1', "seed must not be negative"),
        ('events = 3\noutput = "x"\nmagnitude = [4.0]', "magnitude must be one number or"),
    ],
)
def test_descriptions_that_cannot_be_are_explained(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(QuakeViewError, match=sentence):
        described(tmp_path, text)
    with pytest.raises(QuakeViewError, match="cannot be read"):
        read_description(tmp_path / "none.toml")


def test_what_cannot_be_simulated_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="outside"):
        make_dataset(described(tmp_path, 'events = 3\noutput = "x"\n[plane]\ny = 90.0'), "cpu")
    assert not (tmp_path / "x").exists()
