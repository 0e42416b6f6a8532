"""Real records that the installed ObsPy carries, so that a first run needs no data."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """``pattern`` is a glob below the ObsPy package."""

    title: str
    text: str
    pattern: str

    def paths(self) -> list[Path]:
        """The files; empty if this ObsPy came without its test data."""
        import obspy

        return sorted(Path(obspy.__file__).parent.glob(self.pattern))


SAMPLES = (
    Sample(
        "Two small earthquakes in Bavaria",
        "4 stations of network BW, 4 minutes, 2010",
        "signal/tests/data/BW.UH*.147.cut.slist.gz",
    ),
    Sample(
        "A volcanic earthquake on Montserrat",
        "8 stations, three components, 49 seconds, 1997",
        "io/seisan/tests/data/9701-30-1048-54S.MVO_21_1",
    ),
)
