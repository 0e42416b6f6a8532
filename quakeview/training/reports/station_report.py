"""The report on models for one station: SeisMoLLM's tables (IV to VI) with intervals, the rules always beside them."""

from collections.abc import Sequence

from quakeview.registry import SINGLE_TASKS
from quakeview.texts import counted
from quakeview.training.reports.document import Chart, Report, Section, Table, figure_text
from quakeview.training.reports.evaluation import Headline, Score
from quakeview.training.reports.station_answers import CONSTANT, RULES, Answered
from quakeview.training.reports.station_charts import reliability, residual_histogram, uncertainty_chart
from quakeview.training.reports.station_scores import (
    FEWEST,
    QUALITIES,
    coverage,
    difference,
    kinds_of_answers,
    known_to,
    macro,
    moments,
    score,
    senses,
)
from quakeview.training.reports.station_worst import worst_answers, worst_table
from quakeview.training.reports.worst import how_to_open

_ERRORS = {"mean": "Mean error", "deviation": "Standard deviation", "r2": "R²"}
_MEASURES = {
    "magnitude": _ERRORS,
    "distance": _ERRORS,
    "back_azimuth": {"mean absolute": "Mean absolute error", **_ERRORS},
    "polarity": {"precision": "Precision", "recall": "Recall", "f1": "F1"},
}
"""By task: the figures of the paper's tables that stand beside the score, and their titles."""
_WEAKEST = 3
"""Kinds of records of each quantity."""
_NO_AMPLITUDE = (
    "An amplitude magnitude has no place here: it needs the response of the instrument, which no data set of this "
    "layout says."
)


def station_report(answers: Sequence[Answered], models: Sequence[str], data: str, folder: str = "") -> Report:
    """Build the report.

    Args:
        answers: of all quantities.
        models: names; the first one is what the report is about.
        data: what the records are, in words.
        folder: of the worst records, seen from the report; empty if they are not written.
    """
    sections = [Section("Where it is weakest", weakest(answers, models[0]))]
    for task in SINGLE_TASKS:
        of_task = [each for each in answers if each.task == task]
        if known_to(of_task, models[0]):
            sections.append(_section(of_task, models))
    if worst := worst_answers(answers, models[0]):
        sections.append(
            Section("The worst records", how_to_open(folder), [worst_table(worst, models[0], folder)], folder)
        )
    return Report(
        f"How well {models[0]} characterises earthquakes at one station", introduction(answers, data), sections
    )


def station_headline(answers: Sequence[Answered], models: Sequence[str], data: str) -> Headline:
    """The score of each quantity on all records, and the tables beside the others."""
    scores, tables = [], []
    for task in SINGLE_TASKS:
        of_task = [each for each in answers if each.task == task]
        if known := known_to(of_task, models[0]):
            quality = QUALITIES[task]
            unit = f" ({quality.unit.strip()})" if quality.unit else ""
            name = f"{quality.title.lower()} {quality.score}{unit}"
            scores.append(Score(name, score(of_task, models[0]), len(known), "record"))
            tables.append(_scores(of_task, _everybody(of_task, models)))
    return Headline(introduction(answers, data)[0], weakest(answers, models[0]), scores, tables)


def introduction(answers: Sequence[Answered], data: str) -> list[str]:
    """What was measured on, and how, in sentences."""
    records = len({(each.event, each.name, id(each.row)) for each in answers})
    events = len({each.event for each in answers})
    return [
        f"Measured on {data}: {counted(records, 'record')} of {counted(events, 'earthquake')} with a P and any of "
        "magnitude, distance, back-azimuth and first motion. P and S are those of the labels.",
        "In brackets: 95 % intervals from drawing whole earthquakes anew 2,000 times.",
        _NO_AMPLITUDE,
    ]


def weakest(answers: Sequence[Answered], model: str) -> list[str]:
    """The kinds of records with the worst scores of each quantity, in sentences."""
    said = []
    for task in SINGLE_TASKS:
        of_task = known_to([each for each in answers if each.task == task], model)
        scored = [(name, kind) for name, kind in kinds_of_answers(of_task) if len(kind) >= FEWEST]
        sign = 1 if QUALITIES[task].higher_is_better else -1
        ranked = sorted(scored, key=lambda each: (sign * score(each[1], model).value, each[0]))
        told = [f"{name} {_figure(kind, model)} ({len(kind):,})" for name, kind in ranked[:_WEAKEST]]
        if told:
            quality = QUALITIES[task]
            said.append(f"{quality.title}, {quality.score} of kinds of records: {'; '.join(told)}.")
    return said or [f"No kind of record has {counted(FEWEST, 'record')} or more: what follows rests on very little."]


def _section(answers: Sequence[Answered], models: Sequence[str]) -> Section:
    quality, everybody = QUALITIES[answers[0].task], _everybody(answers, models)
    events = counted(len({each.event for each in answers}), "earthquake")
    sentences = [f"{counted(len(answers), 'record')} of {events}."]
    if CONSTANT in everybody:
        what = "the commoner sense" if answers[0].task == "polarity" else "the median"
        sentences.append(f"“{CONSTANT.capitalize()}” is {what} of the split “train”.")
    parts: list[Table | Chart | None] = [_scores(answers, everybody)]
    if answers[0].task == "polarity":
        parts += [_confusion(answers, everybody), _kinds(answers, everybody), reliability(answers, everybody)]
    else:
        uncertain = uncertainty_chart(answers, everybody)
        parts += [_kinds(answers, everybody), residual_histogram(answers, everybody), uncertain]
    return Section(quality.title, sentences, [part for part in parts if part is not None])


def _everybody(answers: Sequence[Answered], models: Sequence[str]) -> list[str]:
    """Models, the rule and the constant, as far as they say anything of these records."""
    names = [*models, RULES[answers[0].task], CONSTANT]
    return [name for name in names if known_to(answers, name)]


def _scores(answers: Sequence[Answered], names: Sequence[str]) -> Table:
    """As in the paper: mean, deviation, mean absolute error and R²; of first motions precision, recall and F1."""
    quality = QUALITIES[answers[0].task]
    is_sense = answers[0].task == "polarity"
    rows = []
    for name in names:
        figures = macro(answers, name) if is_sense else moments(answers, name)
        keys = list(_MEASURES[answers[0].task])
        cells = [_number(figures[key], 2 if key == "r2" or is_sense else quality.decimals) for key in keys]
        apart, both = difference(answers, names[0], name)
        beside = "" if name == names[0] else f"{figure_text(apart, quality.decimals)} of {both:,}"
        held = [] if is_sense else [figure_text(coverage(answers, name), 2)]
        own = f"{len(known_to(answers, name)):,}"
        rows.append([name, own, figure_text(score(answers, name), quality.decimals), *cells, *held, beside])
    measures = [f"{title}{_unit(answers)}" for title in _MEASURES[answers[0].task].values()]
    measures = [title.replace(f"R²{_unit(answers)}", "R²") for title in measures]
    measures += [] if is_sense else ["Within the stated 68 %"]
    what = "accuracy" if is_sense else "mean absolute error"
    note = f"The last column is the difference of {what} on the records of which both say something: {names[0]} minus "
    note += "the row’s. An interval that holds 0 decides nothing."
    title = f"{quality.score.capitalize()}{_unit(answers)}"
    return Table([quality.title, "Records", title, *measures, f"{names[0]} minus this"], rows, note)


def _confusion(answers: Sequence[Answered], names: Sequence[str]) -> Table:
    rows = []
    for name in names:
        said, true = senses(answers, name)
        for sense, words in enumerate(("up", "down")):
            cells = [f"{int(((true == sense) & (said == other)).sum()):,}" for other in range(3)]
            rows.append([f"{words}  {name}", *cells])
    return Table(["Label", "Said up", "Said down", "Undecided"], rows)


def _kinds(answers: Sequence[Answered], names: Sequence[str]) -> Table:
    quality = QUALITIES[answers[0].task]
    rows = [
        [name, f"{len(kind):,}", *(_figure(kind, who) if len(kind) >= FEWEST else "–" for who in names)]
        for name, kind in kinds_of_answers(answers)
    ]
    note = f"Kinds with fewer than {FEWEST} records are not scored."
    return Table([f"{quality.score.capitalize()}{_unit(answers)}", "Records", *names], rows, note)


def _figure(answers: Sequence[Answered], who: str) -> str:
    return figure_text(score(answers, who), QUALITIES[answers[0].task].decimals)


def _unit(answers: Sequence[Answered]) -> str:
    """As it stands in the title of a column."""
    unit = QUALITIES[answers[0].task].unit.strip()
    return f" ({unit})" if unit else ""


def _number(value: float, decimals: int) -> str:
    return "–" if value != value else f"{value:.{decimals}f}"
