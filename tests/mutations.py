"""Valid files of many formats, damaged in many ways, and what opening one of them must never do."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import obspy

from quakeview.errors import QuakeViewError
from quakeview.events.exchange import read_event_file
from quakeview.monitoring.annotate import annotate_station
from quakeview.monitoring.exchange import read_pick_file
from quakeview.monitoring.onset_peaks import Thresholds
from quakeview.monitoring.stitching import Windowing
from quakeview.seismicity.reading import read_catalogue
from quakeview.stations.book import read_stations
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.display import load_display_records

OBSPY = Path(obspy.__file__).parent
FOLDERS = {
    "waveforms": (
        *("mseed", "sac", "gse2", "segy", "win", "seisan", "sh", "gcf", "y", "ah", "ascii", "seg2", "kinemetrics"),
        *("reftek", "dmx", "css", "nied", "arclink", "wav"),
    ),
    "metadata": ("stationxml", "xseed", "seiscomp", "stationtxt"),
    "picks": ("quakeml", "nlloc", "seiscomp"),
    "events": ("quakeml", "nlloc", "nordic", "hypodd", "csv", "zmap", "iaspei", "ndk", "scardec"),
    "catalogues": ("quakeml", "csv", "zmap", "iaspei", "hypodd"),
}
LARGEST = 60_000
PER_FOLDER = 12
TABLE = (
    "network,station,location,channel,phase,time,probability\n"
    "XX,ABC,00,HHZ,P,2024-05-01T00:00:38.2Z,0.91\n"
    "XX,ABC,00,HHN,S,2024-05-01T00:00:39.3Z,0.85\n"
)


@dataclass(frozen=True)
class Seed:
    """A valid file; ``kind`` says by which door it comes in."""

    name: str
    kind: str
    content: bytes


class LoudestPicker:
    """Stands in for a network: P and S wherever a window is loudest."""

    name, sampling_rate, window_samples, batch_size = "loudest", 50.0, 1024, 8
    windowing = Windowing()

    def uncertainty(self, phase: str, probability: float) -> float | None:
        return None

    def probabilities(self, windows: np.ndarray) -> np.ndarray:
        loudness = np.abs(windows[:, :2])
        most = loudness.max(axis=-1, keepdims=True)
        return (0.9 * (loudness >= most) * (most > 0)).astype(np.float32)


def seeds() -> list[Seed]:
    """Small files of ObsPy's own test data that open, and a table of picks."""
    found = [Seed("picks.csv", "picks", TABLE.encode())]
    for kind, folders in FOLDERS.items():
        for folder in folders:
            files = sorted(
                path for path in (OBSPY / "io" / folder).rglob("*") if "data" in path.parts and path.is_file()
            )
            small = [path for path in files if 0 < path.stat().st_size <= LARGEST and _opens(path, kind)]
            step = max(1, len(small) // PER_FOLDER)
            found += [Seed(path.name, kind, path.read_bytes()) for path in small[::step][:PER_FOLDER]]
    return found


def _opens(path: Path, kind: str) -> bool:
    try:
        if kind == "waveforms":
            archive = Archive()
            archive.add([path])
            return bool(archive.channels)
        _READERS[kind](path)
    except QuakeViewError:
        return False
    return True


_READERS: dict[str, Callable[[Path], object]] = {
    "picks": read_pick_file,
    "events": read_event_file,
    "catalogues": read_catalogue,
    "metadata": lambda path: read_stations([path]).coordinates,
}


def mutate(content: bytes, rng: random.Random) -> bytes:
    """One to four damages: flipped bits, a part cut, put in, doubled, overwritten or cut off."""
    damaged = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(damaged)) if damaged else 0
        length = min(rng.choice((1, 2, 4, 8, 64, 512, 4096)), max(1, len(damaged)))
        match rng.choice(("flip", "flip", "header", "cut", "insert", "double", "overwrite", "truncate")):
            case "flip":
                for _ in range(rng.randint(1, 20)):
                    damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
            case "header":
                damaged[rng.randrange(min(len(damaged), 400))] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
            case "cut":
                del damaged[at : at + length]
            case "insert":
                damaged[at:at] = rng.randbytes(length)
            case "double":
                damaged[at:at] = damaged[at : at + length]
            case "overwrite":
                damaged[at : at + length] = rng.choice((bytes(length), b"\xff" * length, rng.randbytes(length)))
            case "truncate":
                del damaged[at:]
        if not damaged:
            break
    return bytes(damaged)


def open_and_use(seed: Seed, path: Path, rng: random.Random) -> str:
    """Do with a file what the program does with it; returns ``opened`` or ``refused``.

    Raises:
        AssertionError: if a pick is outside the data, or the file vanished without a word.
        Exception: whatever the person would see as a traceback.
    """
    if seed.kind != "waveforms":
        try:
            _READERS[seed.kind](path)
        except QuakeViewError:
            return "refused"
        return "opened"
    archive = Archive()
    problems = archive.add([path])
    assert archive.channels or problems
    for channel in archive.channels:
        archive.pieces(channel)
    if rng.random() < 0.25:
        for channel in archive.channels[:3]:
            try:
                load_display_records(archive, channel)
            except QuakeViewError:
                continue
    if rng.random() < 0.25:
        for station in list(archive.stations)[:3]:
            _pick(archive, station)
    return "opened" if archive.channels else "refused"


def _pick(archive: Archive, station: object) -> None:
    try:
        result = annotate_station(LoudestPicker(), archive, station, Thresholds(0.3, 0.3))  # type: ignore[arg-type]
    except QuakeViewError:
        return
    for pick in result.picks:
        pieces = archive.pieces(pick.channel_id, pick.time - 1, pick.time + 1)
        near = [piece for piece in pieces if piece.start - 5e7 <= pick.time.ns <= piece.end + 5e7]
        assert near, f"{pick.channel_id} at {pick.time} is outside the data"
