"""Tables become dataclasses, or one sentence that names the key, where it is, and what it may be."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from quakeview.errors import QuakeViewError
from quakeview.toml_files import read_table, read_toml, toml_text


@dataclass(frozen=True)
class Source:
    kind: Literal["real", "synthetic"]
    weight: float = 1.0
    path: Path | None = None


@dataclass(frozen=True)
class Run:
    name: str
    sources: tuple[Source, ...]
    stretch: tuple[float, float] = (0.5, 2.0)
    steps: int | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name == "":
            raise QuakeViewError("Give the run a name.")


GIVEN: dict[str, Any] = {"name": "a", "sources": [{"kind": "real", "weight": 2, "path": "data"}], "stretch": [1, 3]}


def test_values_have_their_types_and_paths_begin_at_the_file(tmp_path: Path) -> None:
    run = read_table(Run, {**GIVEN, "settings": {"any": [1, "thing"]}}, "run.toml", tmp_path)
    assert run == Run("a", (Source("real", 2.0, tmp_path / "data"),), (1.0, 3.0), None, {"any": [1, "thing"]})
    assert isinstance(run.sources[0].weight, float)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": 3}, "'name' in run.toml must be a text, not 3."),
        ({"steps": 1.5}, "'steps' in run.toml must be a whole number, not 1.5."),
        ({"steps": True}, "'steps' in run.toml must be a whole number, not True."),
        ({"stretch": [1]}, "'stretch' in run.toml has too few values: [1]."),
        ({"stretch": [1, 2, 3]}, "'stretch' in run.toml has too many values: [1, 2, 3]."),
        ({"settings": 3}, "'settings' in run.toml must be a table, not 3."),
        ({"sources": 3}, "'sources' in run.toml must be an array, not 3."),
        ({"sources": [{}]}, "'kind' in [sources] of run.toml is missing."),
        (
            {"sources": [{"kind": "fake"}]},
            "'kind' in [sources] of run.toml must be one of 'real', 'synthetic', not 'fake'.",
        ),
        ({"sources": [{"knd": "real"}]}, "'knd' in [sources] of run.toml is unknown; did you mean 'kind'?"),
        (
            {"hat": 3},
            "'hat' in run.toml is unknown; it knows name, settings, sources, steps, stretch.",
        ),
        ({"name": ""}, "Give the run a name."),
    ],
)
def test_what_is_wrong_is_one_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(QuakeViewError) as error:
        read_table(Run, {**GIVEN, **wrong}, "run.toml", Path())
    assert str(error.value) == sentence


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="cannot be read"):
        read_toml(tmp_path / "none.toml")
    for content in (b"a = [", b"\xff"):
        (tmp_path / "a.toml").write_bytes(content)
        with pytest.raises(QuakeViewError, match="is not valid TOML"):
            read_toml(tmp_path / "a.toml")


def test_what_is_written_as_toml_is_read_again() -> None:
    table = {
        "name": 'a "quoted" \\ name\nwith é and \x7f',
        "whole": 3,
        "number": 1e-05,
        "yes": True,
        "pair": [0.5, 2.0],
        "none": None,
        "outer": {"inner": {"path": Path("/a b"), "many": [{"n": 1}, {"n": 2, "deep": {"x": []}}]}, "empty": {}},
    }
    text = toml_text(table)
    assert "none" not in text
    assert "[outer]" not in text
    table["outer"]["inner"]["path"] = "/a b"  # type: ignore[index]
    assert tomllib.loads(text) == {name: value for name, value in table.items() if value is not None}
