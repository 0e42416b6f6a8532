from pathlib import Path

import h5py
import pytest

from quakeview.wavefield.library import list_scenarios, read_card
from quakeview.wavefield.scenario import ScenarioWriter
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
