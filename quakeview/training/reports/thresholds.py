"""Which probability should make a pick: precision and recall at every threshold, and the best one of another split."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.texts import counted
from quakeview.training.labels import PHASES
from quakeview.training.reports.bootstrap import EventBootstrap
from quakeview.training.reports.document import Table, figure_text
from quakeview.training.reports.ratios import f1, precision, recall
from quakeview.training.reports.readings import THRESHOLD, ReadRecord

THRESHOLDS = np.round(np.arange(0.05, 1.0, 0.05), 2)
TOLERANCE = 0.3
"""Seconds within which a pick is right."""
CONFUSED = 0.5
"""Seconds from a label within which a pick of the other phase is one of this onset."""

Chosen = Mapping[tuple[str, str], float]
"""The threshold by reader and phase."""


def all_picks(records: Sequence[ReadRecord], reader: str, phase: str, threshold: float) -> NDArray[np.float64]:
    """Labels found, picks and labels (n, 3) of each record, of all onsets that reach the threshold.

    It means something on records whose onsets are all known (``complete``).
    """
    counts = np.zeros((len(records), 3))
    for number, record in enumerate(records):
        labelled = record.phases[phase]
        picked = [each.seconds for each in labelled.readings[reader] if each.probability >= threshold]
        found = labelled.label is not None and any(abs(at - labelled.label) <= TOLERANCE + 1e-9 for at in picked)
        counts[number] = found, len(picked), labelled.label is not None
    return counts


def choose_thresholds(records: Sequence[ReadRecord], readers: Sequence[str]) -> Chosen:
    """The threshold with the best F1 of all picks, by reader and phase, on records that decide; empty without any."""
    known = [record for record in records if record.complete]
    if not known:
        return {}
    return {(reader, phase): _best(known, reader, phase) for reader in readers for phase in PHASES}


def _best(records: Sequence[ReadRecord], reader: str, phase: str) -> float:
    scores = [f1(all_picks(records, reader, phase, threshold).sum(axis=0)) for threshold in THRESHOLDS]
    return float(THRESHOLDS[int(np.nanargmax(scores))]) if np.isfinite(scores).any() else THRESHOLD


def threshold_table(records: Sequence[ReadRecord], readers: Sequence[str], chosen: Chosen) -> Table:
    """Precision, recall and F1 of all picks at the usual threshold and at the chosen one."""
    known = [record for record in records if record.complete]
    bootstrap = EventBootstrap([record.event for record in known])
    rows = []
    for phase in PHASES:
        for reader in readers:
            for threshold in dict.fromkeys((THRESHOLD, chosen.get((reader, phase), THRESHOLD))):
                counts = all_picks(known, reader, phase, threshold)
                said = " (chosen)" if chosen.get((reader, phase)) == threshold else ""
                cells = [figure_text(bootstrap.of(counts, of)) for of in (precision, recall, f1)]
                rows.append([f"{phase}  {reader}", f"{threshold:.2f}{said}", *cells])
    note = f"All picks of {counted(len(known), 'record')} whose onsets are all known, right within {TOLERANCE:g} s."
    return Table(["", "Threshold", "Precision", "Recall", "F1"], rows, note)


def confusion_table(records: Sequence[ReadRecord], readers: Sequence[str]) -> Table:
    """As what the labelled onsets were picked."""
    rows = [
        [f"{phase}  {reader}", *(f"{number:,}" for number in _confusion(records, reader, phase))]
        for phase in PHASES
        for reader in readers
    ]
    note = f"Picks within {CONFUSED:g} s of the label with a probability of at least {THRESHOLD:g}."
    return Table(["Label", "Picked as P", "as S", "as both", "Not picked"], rows, note)


def _confusion(records: Sequence[ReadRecord], reader: str, phase: str) -> tuple[int, int, int, int]:
    """Labels of a phase that were picked as P alone, as S alone, as both, and not at all."""
    found: list[tuple[bool, ...]] = []
    for record in records:
        label = record.phases[phase].label
        if label is not None:
            found.append(tuple(_picked_near(record, reader, said, label) for said in PHASES))
    return found.count((True, False)), found.count((False, True)), found.count((True, True)), found.count((False,) * 2)


def _picked_near(record: ReadRecord, reader: str, phase: str, label: float) -> bool:
    readings = record.phases[phase].readings[reader]
    return any(each.probability >= THRESHOLD and abs(each.seconds - label) <= CONFUSED for each in readings)
