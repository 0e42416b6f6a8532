"""From records to a catalogue: Ridgecrest beside two published catalogues, one earthquake at 289 stations, and cases.

Needs the folder named by QUAKEVIEW_SHARED. The peer is pyocto (Münchmeyer 2024) on the same picks in the same run; it
needs NumPy < 2, so it runs in an environment of its own, whose Python QUAKEVIEW_PYOCTO names. Seconds are of the clock
(where other work shares the machine they say little) and of the processors.
"""

import json
import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from obspy import UTCDateTime

from quakeview.events.attenuation_laws import LAWS
from quakeview.events.cataloguing import Catalogue, Method, PickerChoice, make_catalogue
from quakeview.events.event import Event, Origin
from quakeview.events.finding import find_events
from quakeview.events.locating import Locator
from quakeview.jobs import Progress
from quakeview.monitoring.exchange import read_picks
from quakeview.monitoring.picks import Pick
from quakeview.registry import PICKING, chosen_model
from quakeview.stations.book import StationBook, read_stations
from quakeview.stations.coordinates import Coordinates, epicentral_path
from quakeview.waveforms.archive import Archive
from tests.benchmarks.picks_real import read_rows
from tests.shared import SHARED

RIDGECREST = SHARED / "data" / "continuous" / "ridgecrest_20190704_1650_1810"
BUAN = SHARED / "data" / "events" / "buan_2024T000000056_M3.1"
CASES = SHARED / "data" / "cases"
SCSN, PAL = "catalog_trugman2020_scsn.csv", "catalog_pal_hypodd.csv"
QUICK_UNTIL = UTCDateTime("2019-07-04T17:20:00")
SAME_TIME, SAME_PLACE = 2.5, 20e3
"""Seconds and metres within which two catalogues speak of the same earthquake."""
STAGES = ((0.7, "picking"), (0.9, "finding"), (1.0, "sizing"))
PYOCTO_PYTHON = "QUAKEVIEW_PYOCTO"
PYOCTO = """
import json, sys, pandas, pyocto
given = json.load(sys.stdin)
model = pyocto.VelocityModel0D(p_velocity=6.0, s_velocity=3.47, tolerance=1.5, association_cutoff_distance=150)
associator = pyocto.OctoAssociator.from_area(
    lat=given["latitude"], lon=given["longitude"], zlim=(0, 30), time_before=300, velocity_model=model, n_picks=6,
    n_p_picks=3, n_s_picks=2, n_p_and_s_picks=2)
stations, picks = pandas.DataFrame(given["stations"]), pandas.DataFrame(given["picks"])
associator.transform_stations(stations)
events, _ = associator.associate(picks, stations)
associator.transform_events(events)
print(events[["time", "latitude", "longitude", "depth"]].to_json(orient="records"))
"""


def run(quick: bool) -> dict[str, object]:
    if not RIDGECREST.is_dir():
        print("skipped: set QUAKEVIEW_SHARED to a folder with the Ridgecrest records")
        return {"skipped": "no Ridgecrest records"}
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return {"ridgecrest": ridgecrest(quick), "buan": buan(), "cases": cases()}


@dataclass
class Stages(Progress):
    """Seconds of the clock and of the processors that each stage of ``make_catalogue`` took."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    of_processors: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        super().__init__()
        self._last = (time.perf_counter(), time.process_time(), STAGES[0][1])

    def on_advance(self, done: float, total: float, message: str) -> None:
        clock, processors, stage = self._last
        now = time.perf_counter(), time.process_time()
        self.seconds[stage] += now[0] - clock
        self.of_processors[stage] += now[1] - processors
        self._last = (*now, next(name for until, name in STAGES if done < until * total or until == 1.0))

    def figures(self) -> dict[str, float]:
        """Of each stage and in all; prints them."""
        self.on_advance(1, 1, "")
        found = {name: round(seconds, 1) for name, seconds in self.seconds.items()}
        processors = {f"{name}_processors": round(seconds, 1) for name, seconds in self.of_processors.items()}
        found |= {"all": round(sum(self.seconds.values()), 1)}
        processors |= {"all_processors": round(sum(self.of_processors.values()), 1)}
        print(
            "  seconds:",
            ", ".join(f"{name} {value:g} ({processors[f'{name}_processors']:g})" for name, value in found.items()),
        )
        return {**found, **processors}


def ridgecrest(quick: bool) -> dict[str, object]:
    """Of the shipped picker, of PhaseNet's picks, and of pyocto with both."""
    end = QUICK_UNTIL if quick else None
    archive, stages = Archive(), Stages()
    archive.add([RIDGECREST / "mseed"])
    book = read_stations([RIDGECREST / "station_gain.csv", RIDGECREST / "stations.csv"])
    references = {name: reference(RIDGECREST / name, end) for name in (SCSN, PAL)}
    model = chosen_model(None, PICKING).name
    method = Method(law=LAWS["California (CISN)"])
    ours = make_catalogue(archive, book, (), PickerChoice(model, end=end), archive.stations, method, progress=stages)
    phasenet = [pick for pick in read_picks(RIDGECREST / "picks_phasenet.csv") if end is None or pick.time < end]
    print(f"Ridgecrest with {model}: {len(ours.picks)} picks are kept")
    figures: dict[str, object] = {"seconds": stages.figures(), model: compared(ours.events, references)}
    begin = time.process_time()
    found = find_events(phasenet, Locator.at(book.coordinates))
    print(f"with PhaseNet's {len(phasenet)} picks, {time.process_time() - begin:.1f} s of a processor")
    figures["phasenet"] = compared(found.events, references)
    for name, picks in {model: ours.picks, "phasenet": phasenet}.items():
        figures[f"pyocto {name}"] = of_pyocto(picks, book, references)
    return figures


def reference(path: Path, end: UTCDateTime | None) -> list[tuple[Origin, float]]:
    """Origins and magnitudes of a published catalogue."""
    rows = [
        (
            Origin(
                UTCDateTime(row["time"]), float(row["latitude"]), float(row["longitude"]), 1000 * float(row["depth_km"])
            ),
            float(row["magnitude"]),
        )
        for row in read_rows(path)
    ]
    return [(origin, magnitude) for origin, magnitude in rows if end is None or origin.time < end - 60]


def compared(events: Sequence[Event], references: dict[str, list[tuple[Origin, float]]]) -> dict[str, object]:
    """Events beside each reference; prints a line for each."""
    known: set[int] = set()
    figures: dict[str, object] = {"events": len(events)}
    for name, rows in references.items():
        pairs = matched(events, [origin for origin, _ in rows])
        known |= set(pairs.values())
        figures[name] = apart_by = of_pairs([(events[own], *rows[other]) for other, own in pairs.items()], len(rows))
        print(f"  {name:30} {line(apart_by)}")
    figures["unmatched"] = (len(events) - len(known)) / max(1, len(events))
    print(f"  {len(events)} events, {figures['unmatched']:.0%} in no reference")
    return figures


def matched(events: Sequence[Event], origins: Sequence[Origin]) -> dict[int, int]:
    """For each origin of a reference that was found: which event it is, the nearest in time, each once."""
    near = sorted(
        (abs(event.time - origin.time), other, own)
        for other, origin in enumerate(origins)
        for own, event in enumerate(events)
        if abs(event.time - origin.time) <= SAME_TIME and apart(event.origin, origin) <= SAME_PLACE
    )
    pairs: dict[int, int] = {}
    for _, other, own in near:
        if other not in pairs and own not in pairs.values():
            pairs[other] = own
    return pairs


def apart(one: Origin, other: Origin) -> float:
    """Metres between two epicentres."""
    return epicentral_path(one.latitude, one.longitude, Coordinates(other.latitude, other.longitude, 0.0)).distance


def of_pairs(pairs: Sequence[tuple[Event, Origin, float]], number: int) -> dict[str, float]:
    """How far apart the two catalogues are, km, s and magnitude units."""
    if not pairs:
        return {"matched": 0, "of": number}
    epicentres = [apart(event.origin, origin) / 1000 for event, origin, _ in pairs]
    depths = np.array([(event.origin.depth or 0) - (origin.depth or 0) for event, origin, _ in pairs]) / 1000
    figures = {
        "matched": len(pairs),
        "of": number,
        "epicentre_median_km": float(np.median(epicentres)),
        "epicentre_90_km": float(np.quantile(epicentres, 0.9)),
        "depth_median_km": float(np.median(np.abs(depths))),
        "depth_bias_km": float(np.median(depths)),
    }
    figures |= {
        f"{name}_{level}": held(pairs[first::2], level)
        for first, name in ((0, "ellipses_chosen_with"), (1, "ellipses_of_others"))
        for level in (68, 95)
    }
    sizes = np.array([event.magnitude.value - published for event, _, published in pairs if event.magnitude])
    if len(sizes):
        figures |= {"ml_mae": float(np.abs(sizes).mean()), "ml_bias": float(np.median(sizes))}
    return figures


def held(pairs: Sequence[tuple[Event, Origin, float]], level: int) -> float:
    """Share of the epicentres of a reference that are inside the error ellipse of a level in per cent."""
    inside = []
    for event, origin, _ in pairs:
        if event.origin.uncertainty is None:
            continue
        here = Coordinates(origin.latitude, origin.longitude, 0.0)
        path = epicentral_path(event.origin.latitude, event.origin.longitude, here)
        azimuth = np.radians(path.azimuth)
        off = path.distance * np.array([np.sin(azimuth), np.cos(azimuth)])
        distance2 = off @ np.linalg.solve(event.origin.uncertainty.covariance[:2, :2], off)
        inside.append(distance2 <= -2 * np.log(1 - level / 100))  # chi-square of two degrees of freedom
    return float(np.mean(inside)) if inside else float("nan")


def line(figures: dict[str, float]) -> str:
    text = "{matched} of {of}"
    if figures["matched"]:
        text += (
            "; epicentre {epicentre_median_km:.2f} km, 90 % {epicentre_90_km:.2f}; depth {depth_median_km:.2f} km, "
            "bias {depth_bias_km:+.2f}; 68/95 % ellipses hold {ellipses_of_others_68:.0%}/{ellipses_of_others_95:.0%}"
        )
    if "ml_mae" in figures:
        text += "; ML {ml_mae:.2f}, bias {ml_bias:+.2f}"
    return text.format(**figures)


def of_pyocto(
    picks: Sequence[Pick], book: StationBook, references: dict[str, list[tuple[Origin, float]]]
) -> dict[str, object]:
    """What pyocto makes of the picks in a homogeneous model."""
    python = os.environ.get(PYOCTO_PYTHON)
    if not python:
        print(f"pyocto: skipped, {PYOCTO_PYTHON} names no Python that has it")
        return {"skipped": f"{PYOCTO_PYTHON} is not set"}
    places = book.coordinates
    latitudes, longitudes = ([getattr(each, name) for each in places.values()] for name in ("latitude", "longitude"))
    given = {
        "latitude": (min(latitudes) - 0.5, max(latitudes) + 0.5),
        "longitude": (min(longitudes) - 0.5, max(longitudes) + 0.5),
        "stations": [
            {"id": ".".join(place), "latitude": at.latitude, "longitude": at.longitude, "elevation": at.elevation}
            for place, at in places.items()
        ],
        "picks": [
            {"station": ".".join(pick.channel_id[:2]), "phase": pick.phase, "time": pick.time.timestamp}
            for pick in picks
            if pick.channel_id[:2] in places
        ],
    }
    begin = time.perf_counter()
    done = subprocess.run([python, "-c", PYOCTO], input=json.dumps(given), capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"pyocto: skipped, {done.stderr.strip().splitlines()[-1:]}")
        return {"skipped": done.stderr[-500:]}
    print(f"pyocto on the same {len(given['picks'])} picks, {time.perf_counter() - begin:.1f} s with its start")
    rows = json.loads(done.stdout)
    events = [
        Event(Origin(UTCDateTime(row["time"]), row["latitude"], row["longitude"], 1000 * row["depth"])) for row in rows
    ]
    return compared(events, references)


def buan() -> dict[str, object]:
    """One earthquake of magnitude 3.1 at 289 stations: as one, where it was, without picks of noise."""
    truth = json.loads((BUAN / "event.json").read_text())
    origin = Origin(UTCDateTime(truth["utc"]), truth["lat"], truth["lon"], 1000 * truth["dep"])
    found, stages = of_folder([BUAN / "waveforms.mseed"], [BUAN / "stations.csv"])
    print(f"Buan, {len(found.picks)} picks are kept: {len(found.events)} events {found.why_none}")
    figures: dict[str, object] = {"events": len(found.events), "seconds": stages.figures()}
    for event in found.events:
        times = {pick.resource_id: pick for pick in found.picks}
        used = [times[arrival.pick_id] for arrival in event.origin.used]
        late = np.array([seconds_off(pick) for pick in used])
        figures |= {
            "off_km": apart(event.origin, origin) / 1000,
            "depth_off_km": (event.origin.depth or 0) / 1000 - truth["dep"],
            "time_off": event.time - origin.time,
            "picks": len(used),
            "beyond_5s_of_estimates": int((np.abs(late) > 5).sum()),
        }
        print(
            "  {off_km:.2f} km off, depth {depth_off_km:+.1f} km, {time_off:+.2f} s; {picks} picks, "
            "{beyond_5s_of_estimates} of them more than 5 s from the estimates of the network".format(**figures)
        )
    return figures


def seconds_off(pick: Pick) -> float:
    """After the time that a program of the network estimated for this station and phase."""
    row = _estimates()[pick.channel_id.network, pick.channel_id.station]
    return float(pick.time - UTCDateTime(row[f"{pick.phase.lower()}_time_est"]))


def _estimates() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["network"], row["station"]): row for row in read_rows(BUAN / "stations.csv")}


def of_folder(paths: Sequence[Path], stations: Sequence[Path]) -> tuple[Catalogue, Stages]:
    """The catalogue of records with the shipped picker."""
    archive, stages = Archive(), Stages()
    archive.add(paths)
    model = chosen_model(None, PICKING).name
    found = make_catalogue(archive, read_stations(stations), (), PickerChoice(model), archive.stations, progress=stages)
    return found, stages


def cases() -> dict[str, object]:
    """Short records of single earthquakes: found where there are enough stations with coordinates."""
    figures: dict[str, object] = {}
    places = read_stations([RIDGECREST / "stations.csv"]).coordinates
    truths = json.loads((CASES / "truth_events.json").read_text())
    for path in sorted(CASES.glob("*.mseed")):
        archive = Archive()
        archive.add([path])
        stations = len({channel[:2] for channel in archive.channels if channel[:2] in places})
        if stations < 4:
            figures[path.name] = "fewer than 4 stations with coordinates"
            continue
        found, _ = of_folder([path], [RIDGECREST / "stations.csv"])
        truth = truths[path.name]
        origin = Origin(UTCDateTime(truth["time"]), truth["latitude"], truth["longitude"], 1000 * truth["depth_km"])
        figures[path.name] = compared(found.events, {path.stem: [(origin, np.nan)]})
    single = sum(isinstance(value, str) for value in figures.values())
    print(f"{single} of {len(figures)} cases have fewer than 4 stations with coordinates")
    return figures
