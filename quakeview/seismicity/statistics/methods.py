"""The ways in which clusters are found."""

from enum import StrEnum


class Method(StrEnum):
    """How clusters are found: windows (1974), links (1985), proximity (Zaliapin and Ben-Zion 2013)."""

    GARDNER_KNOPOFF = "Gardner and Knopoff"
    REASENBERG = "Reasenberg"
    NEAREST_NEIGHBOUR = "Nearest neighbour"
