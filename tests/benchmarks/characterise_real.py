"""What one station alone says of real earthquakes: network beside rule beside a constant guess, on records that decided
nothing.

Needs the folder named by QUAKEVIEW_SHARED (in its ``data``: ``real_picks`` and ``real_picks_2`` in SeisBench layout).
Intervals hold 95 %, by drawing earthquakes with replacement. P and S are those of the labels. None of the records comes
with the response of its instrument, so that no magnitude has a rule here; ``magnitudes`` scores that one.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from quakeview.registry import CHARACTERISATION, SINGLE_TASKS, available_models
from quakeview.single_station.calibration import Calibration
from quakeview.single_station.estimates import NETWORK, RULE
from quakeview.single_station.networks import load_station_network
from quakeview.training.datasets import open_seisbench
from quakeview.training.one_station_scores import (
    UNITS,
    Judged,
    coverage,
    errors_of,
    headline,
    interval,
    is_better,
    judge_split,
    of_both,
)
from quakeview.training.scores import wrapped
from tests.shared import SHARED

MARKS = {"magnitude": 0.35, "distance": 15.0, "back_azimuth": 30.0, "polarity": 0.85}
"""Mean error of magnitudes, mean error in km within 100 km, median error in degrees, accuracy."""
NEAR = 100e3
CHANCE = 75.0
"""Degrees; where the rule's median error on the train split is above it (chance is 90), nobody knows where the
horizontals of a source point, whatever they are called."""
LEAST_OF_SOURCE = 5
SNRS = (0.0, 20.0, 35.0, np.inf)
DISTANCES = (0.0, 30e3, NEAR, 300e3, np.inf)


def run(quick: bool) -> dict[str, object]:
    folders = [SHARED / "data" / name for name in ("real_picks", "real_picks_2")][: 1 if quick else 2]
    if not all(folder.is_dir() for folder in folders):
        print("skipped: set QUAKEVIEW_SHARED to a folder with labelled records")
        return {"skipped": "no labelled records"}
    card = next((card for card in available_models() if card.can(CHARACTERISATION)), None)
    network = load_station_network(card) if card else None
    guesses = constant_guesses(folders)
    slices = SLICES | {OF_TRUSTED: ("back_azimuth", _of_sources(trusted_sources(folders)))}
    figures: dict[str, object] = {"model": card.name if card else None}
    for split in ("test", "dev"):
        judged = judge_split(folders, split, network)
        print(f"-- {split} split; P and S of the labels; [95 %]; share within the stated 68 %")
        figures[split] = {
            name: scored(judged, task, keep, name, guesses[task]) for name, (task, keep) in slices.items()
        }
        figures[f"{split}, what counts"] = reached(judged, network.calibration if network else Calibration())
    return figures


def _between(values: Callable[[Judged], float | None], low: float, high: float) -> Callable[[Judged], bool]:
    return lambda each: (value := values(each)) is not None and low <= value < high


def _slices() -> dict[str, tuple[str, Callable[[Judged], bool]]]:
    """By name: the task, and which of its records."""
    found: dict[str, tuple[str, Callable[[Judged], bool]]] = {}
    for task in SINGLE_TASKS:
        found[task] = task, lambda _: True
        for low, high in pairwise(DISTANCES):
            end = f"{high / 1000:.0f} km" if np.isfinite(high) else "on"
            name = f"{task}, {low / 1000:.0f} km to {end}".replace("to on", "on")
            found[name] = task, _between(lambda each: each.distance, low, high)
        for low, high in pairwise(SNRS):
            end = f"{high:.0f} dB" if np.isfinite(high) else "on"
            found[f"{task}, SNR {low:.0f} dB to {end}".replace("to on", "on")] = (
                task,
                _between(lambda each: each.snr, low, high),
            )
    found["distance, within 100 km"] = "distance", _between(lambda each: each.distance, 0.0, NEAR)
    found["distance, beyond 100 km"] = "distance", _between(lambda each: each.distance, NEAR, np.inf)
    return found


SLICES = _slices()


OF_TRUSTED = "back_azimuth, directions that hold"


def _of_sources(trusted: set[str]) -> Callable[[Judged], bool]:
    return lambda each: each.source in trusted


def trusted_sources(folders: Sequence[Path]) -> set[str]:
    """Sources on whose train records P waves come from where they should; others are doubted or have too few."""
    errors: dict[str, list[float]] = {}
    for each in judge_split(folders, "train", None):
        if each.task == "back_azimuth" and (error := each.error(RULE)) is not None:
            errors.setdefault(each.source, []).append(abs(error))
    known = {source: np.median(each) for source, each in errors.items() if len(each) >= LEAST_OF_SOURCE}
    for source, median in known.items():
        print(f"  train, rule, median error {median:5.1f}°  {source}")
    return {source for source, median in known.items() if median < CHANCE}


def constant_guesses(folders: Sequence[Path]) -> dict[str, float]:
    """The median of each value over the records of the train split."""
    values: dict[str, list[float]] = {task: [] for task in SINGLE_TASKS}
    for folder in folders:
        records = open_seisbench(folder, 100.0)
        for row, entry in zip(records.rows, records.entries, strict=True):
            if row["split"] == "train":
                known = {
                    "magnitude": entry.magnitude,
                    "distance": entry.epicentral_distance,
                    "back_azimuth": entry.back_azimuth,
                    "polarity": {"up": 1.0, "down": -1.0}.get(entry.polarity or ""),
                }
                for task, value in known.items():
                    values[task] += [] if value is None else [value]
    return {task: float(np.median(known)) for task, known in values.items()}


def constant_errors(known: Sequence[Judged], task: str, guess: float) -> np.ndarray:
    truths = np.array([each.truth for each in known])
    if task == "polarity":
        return (np.sign(truths) != np.sign(guess or 1.0)).astype(float)
    if task == "back_azimuth":
        return wrapped(guess - truths)
    return (guess - truths) / (1000 if task == "distance" else 1)


def scored(
    judged: Sequence[Judged], task: str, keep: Callable[[Judged], bool], name: str, guess: float
) -> dict[str, object]:
    """The figures of a task on some records, printed in a line."""
    known = [each for each in judged if each.task == task and keep(each)]
    if not known:
        return {}
    said, figure = headline(task)
    figures: dict[str, object] = {"records": len(known), "events": len({each.event for each in known})}
    parts = []
    for source in (NETWORK, RULE):
        mine = [each for each in known if each.error(source) is not None]
        if not mine:
            continue
        errors = errors_of(mine, source)
        low, high = interval(errors, [each.event for each in mine], figure)
        held = coverage(mine, source) if task != "polarity" else None
        figures[source] = {"n": len(mine), said: figure(errors), "95 %": [low, high], "held": held}
        share = "" if held is None else f" {held:4.0%}"
        parts.append(f"{source} {figure(errors):6.2f} [{low:.2f}-{high:.2f}]{share} ({len(mine)})")
    both = of_both(known, task)
    if both:
        figures["of both"] = same = {source: figure(errors_of(both, source)) for source in (NETWORK, RULE)}
        if len(both) < len(known):
            parts.append(f"of both {same[NETWORK]:.2f} and {same[RULE]:.2f} ({len(both)})")
    figures["constant"] = figure(constant_errors(known, task, guess))
    unit = UNITS[task].strip()
    print(f"  {name:38} {said}{f' {unit}' if unit else ''}: {'; '.join(parts)}; constant {figures['constant']:.2f}")
    return figures


def reached(judged: Sequence[Judged], calibration: Calibration) -> dict[str, float]:
    """The figure of what counts, the default or the other where it is silent, beside each mark."""
    found = {}
    for task, mark in MARKS.items():
        known = [each for each in judged if each.task == task]
        if task == "distance":
            known = [each for each in known if each.distance is not None and each.distance < NEAR]
        default = calibration.default_of(task)
        other = RULE if default == NETWORK else NETWORK
        errors = [each.error(default) if each.error(default) is not None else each.error(other) for each in known]
        found[task] = headline(task)[1](np.array([error for error in errors if error is not None]))
        good = found[task] == mark or is_better(task, found[task], mark)
        print(f"  what counts, {task} ({default}): {found[task]:.2f}; mark {mark:g} {'reached' if good else 'missed'}")
    return found
