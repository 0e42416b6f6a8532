"""The README and the user's guide: what they say exists, and their examples run."""

import ast
import re
import runpy
import shlex
from functools import cache
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from quakeview import cli
from quakeview.app.keys.scheme import PRESETS, KeyScheme
from quakeview.app.shell.actions import ACTIONS, WIDGET_KEYS
from quakeview.app.workspaces import PLUGS
from quakeview.wavefield.forecasting.station_choice import drawn_stations
from quakeview.wavefield.scenarios.samples import sample_scenario
from quakeview.wavefield.scenarios.scenario import Scenario
from quakeview.wavefield.scenarios.virtual_stations import write_miniseed
from quakeview.waveforms.sample_data import SAMPLES

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "resources" / "guide"
PAGES = [ROOT / "README.md", *sorted(GUIDE.glob("*.md"))]
BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)(?P<target>[^)#]+)\)")
KEY = re.compile(
    r"(Ctrl\+|Shift\+|Alt\+)*([A-Z0-9]|F\d+|[\[\].,:?+-]|Space|Enter|Esc|Del|Home|End|Pg\w+|Left|Right|Up|Down)"
)
FILE_PAGES = {"run-files", "dataset-files"}
"""Speak of files alone; their numbers are no keys."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def blocks(page: Path, *languages: str) -> list[str]:
    return [block["text"] for block in BLOCK.finditer(page.read_text()) if block["language"] in languages]


def prose(page: Path) -> str:
    return BLOCK.sub("", page.read_text())


def inline_code(page: Path) -> list[str]:
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", prose(page))


def commands(page: Path) -> list[list[str]]:
    """The arguments of every ``quakeview ...`` line; what may stand in a text without its arguments is not one."""
    lines = [line for text in blocks(page, "", "bash") for line in re.split(r"\n|&&", text)]
    without = re.compile(r"COMMAND|FILE|^quakeview( \w+( calibrate)?)?$")
    lines += [code for code in inline_code(page) if not without.search(code)]
    found = [re.match(r"\s*(?:\S*/)?quakeview\s+(?P<rest>.*)", line) for line in lines]
    return [shlex.split(line["rest"], comments=True) for line in found if line]


@each_page
def test_links_and_pictures_are_there(page: Path) -> None:
    targets = [link["target"] for link in LINK.finditer(page.read_text())]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_in_the_contents_and_every_picture_on_a_page() -> None:
    contents = {link["target"] for link in LINK.finditer((GUIDE / "README.md").read_text())}
    assert contents == {page.name for page in GUIDE.glob("*.md")} - {"README.md"}
    shown = {Path(link["target"]).name for page in PAGES for link in LINK.finditer(page.read_text())}
    there = {path.name for path in (GUIDE / "pictures").iterdir()}
    assert {name for name in there if not name.endswith("-dark.png")} <= shown
    assert {name.replace(".png", "-dark.png") for name in shown if name.endswith(".png")} <= there


@each_page
def test_commands_are_understood(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in commands(page):
        try:
            cli._parse(arguments)
        except SystemExit:
            pytest.fail(f"quakeview {shlex.join(arguments)}: {capsys.readouterr().err}")


def test_commands_are_found() -> None:
    found = {arguments[0] for page in PAGES for arguments in commands(page)}
    assert found >= {"pick", "simulate", "forecast", "models", "train", "doctor"}


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.parent == GUIDE and page.stem not in FILE_PAGES], ids=lambda page: page.stem
)
def test_actions_and_keys_are_those_of_the_window(page: Path) -> None:
    names = {spec.text.rstrip("…") for spec in ACTIONS}
    assert [name for name in re.findall(r"\*\*([A-Z][^*]+)\*\*", prose(page)) if name not in names] == []
    keys = {key for name in PRESETS for keys in KeyScheme(name).keys(ACTIONS).values() for key in keys}
    keys |= {key for rows in WIDGET_KEYS.values() for texts, _ in rows for key in texts}
    named = [code for code in inline_code(page) if KEY.fullmatch(code)]
    assert [key for key in named if key not in keys] == []


def test_keys_are_found() -> None:
    assert "Ctrl+O" in [code for code in inline_code(GUIDE / "open-waveforms.md") if KEY.fullmatch(code)]


@cache
def texts_of_the_window() -> str:
    trees = [ast.parse(path.read_text()) for path in (ROOT / "quakeview").rglob("*.py")]
    texts = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return "\n".join(text.replace("&", "") for text in texts if isinstance(text, str))


@each_page
def test_labels_are_on_the_screen(page: Path) -> None:
    shown = texts_of_the_window()
    labels = re.findall(r"(?<![*\w])\*([A-Z][^*]+)\*(?![*\w])", prose(page))
    assert [label for label in labels if label.removeprefix("Try: ") not in shown] == []


@pytest.fixture
def example_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the examples read, and a simulation that takes no time: the sample in its place."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "archive").mkdir()
    record, *others = SAMPLES[0].paths()
    copyfile(record, "day.mseed")
    for path in others:
        copyfile(path, tmp_path / "archive" / path.name)
    with Scenario.open(sample_scenario()) as scenario:
        write_miniseed(scenario, drawn_stations(scenario.header, 101), tmp_path / "event.mseed")
    (tmp_path / "event.xml").rename(tmp_path / "stations.xml")

    def make_scenario(request: Any, path: Path, device: str) -> Path:
        assert request.magnitude == 6.0
        return Path(copyfile(sample_scenario(), path))

    monkeypatch.setattr("quakeview.wavefield.scenarios.making.make_scenario", make_scenario)


EXAMPLES_SAY = {
    **dict.fromkeys(("README", "python"), ("BW.UH3", "WaveCastNet-Hayward")),
    "catalogues": ("4.0", "begins with its most frequent magnitude"),
    "seismicity": ("Estimate(value=",),
}


@pytest.mark.filterwarnings("ignore::quakeview.QuakeViewWarning")
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.stem)
def test_python_examples_run(page: Path, example_files: None, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for text in blocks(page, "python"):
        exec(compile(text, page.name, "exec"), names)
    said = capsys.readouterr().out.replace("BW, UH3", "BW.UH3")
    assert [words for words in EXAMPLES_SAY[page.stem] if words not in said] == []


def test_examples_use_the_public_names_alone() -> None:
    code = "\n".join(text for page in PAGES for text in blocks(page, "python"))
    modules = {node.module for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import) for name in node.names}
    assert modules == {"quakeview", "quakeview.seismicity", "obspy"}


def test_the_pages_that_the_code_writes_are_up_to_date() -> None:
    written = runpy.run_path(str(ROOT / "packaging" / "guide_tables.py"))["pages"]()
    assert {name: (GUIDE / name).read_text() for name in written} == written


def test_every_workspace_names_a_page() -> None:
    pages = [plug.guide for plug in PLUGS]
    assert len(set(pages)) == len(pages)
    assert all((GUIDE / page).is_file() for page in pages)
