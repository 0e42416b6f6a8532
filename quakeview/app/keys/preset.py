"""What the keys of another program are made of."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Absent:
    """A key of the other program that does nothing of the sort here.

    Attributes:
        keys: as that program writes them.
        there: what they do there.
        instead: what to do here, a sentence.
    """

    keys: str
    there: str
    instead: str


@dataclass(frozen=True)
class Preset:
    """The keys of another program.

    Attributes:
        name: of the program.
        keys: of our actions, by their ids, where they differ from ours.
        absent: its keys that have no counterpart.
    """

    name: str
    keys: Mapping[str, tuple[str, ...]]
    absent: tuple[Absent, ...] = ()
