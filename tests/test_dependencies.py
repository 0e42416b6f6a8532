"""What is imported is declared, and what is declared is imported."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ONLY_WITH_A_CARD = {"triton"}
"""Comes with PyTorch for CUDA, and is asked for first."""
RUN_AS_PROGRAMS = {"mypy", "ruff", "pytest-qt", "pytest-timeout", "pytest-xdist"}
OPTIONAL = ("cluster", "seisbench", "tensorboard")
OURS = {"quakeview", "tests"}


def declared(*extras: str) -> set[str]:
    lists = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in extras)]
    return {canonicalize_name(Requirement(text).name) for each in lists for text in each}


def imported(folder: str) -> Iterator[str]:
    """Top-level names of what the Python files of a folder import, inside functions and by name too."""
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    yield from (alias.name.split(".")[0] for alias in names)
                case ast.ImportFrom(module=str(module), level=0):
                    yield module.split(".")[0]
                case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(module))]):
                    yield module.split(".")[0]


def distributions(folder: str) -> dict[str, set[str]]:
    """Which installed distributions could have brought each name that a folder imports from outside."""
    of = packages_distributions()
    names = set(imported(folder)) - set(sys.stdlib_module_names) - OURS - ONLY_WITH_A_CARD
    return {name: {canonicalize_name(each) for each in of.get(name, [name])} for name in names}


@pytest.mark.parametrize(("folder", "extras"), [("quakeview", OPTIONAL), ("tests", ("test", *OPTIONAL))])
def test_what_is_imported_is_declared(folder: str, extras: tuple[str, ...]) -> None:
    undeclared = {name for name, brought in distributions(folder).items() if not brought & declared(*extras)}
    assert undeclared == set()


def test_what_is_declared_is_imported() -> None:
    used = set().union(*distributions("quakeview").values())
    assert declared() - used == set()
    used |= set().union(*distributions("tests").values())
    assert declared("test", *OPTIONAL) - used - RUN_AS_PROGRAMS == set()
