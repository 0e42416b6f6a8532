"""The colours of everything that is drawn, with a window or without."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

C = TypeVar("C")
D = TypeVar("D")


@dataclass(frozen=True)
class Colours(Generic[C]):
    """The colours of a page and of what is drawn on it, as ``#rrggbb`` or as what a toolkit paints with.

    P is vermilion and S is blue (Okabe and Ito's colour-blind-safe palette), lightened on a dark page so that both keep
    a contrast above 4.5 to it.

    Attributes:
        base: the page itself, of plots, maps, tables.
        window, raised, hover: around it, and of controls.
        border, grid, line: between areas, behind curves, of axes and frames.
        ink: seismograms, shorelines.
    """

    window: C
    base: C
    raised: C
    hover: C
    border: C
    grid: C
    line: C
    text: C
    muted: C
    disabled: C
    accent: C
    on_accent: C
    selection: C
    ink: C
    fault: C
    star: C
    p: C
    s: C
    other: C
    good: C
    warning: C
    error: C
    is_dark: bool = False

    def phase(self, phase: str) -> C:
        """By family: P, Pn, Pg, PKP ... are vermilion, S, Sn, Sg ... blue, Lg, Rg, T ... purple."""
        return {"P": self.p, "S": self.s}.get(phase[:1].upper(), self.other)

    def made(self, colour: Callable[[C], D]) -> "Colours[D]":
        """The same, each made into what ``colour`` returns for it."""
        named = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "is_dark"}
        return Colours(**{name: colour(value) for name, value in named.items()}, is_dark=self.is_dark)


LIGHT = Colours(
    window="#f5f7f9",
    base="#ffffff",
    raised="#ffffff",
    hover="#e8edf1",
    border="#d9dfe5",
    grid="#e6eaee",
    line="#9aa5b1",
    text="#1c2530",
    muted="#566270",
    disabled="#9aa5b1",
    accent="#0f766e",
    on_accent="#ffffff",
    selection="#d5ebe8",
    ink="#26384a",
    fault="#8a5a00",
    star="#ffc928",
    p="#d55e00",
    s="#0072b2",
    other="#a8458f",
    good="#2f7d4f",
    warning="#8a6100",
    error="#b3261e",
)

DARK = Colours(
    window="#1a1f26",
    base="#14181d",
    raised="#222932",
    hover="#2b343f",
    border="#323b46",
    grid="#262d36",
    line="#566270",
    text="#e6ebf0",
    muted="#9aa6b3",
    disabled="#66717d",
    accent="#45bdb2",
    on_accent="#0c1a19",
    selection="#1e4643",
    ink="#c4d1dd",
    fault="#dcb56b",
    star="#ffd54a",
    p="#ff8a3d",
    s="#4aa8f0",
    other="#e59acb",
    good="#6fca92",
    warning="#e3b341",
    error="#ff8a80",
    is_dark=True,
)

MARKS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Of marked points and their traces, in turn: Okabe and Ito's colour-blind-safe palette."""
MARKS_ON_DARK = {"#0072b2": "#4aa8f0", "#d55e00": "#ff8a3d", "#009e73": "#2fc79a"}
"""Those that would be too dark as thin lines on a dark page."""


def lookup_table(anchors: tuple[str, ...]) -> "NDArray[np.uint8]":
    """(256, 4) RGBA: evenly spaced ``#rrggbb`` anchors with straight lines between them in sRGB."""
    import numpy as np  # the first picture of the window needs colours and no tables

    rgb = np.array([[int(anchor[i : i + 2], 16) for i in (1, 3, 5)] for anchor in anchors])
    at = np.linspace(0, len(anchors) - 1, 256)
    channels = [np.interp(at, np.arange(len(anchors)), rgb[:, channel]) for channel in range(3)]
    return np.column_stack([*channels, np.full(256, 255)]).round().astype(np.uint8)


class Ground(StrEnum):
    """What a map in the colours of a palette is like, for whatever is drawn over it."""

    PAGE = "page"
    DARK = "dark"
    BRIGHT = "bright"


@dataclass(frozen=True)
class Palette:
    """The colours of a scale on a light and on a dark page, even steps from its low to its high end."""

    light: tuple[str, ...]
    dark: tuple[str, ...] = ()
    ground: Ground = Ground.PAGE

    @cached_property
    def light_table(self) -> "NDArray[np.uint8]":
        return lookup_table(self.light)

    @cached_property
    def dark_table(self) -> "NDArray[np.uint8]":
        return lookup_table(self.dark or self.light)


DIVERGING = Palette(
    light=("#0a2f66", "#1f63ad", "#62a4d8", "#b9d8ee", LIGHT.base, "#f8c9b6", "#e8806a", "#c2303a", "#6d0a22"),
    dark=("#c3e4ff", "#7cc3f7", "#338fd6", "#1d527f", DARK.base, "#7d2b27", "#d9503f", "#ff8d6e", "#ffd6c4"),
)
"""Blue, the page, red. The middle is the page itself, so that ground at rest shows nothing."""

FIRE = Palette(
    light=(LIGHT.base, "#fdf0bf", "#fbc95a", "#f3922a", "#d9543c", "#a32f5e", "#641a6b", "#2a0b54"),
    dark=(DARK.base, "#391553", "#74206b", "#ad325b", "#de5238", "#f68d1f", "#f9c747", "#fcf9bd"),
)
"""The page, then further and further from it: for amounts that are zero at rest."""

VIRIDIS = Palette(
    (
        *("#440154", "#481a6c", "#472f7d", "#414487", "#39568c", "#31688e", "#2a788e", "#23888e"),
        *("#1f988b", "#22a884", "#35b779", "#54c568", "#7ad151", "#a5db36", "#d2e21b", "#fde725"),
    ),
    ground=Ground.DARK,
)
"""Smith and van der Walt's viridis, perceptually uniform."""

BATLOW = Palette(
    (
        *("#011959", "#103f60", "#1c5a62", "#3c6d56", "#687b3e"),
        *("#9d892b", "#d29343", "#f8a17b", "#fdb7bc", "#faccfa"),
    ),
    ground=Ground.DARK,
)
"""Crameri's batlow (2018), perceptually uniform."""
