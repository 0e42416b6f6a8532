"""The report on forecasts of seismicity: models and references on the same held-out days."""

from collections.abc import Callable

from quakeview.seismicity.blocks import BLOCK
from quakeview.seismicity.blocks import Estimate as BlockEstimate
from quakeview.seismicity.catalogue import date_of
from quakeview.seismicity.scoring.evaluation import Evaluation
from quakeview.seismicity.scoring.gains import (
    GroupGain,
    by_magnitude,
    by_region,
    by_time_since_large,
    gain_over,
    t_test_over,
)
from quakeview.seismicity.scoring.ranks import WHAT_AUC_IS_WORTH
from quakeview.seismicity.scoring.scores import ForecastScores
from quakeview.texts import counted
from quakeview.training.reports.bootstrap import Estimate
from quakeview.training.reports.document import Chart, Report, Section, Table, figure_text
from quakeview.training.reports.evaluation import Headline, Score
from quakeview.training.reports.seismicity_charts import draw_gain, draw_molchan, draw_reliability

_WEAKEST = 4
GROUPINGS: dict[str, Callable[[ForecastScores, ForecastScores], list[GroupGain]]] = {
    "Magnitude": by_magnitude,
    "Part of the region": by_region,
    "Days after the last large earthquake": by_time_since_large,
}


def seismicity_report(found: Evaluation) -> Report:
    """Return the report, which begins with what was seen before, and ends with AUC."""
    sections = [_gains(found), _consistency(found), _reliability(found), _groups(found), _time(found), _ranks(found)]
    return Report(_title(found), [*found.seen, *_sentences(found)], [each for each in sections if each is not None])


def seismicity_headline(found: Evaluation) -> Headline:
    """Return what belongs into the card of the first model: its gain over each reference, and where it is weakest."""
    model, number = found.models[0], found.models[0].totals[1]
    scores = [
        Score(f"Gain over {reference.name}, nats", _shown(gain_over(model, reference)), number, "earthquake")
        for reference in found.references
    ]
    scores.append(Score("Expected / observed", _shown(model.expected_over_observed()), number, "earthquake"))
    reference = found.references[-1]
    groups = [group for each in GROUPINGS.values() for group in each(model, reference)]
    weakest = sorted(groups, key=lambda group: group.gain.value)[:_WEAKEST]
    weak = [
        f"{group.group} ({counted(group.earthquakes, 'earthquake')}): {_signed(group.gain)} nats over {reference.name}"
        for group in weakest
    ]
    return Headline(_data(found), weak, scores, [_gain_table(found)], f"blocks of {BLOCK} days")


def _title(found: Evaluation) -> str:
    outcomes = found.all[0].outcomes
    return f"Forecasts of earthquakes of magnitude {outcomes.magnitude:g} and more, {outcomes.window}"


def _data(found: Evaluation) -> str:
    outcomes, (first, last) = found.all[0].outcomes, found.tested
    number = found.all[0].totals[1]
    return (
        f"{found.catalogue}, {date_of(first)} to {date_of(last)}: {counted(len(outcomes.days), 'forecast')} of "
        f"{counted(number, 'earthquake')} in {outcomes.grid.number:,} cells of {outcomes.grid.size / 1e3:g} km; each "
        "knows nothing later than the day it is made at the end of."
    )


def _sentences(found: Evaluation) -> list[str]:
    first, last = found.fitted
    sentences = [_data(found)]
    if found.references:
        sentences.append(f"References were fitted to {date_of(first)} to {date_of(last)}.")
    best = found.all[-1]
    sentences += [
        f"{best.name} over {reference.name}: {_signed(gain_over(best, reference))} nats for each earthquake."
        for reference in found.references
        if reference is not best
    ]
    return sentences


def _gains(found: Evaluation) -> Section:
    sentences = [
        "Information gain is how much likelier a forecast made what came than another did: the mean logarithm of the "
        "ratio of both for each earthquake, less the difference of the expected numbers. 0.69 nats is twice as likely.",
        f"In brackets are 95 % intervals from drawing blocks of {BLOCK} days anew, since earthquakes come in "
        "sequences; an interval that holds 0 decides nothing.",
    ]
    return Section("Information gain", sentences, [_gain_table(found)])


def _gain_table(found: Evaluation) -> Table:
    rows = [
        [each.name, *("–" if each is other else _signed(gain_over(each, other)) for other in found.references)]
        for each in found.all
    ]
    return Table(["nats for each earthquake", *(f"over {each.name}" for each in found.references)], rows)


def _consistency(found: Evaluation) -> Section:
    sentences = [
        "The tests of CSEP ask whether what came could have come from the forecast if earthquakes were independent. "
        "They are not: sequences make almost every forecast fail the S test, and the N and L tests too where there are "
        "many earthquakes. A forecast fails N if one of its two numbers is below .025, and L or S below .05."
    ]
    if found.magnitudes is not None:
        test = found.magnitudes
        sentences.append(
            f"M test: {_quantile(test.result.quantile)}. Magnitudes of training have b = {test.trained.b:.2f} ± "
            f"{test.trained.uncertainty:.2f}, those that came {test.observed.b:.2f} ± {test.observed.uncertainty:.2f}; "
            "the forecasts say nothing of magnitudes, and share the law of training."
        )
    rows = []
    for each in found.all:
        expected, observed = each.totals
        number = each.number
        row = [each.name, f"{expected:.0f}", str(observed), f"{number.at_least:.3f}, {number.at_most:.3f}"]
        rows.append([*row, _quantile(each.likelihood.quantile), _quantile(each.places.quantile)])
    parts = [Table(["forecast", "expected", "observed", "N test", "L test", "S test"], rows)]
    tests = [
        [
            f"{each.name} over {other.name}",
            f"{test.gain:+.3f} [{test.low:+.3f}, {test.high:+.3f}]",
            f"{test.statistic:.1f}",
        ]
        for other, each in zip(found.all, found.all[1:], strict=False)
        for test in [t_test_over(each, other)]
    ]
    if tests:
        note = "Its interval takes earthquakes as independent, and is too narrow."
        parts.append(Table(["T test", "gain, nats", "t"], tests, note))
    return Section("Tests of CSEP", sentences, parts)


def _reliability(found: Evaluation) -> Section:
    rows = [
        [
            each.name,
            figure_text(_shown(each.expected_over_observed()), 2),
            _scaled(each.brier(), 1e4),
            _scaled(each.log_loss(), 1e3),
        ]
        for each in found.all
    ]
    table = Table(["forecast", "expected / observed", "Brier score, 10⁻⁴", "log-loss, 10⁻³ nats"], rows)
    caption = "How often a cell had an earthquake, beside the probability that was given to it; on the line it holds."
    return Section(
        "Whether probabilities hold", [], [table, Chart(caption, lambda figure: draw_reliability(figure, found.all))]
    )


def _groups(found: Evaluation) -> Section | None:
    if len(found.all) < 2 or not found.references:
        return None
    best = found.all[-1]
    reference = found.references[-1] if found.models else found.references[-2]
    sentence = f"Information gain of {best.name} over {reference.name}. Without an interval: too few blocks of days."
    return Section("Where the gain comes from", [sentence], _groupings(best, reference))


def _groupings(best: ForecastScores, reference: ForecastScores) -> list[Table]:
    return [
        Table(
            [title, "earthquakes", "gain, nats"],
            [[group.group, f"{group.earthquakes:,}", _signed(group.gain)] for group in groups(best, reference)],
        )
        for title, groups in GROUPINGS.items()
    ]


def _time(found: Evaluation) -> Section | None:
    if len(found.all) < 2:
        return None
    base = next(each for each in found.all if each.name == found.measure)
    caption = f"Information gain over {base.name}, summed up from the first day; nats."
    return Section("Gain over time", [], [Chart(caption, lambda figure: draw_gain(figure, found.all, base))])


def _ranks(found: Evaluation) -> Section:
    rows = [
        [
            each.name,
            figure_text(_shown(each.ranks.molchan(by_reference=True))),
            figure_text(_shown(each.ranks.molchan(by_reference=False))),
            figure_text(_shown(each.ranks.auc())),
            figure_text(_shown(each.ranks.average_precision()), 4),
        ]
        for each in found.all
    ]
    titles = ["forecast", f"Molchan, alarms by {found.measure}", "Molchan, by area", "AUC", "average precision"]
    note = "Molchan's area skill score is .5 for a forecast that knows no more than what its alarms are measured by."
    caption = "Molchan's diagram: earthquakes outside the alarms, by the part of cells and days under alarm."
    chart = Chart(caption, lambda figure: draw_molchan(figure, found.all))
    return Section("How cells are sorted", [WHAT_AUC_IS_WORTH], [Table(titles, rows, note), chart])


def _quantile(value: float) -> str:
    return "not simulated" if value != value else f"{value:.3f}"


def _signed(value: BlockEstimate) -> str:
    if value.low != value.low:
        return f"{value.value:+.3f}"
    return f"{value.value:+.3f} [{value.low:+.3f}, {value.high:+.3f}]"


def _scaled(value: BlockEstimate, factor: float) -> str:
    return figure_text(Estimate(*(factor * each for each in value)))


def _shown(value: BlockEstimate) -> Estimate:
    return Estimate(*value)
