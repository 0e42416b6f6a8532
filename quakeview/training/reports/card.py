"""The headline of a model card: what a report found on held-out data, weak kinds first, and how to find it again."""

import math
from typing import Any

from quakeview.model_folders import read_config, write_section
from quakeview.registry import ModelCard
from quakeview.texts import counted
from quakeview.training.reports.document import Table, figure_text
from quakeview.training.reports.evaluation import Headline, Score

TITLE = "Scores"


def write_card(card: ModelCard, headline: Headline, command: str) -> None:
    """Put the scores of a report into the card of a model, in place of those that are there.

    Args:
        command: that makes the report again.

    Raises:
        QuakeViewError: if the model's folder cannot be read or written.
    """
    scores = {score.name: _kept(score) for score in headline.scores}
    section = read_config(card.folder)["card"] | {"scores": scores}
    write_section(card.folder, "card", section, TITLE, _text(headline, command))


def _kept(score: Score) -> dict[str, Any]:
    """For JSON, which has no NaN."""
    figures = {"value": score.estimate.value, "low": score.estimate.low, "high": score.estimate.high}
    known = {name: round(value, 4) for name, value in figures.items() if not math.isnan(value)}
    return known | {"of": counted(score.records, score.of)}


def _text(headline: Headline, command: str) -> str:
    """In Markdown."""
    weak = "\n".join(f"- {sentence}" for sentence in headline.weak)
    rows = [[each.name, figure_text(each.estimate, 2), counted(each.records, each.of)] for each in headline.scores]
    parts = [
        f"Where it is weakest:\n\n{weak}",
        f"{headline.data} All of it counts; in brackets are 95 % intervals from drawing {headline.drawn} anew.",
        _markdown(Table(["Score", "Value", "From"], rows)),
        *(_markdown(table) for table in headline.tables),
        f"Measured with:\n\n```\n{command}\n```",
    ]
    return "\n\n".join(parts)


def _markdown(table: Table) -> str:
    lines = [table.titles, ["---"] * len(table.titles), *table.rows]
    text = "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in lines)
    return f"{text}\n\n{table.note}" if table.note else text
