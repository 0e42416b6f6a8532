"""Picks on real labelled records: F1 of one pick per phase and trace, recall in a dense sequence, false picks in quiet.

Needs the folder named by QUAKEVIEW_SHARED (in its ``data``: ``real_picks`` in SeisBench layout, ``cases``,
``continuous``). The peer that runs beside us is ObsPy's AR-AIC picker (Akazawa 2004); PhaseNet's picks are
stored with the records.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from obspy import UTCDateTime
from obspy.signal.trigger import ar_pick

from quakeview.jobs import Progress
from quakeview.monitoring.annotate import annotate_station
from quakeview.monitoring.onset_peaks import Thresholds
from quakeview.monitoring.picker import Picker, find_picker, load_picker
from quakeview.registry import PICKING, ModelCard, chosen_model
from quakeview.training.datasets import RecordSet, open_seisbench
from quakeview.training.picking import validate_picker
from quakeview.training.scores import pick_scores
from quakeview.waveforms.archive import Archive
from tests.shared import SHARED

TRAINED_UNTIL = UTCDateTime("2019-07-04T17:30:00")
"""Ridgecrest picks before this time were used for training; the sequence is scored on later events."""
QUIET_UNTIL = UTCDateTime("2019-07-04T17:01:30")

PickTimes = dict[tuple[str, str, str], list[UTCDateTime]]


def run(quick: bool, models: Sequence[str] = ()) -> dict[str, object]:
    """Score the first picker, or these: names, folders, or pickers of SeisBench (``seisbench:PhaseNet/stead``)."""
    if not SHARED.is_dir():
        print("skipped: set QUAKEVIEW_SHARED to a folder with labelled records")
        return {"skipped": "no labelled records"}
    if not models:
        return figures_of(chosen_model(None, PICKING), quick)
    return {name: figures_of(find_picker(name), quick) for name in models}


def figures_of(card: ModelCard, quick: bool) -> dict[str, object]:
    """All figures of one model, and of AR-AIC on the same traces."""
    print(f"{card.name}: {card.trained_on or 'training data not stated'}")
    picker = load_picker(card)
    figures: dict[str, object] = {"model": card.name}
    records = open_seisbench(SHARED / "data" / "real_picks", picker.sampling_rate)
    for split in ("test", "dev"):
        clean = records.select(lambda row, _, split=split: row["split"] == split and row["eval_clean"] == "True")
        scores = {card.name: validate_picker(picker, clean, Progress()), "ar_aic": ar_aic(clean)}
        figures[split] = scores
        print(f"{len(clean)} clean traces of the {split} split, F1 at 0.1 / 0.3 / 0.5 s")
        for name, found in scores.items():
            print(f"  {name:16}", *(f1_line(phase, found) for phase in "ps"))
    figures["cases"] = cases(picker)
    figures["ridgecrest"] = ridgecrest(picker, quick)
    return figures


def f1_line(phase: str, scores: dict[str, float]) -> str:
    return f"{phase.upper()} " + " / ".join(f"{scores[f'{phase}_f1@{t}']:.3f}" for t in (0.1, 0.3, 0.5))


def ar_aic(records: RecordSet) -> dict[str, float]:
    """ObsPy's AR-AIC picker on the same traces, with the settings of its tutorial."""
    picked: dict[str, list[float | None]] = {"p": [], "s": []}
    true: dict[str, list[float | None]] = {"p": [], "s": []}
    for record in records:
        z, n, e = record.data.astype(np.float64)
        times = ar_pick(z, n, e, record.sampling_rate, 1.0, 20.0, 1.0, 0.1, 4.0, 1.0, 2, 8, 0.1, 0.2)
        for phase, time in zip("ps", times, strict=True):
            label = record.first(phase.upper())
            picked[phase].append(float(time))
            true[phase].append(None if label is None else label / record.sampling_rate)
    return {f"{phase}_{k}": v for phase in "ps" for k, v in pick_scores(picked[phase], true[phase]).items()}


def cases(picker: Picker) -> dict[str, float]:
    """Share of the listed picks of the eight files that are found within 0.3 s."""
    folder = SHARED / "data" / "cases"
    found = total = 0
    for path in sorted(folder.glob("*.mseed")):
        rows = [row for row in read_rows(folder / "truth_picks.csv") if row["file"] == path.name]
        picks = pick_folder(picker, path)
        hits = [nearest(picks, row) <= 0.3 for row in rows]
        print(f"  {path.name:46} {sum(hits)} of {len(hits)} listed picks within 0.3 s")
        found, total = found + sum(hits), total + len(hits)
    return {"found": found, "listed": total}


def ridgecrest(picker: Picker, quick: bool) -> dict[str, float]:
    """Recall of the reference picks within 0.3 s, and picks that PhaseNet does not share in the quiet first minutes."""
    folder = SHARED / "data" / "continuous" / "ridgecrest_20190704_1650_1810"
    reference = read_rows(folder / "picks_pal_associated.csv")
    stations = {row["station"] for row in reference}
    picks = pick_folder(picker, folder / "mseed", stations if quick else None)
    phasenet = times_by_station(read_rows(folder / "picks_phasenet.csv"))
    figures = {}
    for name, found in (("quakeview", picks), ("phasenet", phasenet)):
        for phase in "PS":
            rows = [row for row in reference if row["phase"] == phase]
            held_out = [row for row in rows if UTCDateTime(row["time"]) > TRAINED_UNTIL]
            figures[f"{name}_recall_{phase}"] = np.mean([nearest(found, row) <= 0.3 for row in rows])
            figures[f"{name}_recall_{phase}_held_out"] = np.mean([nearest(found, row) <= 0.3 for row in held_out])
    figures |= {f"picks_{phase}": sum(len(v) for k, v in picks.items() if k[2] == phase) for phase in "PS"}
    hours = (QUIET_UNTIL - UTCDateTime("2019-07-04T16:50:00")) / 3600 * len({key[:2] for key in phasenet})
    for phase in "PS":
        times = [
            ({"network": n, "station": s, "phase": p, "time": str(t)})
            for (n, s, p), v in picks.items()
            for t in v
            if t < QUIET_UNTIL and p == phase
        ]
        false = [row for row in times if nearest(phasenet, row) > 0.5]
        figures[f"false_{phase}_per_hour"] = len(false) / hours
    for name, value in figures.items():
        print(f"  ridgecrest {name:34} {value:.3f}")
    return {name: float(value) for name, value in figures.items()}


def pick_folder(picker: Picker, path: Path, stations: set[str] | None = None) -> PickTimes:
    archive = Archive()
    archive.add([path])
    rows = []
    for station in archive.stations:
        if stations is None or station.station in stations:
            result = annotate_station(picker, archive, station, Thresholds(), keep_curves=False)
            rows += [
                {"network": station.network, "station": station.station, "phase": pick.phase, "time": str(pick.time)}
                for pick in result.picks
            ]
    return times_by_station(rows)


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def times_by_station(rows: list[dict[str, str]]) -> PickTimes:
    times: PickTimes = {}
    for row in rows:
        times.setdefault((row["network"], row["station"], row["phase"]), []).append(UTCDateTime(row["time"]))
    return times


def nearest(picks: PickTimes, row: dict[str, str]) -> float:
    """Seconds from a listed pick to the nearest one found at its station, of any network if the list names none."""
    times = [
        time
        for (network, station, phase), found in picks.items()
        if (station, phase) == (row["station"], row["phase"]) and row["network"] in ("", network)
        for time in found
    ]
    return min((abs(time - UTCDateTime(row["time"])) for time in times), default=float("inf"))
