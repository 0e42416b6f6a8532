"""``quakeview models calibrate``: how far off the picks of a model are, by their probability, on labelled records."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import weights_digest, write_section
from quakeview.monitoring.onset_peaks import MIN_SEPARATION, find_onsets
from quakeview.monitoring.picker import load_picker
from quakeview.monitoring.stitching import WindowPicker
from quakeview.monitoring.uncertainty import SECTION, UncertaintyCurve, curve_table
from quakeview.registry import ModelCard
from quakeview.texts import counted
from quakeview.training.datasets import RecordSet, open_seisbench
from quakeview.training.labels import PHASES
from quakeview.training.picking import probability_curves

LEAST_PROBABILITY = 0.1
"""Picks are measured down to this: nobody picks with a lower threshold."""
TITLE = "Uncertainty of a pick"


@dataclass(frozen=True)
class Residuals:
    """Picks minus the labels nearest to them.

    Attributes:
        seconds: (n,).
        probabilities: (n,).
        labels: how many labels there were; the others were not picked within a second.
    """

    seconds: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    labels: int


def calibrate_picker(
    card: ModelCard,
    datasets: Sequence[Path],
    split: str = "dev",
    check: str | None = None,
    device: str = "auto",
    progress: Progress = Progress(),
) -> list[str]:
    """Measure a picker on the analysts' labels of a split of data sets in SeisBench layout, and write the curves into
    the model's ``config.json`` and card.

    Args:
        check: another split, on which the share of picks within one standard deviation is measured.

    Returns:
        sentences about what was measured.

    Raises:
        QuakeViewError: if the model is no picker, the data cannot be read, the split has too few labels, or it is
            the test split, which is for checking.
    """
    if split == "test":
        raise QuakeViewError("What is measured on the test split cannot be tested on it: use --split dev --check test.")
    picker = load_picker(card, device, progress)
    records = [open_seisbench(dataset, picker.sampling_rate) for dataset in datasets]
    measured = _residuals(picker, _split(records, split), progress)
    curves = {phase: UncertaintyCurve.fit(found.seconds, found.probabilities) for phase, found in measured.items()}
    if not any(curves.values()):
        raise QuakeViewError(f"The split {split!r} has too few labels of analysts that {card.name} picks.")
    section: dict[str, Any] = {
        "weights": weights_digest(card.folder),
        "measured_on": f"analyst labels of the {split} split",
        **{phase: curve_table(curve) for phase, curve in curves.items() if curve},
    }
    if check is not None:
        held_out = _residuals(picker, _split(records, check), progress)
        section["checked_on"] = f"analyst labels of the {check} split"
        section["within_one_sigma"] = {
            phase: {"share": round(_share(curve, held_out[phase]), 3), "picks": len(held_out[phase].seconds)}
            for phase, curve in curves.items()
            if curve and len(held_out[phase].seconds)
        }
    sentences = describe(section)
    intro = "One standard deviation, by probability, as `quakeview models calibrate` measured it.\n\n"
    write_section(card.folder, SECTION, section, TITLE, intro + "\n".join(f"- {each}" for each in sentences))
    return sentences


def describe(section: dict[str, Any]) -> list[str]:
    """A calibration in sentences."""
    sentences = []
    for phase in PHASES:
        if table := section.get(phase):
            points = zip(table["probability"], table["seconds"], strict=True)
            told = ", ".join(f"{seconds:.3f} s at probability {probability:.2f}" for probability, seconds in points)
            sentences.append(f"{phase}: {told} ({counted(table['picks'], 'pick')}; {section['measured_on']}).")
    for phase, found in section.get("within_one_sigma", {}).items():
        sentences.append(
            f"{phase}: {found['share']:.0%} of {counted(found['picks'], 'pick')} on the {section['checked_on']} are "
            "within one standard deviation (68% would be right)."
        )
    return sentences


def _split(datasets: Sequence[RecordSet], split: str) -> list[RecordSet]:
    chosen = [records.select(lambda row, _: row.get("split") == split) for records in datasets]
    if not any(len(records) for records in chosen):
        raise QuakeViewError(f"The data have no split {split!r}; their metadata need a column 'split' that names it.")
    return chosen


def _residuals(picker: WindowPicker, datasets: Sequence[RecordSet], progress: Progress) -> dict[str, Residuals]:
    """By phase; of the picks of a record the one nearest to the analyst's label, if it is within a second."""
    found: dict[str, list[tuple[float, float]]] = {phase: [] for phase in PHASES}
    labels = dict.fromkeys(PHASES, 0)
    labelled = [(row, records, place) for records in datasets for place, row in enumerate(records.rows)]
    for number, (row, records, place) in enumerate(labelled):
        progress.advance(number, len(labelled), "measuring")
        record = records[place]
        for phase, curve in zip(PHASES, probability_curves(picker, record), strict=True):
            label = record.first(phase)
            if label is None or row.get(f"trace_{phase.lower()}_status", "manual") != "manual":
                continue
            labels[phase] += 1
            onsets = find_onsets(curve, LEAST_PROBABILITY, record.sampling_rate)
            misses = [((onset.sample - label) / record.sampling_rate, onset.probability) for onset in onsets]
            nearest = min(misses, key=lambda miss: abs(miss[0]), default=None)
            if nearest and abs(nearest[0]) <= MIN_SEPARATION:
                found[phase].append(nearest)
    arrays = {phase: np.array(misses, float).reshape(-1, 2) for phase, misses in found.items()}
    return {phase: Residuals(both[:, 0], both[:, 1], labels[phase]) for phase, both in arrays.items()}


def _share(curve: UncertaintyCurve, residuals: Residuals) -> float:
    sigma = np.array([curve(probability) for probability in residuals.probabilities])
    return float((np.abs(residuals.seconds) <= sigma).mean())
