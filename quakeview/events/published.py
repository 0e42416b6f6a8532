"""Published models and laws by name, and the user's own by the file they are in."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from quakeview.errors import QuakeViewError

T = TypeVar("T")


def by_name_or_file(name: str, published: Mapping[str, T], read: Callable[[Path], T], kind: str) -> T:
    """Find a published one by its name or how only its name begins, in any case; or read a file.

    Args:
        kind: what it is, for the sentence.

    Raises:
        QuakeViewError: if there is none, or what ``read`` raises.
    """
    begin_so = [key for key in published if key.lower().startswith(name.lower())]
    if name in published or len(begin_so) == 1:
        return published.get(name) or published[begin_so[0]]
    if Path(name).is_file():
        return read(Path(name))
    raise QuakeViewError(
        f"There is no {kind} {name!r}, and no file of that name; choose from {', '.join(begin_so or published)}."
    )
