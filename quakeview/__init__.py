"""QuakeView: from raw seismograms to a shaking forecast on one screen.

The public interface is what ``__all__`` names; it is explained in ``quakeview.api`` and imported on first use, so that
``import quakeview`` costs nothing. What it does changes only with a line in the CHANGELOG.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "QuakeViewError",
    "QuakeViewWarning",
    "characterise",
    "forecast",
    "locate",
    "pick",
    "read",
    "simulate",
    "to_catalog",
]

if TYPE_CHECKING:
    from quakeview.api import (
        QuakeViewError,
        QuakeViewWarning,
        characterise,
        forecast,
        locate,
        pick,
        read,
        simulate,
        to_catalog,
    )


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from quakeview import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
