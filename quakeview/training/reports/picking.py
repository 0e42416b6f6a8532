"""The report on pickers: the tables of SeisMoLLM's paper (II, III, V) with intervals, and where a picker is weak.

One pick per phase and record, the most probable one, as in the paper (§IV-B); a pick is right within a tolerance.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quakeview.texts import counted
from quakeview.training.labels import PHASES
from quakeview.training.reports.bootstrap import Estimate, EventBootstrap
from quakeview.training.reports.document import Chart, Report, Section, Table, figure_text
from quakeview.training.reports.evaluation import Headline, Score
from quakeview.training.reports.kinds import kinds_of_records
from quakeview.training.reports.picking_charts import reliability, residual_histograms, threshold_curves
from quakeview.training.reports.quiet import QuietCount, before_the_first_label, quiet_chart, quiet_table
from quakeview.training.reports.ratios import f1, precision, recall
from quakeview.training.reports.readings import RULE, THRESHOLD, ReadRecord
from quakeview.training.reports.thresholds import Chosen, confusion_table, threshold_table
from quakeview.training.reports.worst import how_to_open, worst_chart, worst_records, worst_table
from quakeview.training.scores import TOLERANCES

FEWEST_LABELS = 10
"""In a slice, below which it is not scored."""
TOLERANCE = 0.3
"""Seconds, of slices and differences."""
_WEAKEST = 5


def residuals(records: Sequence[ReadRecord], reader: str, phase: str) -> NDArray[np.float64]:
    """Pick minus label, s, of the one pick of each record (n,); NaN without pick or label."""
    found = []
    for record in records:
        label, pick = record.phases[phase].label, record.phases[phase].best(reader)
        found.append(float("nan") if label is None or pick is None else pick.seconds - label)
    return np.array(found)


def f1_counts(records: Sequence[ReadRecord], reader: str, phase: str, tolerance: float) -> NDArray[np.float64]:
    """Hits, picks and labels (n, 3). A pick without a label counts where the record is known to hold no other onset."""
    counts = np.zeros((len(records), 3))
    misses = np.abs(residuals(records, reader, phase))
    for number, record in enumerate(records):
        labelled = record.phases[phase].label is not None
        picked = record.phases[phase].best(reader) is not None and (labelled or record.complete)
        counts[number] = misses[number] <= tolerance + 1e-9, picked, labelled
    return counts


def picking_report(
    records: Sequence[ReadRecord],
    readers: Sequence[str],
    data: str,
    chosen: Chosen | None = None,
    quiet: Sequence[QuietCount] = (),
    folder: str = "",
) -> Report:
    """Build the report.

    Args:
        records: read by all ``readers``.
        readers: names; the first one is what the report is about.
        data: what the records are, in words.
        chosen: the thresholds that another split decided; None if there was none.
        quiet: picks where there is no earthquake.
        folder: of the worst records, seen from the report; empty if they are not written.
    """
    sections = [
        *_sections(records, readers),
        _threshold_section(records, [reader for reader in readers if reader != RULE], chosen or {}),
        *_quiet_sections(records, readers, quiet, chosen or {}),
        *_worst_section(records, readers[0], folder),
    ]
    name = readers[0]
    return Report(f"How well {name} picks", introduction(records, data), sections)


def picking_headline(records: Sequence[ReadRecord], readers: Sequence[str], data: str) -> Headline:
    """F1 of the first reader on all records, its weak kinds, and the table beside the others."""
    bootstrap = EventBootstrap([record.event for record in records])
    scores = [
        Score(
            f"{phase} F1 ±{tolerance:g} s",
            bootstrap.of(f1_counts(records, readers[0], phase, tolerance), f1),
            _labels(records, phase),
            "label",
        )
        for phase in PHASES
        for tolerance in TOLERANCES
    ]
    return Headline(introduction(records, data)[0], weakest(records, readers[0]), scores, [_scores(records, readers)])


def introduction(records: Sequence[ReadRecord], data: str) -> list[str]:
    """What was measured on, and how, in sentences."""
    events = len({record.event for record in records})
    labels = {phase: _labels(records, phase) for phase in PHASES}
    return [
        f"Measured on {data}: {counted(len(records), 'record')} of {counted(events, 'earthquake')} with "
        f"{labels['P']:,} P and {labels['S']:,} S labels; what is marked as picked by a machine is no label.",
        f"Of each record the most probable P and S count, if their probability is at least {THRESHOLD:g}. In brackets: "
        "95 % intervals from drawing whole earthquakes anew 2,000 times.",
    ]


def _sections(records: Sequence[ReadRecord], readers: Sequence[str]) -> list[Section]:
    clear = [record for record in records if record.clean]
    found = [
        Section("Where it is weakest", weakest(records, readers[0])),
        Section("All records", (), [_scores(records, readers), _residual_table(records, readers)]),
        Section("Records that the data set marks as clear", (), [_scores(clear, readers)]) if clear else None,
        Section("Side by side", (), [_differences(records, readers)]) if len(readers) > 1 else None,
        Section("By kind of record", (), [_slice_table(records, readers, phase) for phase in PHASES]),
        Section("Times", (), [residual_histograms(records, readers)]),
        Section("P and S taken for each other", (), [confusion_table(records, readers)]),
    ]
    return [section for section in found if section is not None]


def _threshold_section(records: Sequence[ReadRecord], networks: Sequence[str], chosen: Chosen) -> Section:
    how = (
        "The chosen threshold has the best F1 of all picks on another split, which decides nothing else."
        if chosen
        else "The data have no split “dev” on which a threshold could be chosen."
    )
    parts: list[Table | Chart] = [
        threshold_table(records, networks, chosen),
        threshold_curves(records, networks, chosen),
        reliability(records, networks),
    ]
    return Section("Thresholds and probabilities", [how], parts)


def _quiet_sections(
    records: Sequence[ReadRecord], readers: Sequence[str], quiet: Sequence[QuietCount], chosen: Chosen
) -> list[Section]:
    before = [before_the_first_label(records, reader) for reader in readers if reader != RULE]
    found = [Section("Before the earthquakes of these records", (), [quiet_table(before, chosen)])]
    if quiet:
        parts: list[Table | Chart] = [quiet_table(quiet, chosen), quiet_chart(quiet)]
        found.append(Section("On continuous records without earthquakes", (), parts))
    return found


def _worst_section(records: Sequence[ReadRecord], reader: str, folder: str) -> list[Section]:
    worst = worst_records(records, reader)
    if not worst:
        return []
    parts: list[Table | Chart] = [worst_table(worst, reader, folder), worst_chart(worst, reader)]
    return [Section("The worst records", how_to_open(folder), parts, folder)]


# --- tables --------------------------------------------------------------------------------------------------------


def _scores(records: Sequence[ReadRecord], readers: Sequence[str]) -> Table:
    bootstrap = EventBootstrap([record.event for record in records])
    rows = []
    for phase in PHASES:
        for reader in readers:
            counts = [f1_counts(records, reader, phase, tolerance) for tolerance in TOLERANCES]
            cells = [figure_text(bootstrap.of(each, f1)) for each in counts]
            middle = counts[TOLERANCES.index(TOLERANCE)].sum(axis=0)
            cells += [f"{float(precision(middle)):.3f}", f"{float(recall(middle)):.3f}"]
            rows.append([f"{phase}  {reader}", *cells])
    within = f"{TOLERANCE:g} s"
    titles = ["", *(f"F1 within {t:g} s" for t in TOLERANCES), f"Precision, {within}", f"Recall, {within}"]
    return Table(titles, rows)


def _residual_table(records: Sequence[ReadRecord], readers: Sequence[str]) -> Table:
    bootstrap = EventBootstrap([record.event for record in records])
    rows = []
    for phase in PHASES:
        for reader in readers:
            found = residuals(records, reader, phase)
            near = np.where(np.abs(found) <= max(TOLERANCES), found, np.nan)
            known = near[~np.isnan(near)]
            off = np.abs(found[~np.isnan(found)]) > max(TOLERANCES)
            outliers = f"{off.mean():.1%}" if len(off) else "–"
            cells = [figure_text(bootstrap.median(near)), *_moments(known), outliers]
            rows.append([f"{phase}  {reader}", *cells])
    titles = ["Pick minus label, s", "Median", "Mean", "Standard deviation", "Mean absolute", "Beyond 0.5 s"]
    return Table(titles, rows, "Times are of picks within 0.5 s; the last column is of all picks on labelled records.")


def _moments(seconds: NDArray[np.float64]) -> list[str]:
    """Mean, standard deviation and mean absolute value."""
    if not len(seconds):
        return ["–"] * 3
    return [f"{seconds.mean():+.3f}", f"{seconds.std():.3f}", f"{np.abs(seconds).mean():.3f}"]


def _differences(records: Sequence[ReadRecord], readers: Sequence[str]) -> Table:
    bootstrap = EventBootstrap([record.event for record in records])
    rows = []
    for phase in PHASES:
        for other in readers[1:]:
            cells = [figure_text(_difference(records, bootstrap, readers[0], other, phase, t)) for t in TOLERANCES]
            rows.append([f"{phase}  {readers[0]} − {other}", *cells])
    note = "Both read the same records, so the interval is of the difference: one that holds 0 decides nothing."
    return Table(["Difference of F1", *(f"within {t:g} s" for t in TOLERANCES)], rows, note)


def _difference(
    records: Sequence[ReadRecord], bootstrap: EventBootstrap, one: str, other: str, phase: str, tolerance: float
) -> Estimate:
    both = np.hstack([f1_counts(records, reader, phase, tolerance) for reader in (one, other)])
    return bootstrap.of(both, lambda sums: f1(sums[..., :3]) - f1(sums[..., 3:]))


# --- kinds of records ------------------------------------------------------------------------------------------------


def _slice_table(records: Sequence[ReadRecord], readers: Sequence[str], phase: str) -> Table:
    rows = []
    for name, chosen in kinds_of_records(records, phase):
        labels = _labels(chosen, phase)
        scored = [
            figure_text(_f1_of(chosen, reader, phase), 2) if labels >= FEWEST_LABELS else "–" for reader in readers
        ]
        rows.append([name, f"{labels:,}", *scored])
    note = f"Kinds with fewer than {FEWEST_LABELS} labels are not scored."
    return Table([f"F1 of {phase} within {TOLERANCE:g} s", "Labels", *readers], rows, note)


def weakest(records: Sequence[ReadRecord], reader: str) -> list[str]:
    """The kinds of records with the lowest scores, in sentences."""
    scored = []
    for phase in PHASES:
        for name, chosen in kinds_of_records(records, phase):
            if (labels := _labels(chosen, phase)) >= FEWEST_LABELS:
                score = _f1_of(chosen, reader, phase)
                told = (
                    f"{phase}, {name}: F1 {figure_text(score, 2)} within {TOLERANCE:g} s ({counted(labels, 'label')})."
                )
                scored.append((score.value, told))
    return [told for _, told in sorted(scored)[:_WEAKEST]]


def _labels(records: Sequence[ReadRecord], phase: str) -> int:
    return sum(record.phases[phase].label is not None for record in records)


def _f1_of(records: Sequence[ReadRecord], reader: str, phase: str) -> Estimate:
    bootstrap = EventBootstrap([record.event for record in records])
    return bootstrap.of(f1_counts(records, reader, phase, TOLERANCE), f1)
