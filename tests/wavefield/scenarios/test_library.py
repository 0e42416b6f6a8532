from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from quakeview.wavefield.scenarios import library, scenario
from quakeview.wavefield.scenarios.library import list_scenarios, read_card
from quakeview.wavefield.scenarios.scenario import ScenarioWriter
from tests.wavefield.fields import header, velocity


def test_scenarios_are_listed_and_problems_told(tmp_path: Path) -> None:
    for name, frames in (("b.h5", 40), ("a.h5", 20)):
        with ScenarioWriter(tmp_path / name, header(name=name)) as writer:
            for index in range(frames):
                writer.write(index, velocity()[..., index])
    (tmp_path / "broken.h5").write_text("no")
    (tmp_path / "notes.txt").write_text("no")
    cards, problems = list_scenarios(tmp_path)
    assert [(card.name, card.n_frames, card.complete) for card in cards] == [("a.h5", 20, False), ("b.h5", 40, True)]
    assert (cards[0].magnitude, cards[0].hypocentre, cards[0].frequency) == (6.0, (40e3, 38e3, 8e3), 0.15)
    assert cards[0].size == (tmp_path / "a.h5").stat().st_size
    assert cards[0].made == pytest.approx((tmp_path / "a.h5").stat().st_mtime)
    assert len(problems) == 1
    assert "broken.h5" in problems[0]
    assert read_card(tmp_path / "broken.h5") is None


def test_a_missing_folder_has_no_scenarios(tmp_path: Path) -> None:
    assert list_scenarios(tmp_path / "none") == ([], [])


def test_a_card_needs_no_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScenarioWriter(tmp_path / "a.h5", header()) as writer:
        writer.write(0, velocity()[..., 0])
    read: list[str] = []
    whole = h5py.Dataset.__getitem__
    monkeypatch.setattr(
        h5py.Dataset, "__getitem__", lambda self, *a, **k: read.append(self.name) or whole(self, *a, **k)
    )
    assert read_card(tmp_path / "a.h5") is not None
    assert not {"/velocity", "/pgv", "/t_pgv"} & set(read)


def test_a_scenario_that_is_being_begun_is_no_damaged_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is read at every step of making a file; a file of that name is whole, or not yet there."""
    seen: list[tuple[list[str], list[str]]] = []

    def spied(step: Callable) -> Callable:
        def run(*arguments: object, **options: object) -> object:
            result = step(*arguments, **options)
            cards, problems = list_scenarios(tmp_path)
            seen.append(([card.name for card in cards], problems))
            return result

        return run

    for name in ("write_header", "create_datasets", "put_new"):
        monkeypatch.setattr(scenario, name, spied(getattr(scenario, name)))
    monkeypatch.setattr(scenario.os, "posix_fallocate", spied(scenario.os.posix_fallocate), raising=False)
    with ScenarioWriter(tmp_path / "a.h5", header(name="new")) as writer:
        writer.write(0, velocity()[..., 0])
    assert len(seen) == 4
    assert {problem for _, problems in seen for problem in problems} == set()
    assert seen[-1][0] == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.h5"]


def test_a_scenario_that_is_deleted_while_the_list_is_read_is_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScenarioWriter(tmp_path / "a.h5", header()) as writer:
        writer.write(0, velocity()[..., 0])
    card = library._card

    def deleted_before_it_is_read(path: Path) -> library.ScenarioCard:
        path.unlink()
        return card(path)

    monkeypatch.setattr(library, "_card", deleted_before_it_is_read)
    assert list_scenarios(tmp_path) == ([], [])
