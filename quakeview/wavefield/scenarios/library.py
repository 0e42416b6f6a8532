"""The scenarios on this machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from quakeview.errors import QuakeViewError
from quakeview.wavefield.scenarios.scenario import opened
from quakeview.wavefield.scenarios.schema import read_frames_written, read_header


@dataclass(frozen=True)
class ScenarioCard:
    """What can be said of a scenario without reading its wavefield.

    Attributes:
        n_frames: written so far.
        made: when the file was last written, s since 1970.
        size: bytes.
    """

    path: Path
    name: str
    magnitude: float | None
    hypocentre: tuple[float, float, float] | None
    frequency: float
    n_frames: int
    complete: bool
    made: float
    size: int


def scenarios_dir() -> Path:
    """Where scenarios are kept that the user makes."""
    return Path(platformdirs.user_data_dir("quakeview", appauthor=False)) / "scenarios"


def list_scenarios(folder: Path) -> tuple[list[ScenarioCard], list[str]]:
    """(cards by name, problems as sentences) of the .h5 files of a folder, which may be missing."""
    cards, problems = [], []
    for path in _files(folder):
        try:
            cards.append(_card(path))
        except QuakeViewError as error:
            if path.exists():  # else it was deleted meanwhile
                problems.append(str(error))
    return cards, problems


def read_card(path: Path) -> ScenarioCard | None:
    """The card of one file; None if it is no scenario that can be read."""
    try:
        return _card(path)
    except QuakeViewError:
        return None


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.suffix == ".h5" and not path.name.startswith("."))


def _card(path: Path) -> ScenarioCard:
    with opened(path) as file:
        header = read_header(file)
        n_frames = read_frames_written(file)
        status = path.stat()
    return ScenarioCard(
        path=path,
        name=header.name,
        magnitude=header.magnitude,
        hypocentre=header.hypocentre,
        frequency=header.frequency,
        n_frames=n_frames,
        complete=n_frames >= header.planned_frames,
        made=status.st_mtime,
        size=status.st_size,
    )
