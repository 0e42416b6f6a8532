"""The report on forecasters: WaveCastNet's tables 1 to 3 and its curves against lead time, with intervals.

References that know no network stand beside the models in every table.
"""

import math
from collections.abc import Iterator, Sequence

from quakeview.texts import counted
from quakeview.training.reports.document import Chart, Report, Section, Table, figure_text
from quakeview.training.reports.evaluation import Headline, Score
from quakeview.training.reports.forecast_charts import band_chart, lead_curves, map_chart
from quakeview.training.reports.forecast_outcomes import INTENSITIES, Outcomes, alert_rates, mean_of, mean_over
from quakeview.training.reports.stretches import between
from quakeview.wavefield.forecasting.evaluation import Conditions
from quakeview.wavefield.forecasting.reference import RidgeCombination

_COLUMNS = {
    "acc": ("ACC", 3),
    "rfne": ("RFNE", 3),
    "normalised_acc": ("ACC norm", 3),
    "normalised_rfne": ("RFNE norm", 3),
    "pgv_error": ("PGV error (%)", 0),
    "t_pgv_error": ("Time of PGV, error (s)", 1),
    "mmi_error": ("MMI error", 2),
}
_DIFFERENCES = ("acc", "rfne", "pgv_error")
RIDGE = RidgeCombination.NAME
_DRAWN = 3
_WORST = 10
_NO_LIBRARY = (
    "Nearest event and ridge are missing: they are made of training events on the same grid, which a library gives "
    "('--library FOLDER', made with 'quakeview simulate library.toml')."
)
_HOW = (
    "ACC is the correlation of forecast and truth, 1 at best; RFNE their difference relative to the truth, 0 at best, "
    "and 1 is what a forecast of no motion gets. Both are of everything after the input. Of PGV the median over the "
    "places, where the peak is at least a hundredth of the largest. A relation is told magnitude and place, and has "
    "all frequencies.",
    "Means over earthquakes. In brackets: 95 % intervals from drawing earthquakes anew 2,000 times.",
)
_ALERTS = (
    "A place is alerted where the expected PGV reaches the intensity. Of places that reach it, this part had the alert "
    "in time, too late or never; of the alerts, this part was false. They rest on the one forecast of each line, with "
    "the usual delays: Warnings in the window rest on a sequence of them."
)


def forecast_report(
    outcomes: Sequence[Outcomes], models: Sequence[str], data: str, has_library: bool, folder: str = ""
) -> Report:
    """Build the report.

    Args:
        models: names; the first one is what the report is about.
        data: what the events are, in words.
        has_library: whether references made of training events are among the outcomes.
        folder: of the worst events; they are linked where they are if it is not empty.
    """
    sections = [
        Section("Where it is weakest", weakest(outcomes, models[0])),
        *(_section(each, outcomes, models[0]) for each in _conditions(outcomes)),
        Section("By magnitude", (), [_by_magnitude(outcomes, models[0])]),
        _alert_section(outcomes),
        *_band_section(outcomes, models[0]),
        *_worst_section(outcomes, models[0], bool(folder)),
    ]
    return Report(f"How well {models[0]} forecasts", introduction(outcomes, data, has_library), sections)


def forecast_headline(outcomes: Sequence[Outcomes], models: Sequence[str], data: str, has_library: bool) -> Headline:
    """ACC with the first input beside that of the ridge, and all tables beside the others."""
    scores, tables = [], []
    for conditions in _conditions(outcomes):
        same = [each for each in outcomes if each.conditions == conditions]
        tables.append(_score_table(same, str(conditions)))
        if conditions.until == outcomes[0].conditions.until:
            for name, words in ((models[0], "ACC"), (RIDGE, "ridge ACC")):
                if mine := _of(same, name):
                    scores.append(Score(f"{words} {conditions}", mean_of(mine, "acc"), len(mine), "event"))
    return Headline(" ".join(introduction(outcomes, data, has_library)), weakest(outcomes, models[0]), scores, tables)


def introduction(outcomes: Sequence[Outcomes], data: str, has_library: bool) -> list[str]:
    """What was measured on, and how, in sentences."""
    events = len({each.path for each in outcomes})
    return [f"Measured on {data}: {counted(events, 'earthquake')}.", *_HOW, *([] if has_library else [_NO_LIBRARY])]


def weakest(outcomes: Sequence[Outcomes], model: str) -> list[str]:
    """The conditions and kinds of earthquakes with the highest RFNE, and references that are better, in sentences."""
    said = []
    for conditions in _conditions(outcomes):
        same = [each for each in outcomes if each.conditions == conditions]
        own = mean_of([each for each in same if each.row.forecaster == model], "rfne")
        better = [
            f"{name} {figure_text(other, 2)}"
            for name in _forecasters(same)
            if name != model and (other := mean_of(_of(same, name), "rfne")).value < own.value
        ]
        beside = f"; better: {', '.join(better)}" if better else "; better than everything beside it"
        said.append((own.value, f"{str(conditions).capitalize()}: RFNE {figure_text(own, 2)}{beside}."))
    return [sentence for _, sentence in sorted(said, key=lambda each: -each[0])]


def _section(conditions: Conditions, outcomes: Sequence[Outcomes], model: str) -> Section:
    same = [each for each in outcomes if each.conditions == conditions]
    names = [name for name in _forecasters(same) if any(len(each.lead_times) for each in _of(same, name))]
    title = str(conditions)
    parts: list[Table | Chart] = [_score_table(same, ""), _difference_table(same, model), lead_curves(same, names)]
    return Section(title[0].upper() + title[1:], (), parts)


def _score_table(outcomes: Sequence[Outcomes], title: str) -> Table:
    columns = {
        name: column
        for name, column in _COLUMNS.items()
        if any(getattr(each.row, name) == getattr(each.row, name) for each in outcomes)
    }
    rows = [
        [name, *(figure_text(mean_of(_of(outcomes, name), each), digits) for each, (_, digits) in columns.items())]
        for name in _forecasters(outcomes)
    ]
    return Table([title, *(words for words, _ in columns.values())], rows)


def _difference_table(outcomes: Sequence[Outcomes], model: str) -> Table:
    """Of the same events, so that the interval is of the difference."""
    own = _of(outcomes, model)
    rows = [
        [f"{model} − {name}", *(_difference(own, _of(outcomes, name), of) for of in _DIFFERENCES)]
        for name in _forecasters(outcomes)
        if name != model
    ]
    note = "The interval is of the difference on the same earthquakes: one that holds 0 decides nothing."
    return Table(["Difference", *(_COLUMNS[name][0] for name in _DIFFERENCES)], rows, note)


def _difference(own: Sequence[Outcomes], others: Sequence[Outcomes], name: str) -> str:
    mine = {each.path: getattr(each.row, name) for each in own}
    apart = mean_over([(each.path, mine[each.path] - getattr(each.row, name)) for each in others])
    return figure_text(apart, _COLUMNS[name][1])


def _by_magnitude(outcomes: Sequence[Outcomes], model: str) -> Table:
    """As in the paper's Table 2: larger earthquakes, and longer and longer inputs."""
    own = _of(outcomes, model)
    rows = []
    for conditions in _conditions(outcomes):
        same = [each for each in own if each.conditions == conditions]
        for words, kind in between(same, "M", "", lambda each: each.row.magnitude, (4.75, 5.25, 5.75, 6.25, 6.75)):
            cells = [figure_text(mean_of(kind, name), _COLUMNS[name][1]) for name in _DIFFERENCES]
            rows.append([f"{conditions}, {words}", f"{len(kind)}", *cells])
    return Table([model, "Events", *(_COLUMNS[name][0] for name in _DIFFERENCES)], rows)


def _alert_section(outcomes: Sequence[Outcomes]) -> Section:
    reached = [mmi for mmi in INTENSITIES if not math.isnan(alert_rates(outcomes, mmi)["in time"].value)]
    never = [f"No place reaches an intensity of {mmi:g} after the input." for mmi in INTENSITIES if mmi not in reached]
    return Section("Alerts", [_ALERTS, *never], [_alert_table(outcomes, mmi) for mmi in reached])


def _alert_table(outcomes: Sequence[Outcomes], intensity: float) -> Table:
    rows = []
    for conditions in _conditions(outcomes):
        same = [each for each in outcomes if each.conditions == conditions and each.alerts]
        for name in _forecasters(same):
            rates = alert_rates(_of(same, name), intensity)
            rows.append([f"{conditions}: {name}", *(figure_text(each, 2) for each in rates.values())])
    return Table([f"MMI {intensity:g}", "In time", "Late", "Missed", "False of the alerts"], rows)


def _band_section(outcomes: Sequence[Outcomes], model: str) -> Iterator[Section]:
    chart = band_chart(outcomes, model)
    if chart is None:
        yield Section("The band", [f"{model} has no calibrated band: 'quakeview models calibrate' measures one."])
        return
    rows = [
        [str(conditions), f"{level:.0%}", figure_text(mean_of(same, "in_band"), 2)]
        for conditions in _conditions(outcomes)
        if (same := [each for each in _of(outcomes, model) if each.conditions == conditions])
        for level in [same[0].level]
    ]
    yield Section("The band", (), [Table([model, "It claims", "It held"], rows), chart])


def _worst_section(outcomes: Sequence[Outcomes], model: str, linked: bool) -> Iterator[Section]:
    drawn = [each for each in _of(outcomes, model) if each.maps is not None]
    worst = sorted(drawn, key=lambda each: -each.row.rfne)[:_WORST]
    if not worst:
        return
    rows = [
        [each.path.name, f"{each.row.magnitude:.1f}", *(f"{getattr(each.row, name):.3g}" for name in _DIFFERENCES)]
        for each in worst
    ]
    links = [each.path.resolve().as_uri() for each in worst] if linked else ()
    table = Table(["Event", "Magnitude", *(_COLUMNS[name][0] for name in _DIFFERENCES)], rows, links=links)
    charts = [map_chart(worst[:_DRAWN], peaks) for peaks in (True, False)]
    how = "By RFNE, with everything known. 'quakeview FILE' opens a scenario."
    yield Section("The worst earthquakes", [how], [table, *charts])


def _conditions(outcomes: Sequence[Outcomes]) -> list[Conditions]:
    return list(dict.fromkeys(each.conditions for each in outcomes))


def _forecasters(outcomes: Sequence[Outcomes]) -> list[str]:
    return list(dict.fromkeys(each.row.forecaster for each in outcomes))


def _of(outcomes: Sequence[Outcomes], name: str) -> list[Outcomes]:
    return [each for each in outcomes if each.row.forecaster == name]
