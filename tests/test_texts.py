import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import quakeview
from quakeview.texts import clock, counted, duration, file_size


@pytest.mark.parametrize(("number", "text"), [(0, "0 picks"), (1, "1 pick"), (2, "2 picks"), (12_345, "12,345 picks")])
def test_things_are_counted_in_the_singular_and_the_plural(number: int, text: str) -> None:
    assert counted(number, "pick") == text


def test_an_irregular_plural_and_a_verb_are_given() -> None:
    assert counted(2, "city", "cities") == "2 cities"
    assert [counted(number, "pick was", "picks were") for number in (1, 3)] == ["1 pick was", "3 picks were"]


def test_durations_times_and_sizes_are_short() -> None:
    assert [duration(seconds) for seconds in (0.25, 59.6, 3600, 90_000)] == [
        "0.25 s",
        "1 min 00 s",
        "1 h 00 min",
        "1 d 01 h",
    ]
    assert clock(3723.456) == "01:02:03.46"
    assert [file_size(size) for size in (12, 64_000, 1.4e9)] == ["12 bytes", "64 kB", "1.4 GB"]


PACKAGE = Path(quakeview.__file__).parent
THINGS = """picks members stations files channels records events frames points sites gaps traces models samples jobs
cities scenarios planes values earthquakes"""
A_THING = re.compile(rf" (rejected |virtual |finished )?({'|'.join(THINGS.split())})\b")


def numbers_of_things(tree: ast.AST, chosen_by_number: bool = False) -> Iterator[str]:
    """f-strings that write a number and things without ``counted``; a constant, or a branch for one, is as good."""
    chosen_by_number = chosen_by_number or isinstance(tree, ast.IfExp)
    if isinstance(tree, ast.JoinedStr) and not chosen_by_number:
        for value, text in pairwise(tree.values):
            number = isinstance(value, ast.FormattedValue) and not value.format_spec
            if number and isinstance(text, ast.Constant) and A_THING.match(text.value):
                written = ast.unparse(value.value)
                if not (written.isupper() or written.endswith("name") or written in ALWAYS_SEVERAL):
                    yield f"{written}{text.value}"
    for child in ast.iter_child_nodes(tree):
        yield from numbers_of_things(child, chosen_by_number)


ALWAYS_SEVERAL = {"longest", "width", "height", "config.window_samples", "text"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nobody_reads_one_picks(path: Path) -> None:
    assert list(numbers_of_things(ast.parse(path.read_text(encoding="utf-8")))) == []


AMERICAN = re.compile(
    r"(?<![\w.`])(colors?|colored|centers?|centered|gray|behaviors?|neighbors?|labeled|labeling|modeled|modeling|canceled|"
    r"traveled|traveling|fiber|kilometers?|catalogs?|(anal|catal)yz\w+|(normal|optim|initial|character|summar|recogn|"
    r"organ|visual|minim|maxim|synthes)iz\w+)(?![\w`(]|:\s*$)"
)
"""Where an API demands such a word it is code: in backticks, before a parenthesis, or a style."""


def screen_texts(path: Path) -> Iterator[str]:
    """What may be shown: strings of several words that are no docstrings; of Markdown what is no code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        return
    tree = ast.parse(text)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(value)) if " " in value and id(node) not in docstrings:
                yield value


TEXTS = [
    *PACKAGE.rglob("*.py"),
    *PACKAGE.parent.glob("*.md"),
    *PACKAGE.parent.glob("resources/guide/*.md"),
    *PACKAGE.parent.glob("models/*/README.md"),
]


def test_texts_on_the_screen_are_british() -> None:
    assert [each[0] for each in AMERICAN.finditer("The color of gray, not `gray`")] == ["color", "gray"]
    found = [(path.name, each[0]) for path in TEXTS for text in screen_texts(path) for each in AMERICAN.finditer(text)]
    assert found == []
