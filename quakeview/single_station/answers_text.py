"""What one station says, in words, as rows of a table and as JSON."""

import csv
import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from quakeview.registry import SINGLE_TASKS
from quakeview.single_station.estimates import NETWORK, RULE, Answer, Estimate, FirstMotion
from quakeview.texts import aligned

if TYPE_CHECKING:
    from quakeview.single_station.characterising import Characterisation

TITLES = {"magnitude": "Magnitude", "distance": "Distance", "back_azimuth": "Back-azimuth", "polarity": "First motion"}
_UNITS = {"magnitude": "", "distance": "km", "back_azimuth": "deg", "polarity": ""}


def estimate_text(task: str, said: Estimate | FirstMotion) -> str:
    """``2.3 ± 0.3``, ``34 ± 4 km``, ``120° ± 25°``, ``up (91 %)``."""
    if isinstance(said, FirstMotion):
        return str(said.polarity) + (f" ({said.probability:.0%})" if said.polarity.value != "undecidable" else "")
    off = said.uncertainty
    if task == "distance":
        digits = 1 if said.value < 20e3 else 0
        return f"{said.value / 1000:.{digits}f}" + ("" if off is None else f" ± {off / 1000:.{digits}f}") + " km"
    if task == "back_azimuth":
        return f"{said.value:.0f}°" + ("" if off is None else f" ± {off:.0f}°")
    return f"{said.value:.1f}" + ("" if off is None else f" ± {off:.1f}")


def sources_text(answer: Answer) -> list[tuple[str, str]]:
    """(who, what) of rule and network; what does not count is in words too."""
    told = []
    for source, reason in ((RULE, answer.rule_reason), (NETWORK, answer.network_reason)):
        said = answer.of(source)
        if said is None:
            told.append((source, reason))
        else:
            told.append((said.method, estimate_text(answer.task, said)))
    return told


def header() -> list[str]:
    """Of the CSV table."""
    columns = ["network", "station", "location", "band", "p_time", "s_time", "model"]
    for task in SINGLE_TASKS:
        name = "_".join(filter(None, (task, _UNITS[task])))
        columns += [name, f"{task}_uncertainty", f"{task}_by"]
        columns += [f"{task}_{source}{part}" for source in (RULE, NETWORK) for part in ("", "_uncertainty", "_reason")]
    return columns


def row(said: "Characterisation") -> list[str]:
    """One row of the CSV table."""
    cells = [*said.station, str(said.p.time), str(said.s.time) if said.s else "", said.model]
    for task, answer in said.answers.items():
        cells += [*_numbers(task, answer.best), answer.chosen]
        for source, reason in ((RULE, answer.rule_reason), (NETWORK, answer.network_reason)):
            cells += [*_numbers(task, answer.of(source)), reason]
    return cells


def format_csv(found: Iterable["Characterisation"]) -> str:
    """The table: distances in km, back-azimuths in degrees; of first motions the probability is the uncertainty's
    column."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header())
    writer.writerows(map(row, found))
    return text.getvalue()


def format_aligned(found: Iterable["Characterisation"]) -> str:
    """Columns for reading: a line for each quantity of each P."""
    rows = [("station", "P (UTC)", "", "counts", "by", "rule", "network")]
    for said in found:
        station, time = ".".join(said.station), said.p.time.strftime("%Y-%m-%d %H:%M:%S")
        for task, answer in said.answers.items():
            best = estimate_text(task, answer.best) if answer.best else "none"
            rule, network = (text for _, text in sources_text(answer))
            rows.append((station, time, TITLES[task], best, answer.chosen, rule, network))
            station = time = ""
    return aligned(rows)


def format_json(found: Iterable["Characterisation"]) -> str:
    """All that is in the table, nested, with the methods."""
    return json.dumps([_plain(said) for said in found], indent=2) + "\n"


def _plain(said: "Characterisation") -> dict[str, Any]:
    return {
        "station": ".".join(said.station),
        "p_time": str(said.p.time),
        "s_time": str(said.s.time) if said.s else None,
        "model": said.model,
        "latitude": said.coordinates.latitude if said.coordinates else None,
        "longitude": said.coordinates.longitude if said.coordinates else None,
        **{task: _plain_answer(task, answer) for task, answer in said.answers.items()},
    }


def _plain_answer(task: str, answer: Answer) -> dict[str, Any]:
    plain: dict[str, Any] = {"counts": answer.chosen or None, "unit": _UNITS[task] or None}
    for source, reason in ((RULE, answer.rule_reason), (NETWORK, answer.network_reason)):
        said = answer.of(source)
        if said is None:
            plain[source] = {"reason": reason}
            continue
        value, off = _plain_numbers(task, said)
        known_as = "probability" if isinstance(said, FirstMotion) else "uncertainty"
        plain[source] = {"value": value, known_as: off, "method": said.method}
    return plain


def _plain_numbers(task: str, said: Estimate | FirstMotion) -> tuple[float | str, float | None]:
    """The value and its uncertainty, in the units of the table."""
    if isinstance(said, FirstMotion):
        return str(said.polarity), round(said.probability, 3)
    unit, digits = (1000, 2) if task == "distance" else (1, 2)
    off = None if said.uncertainty is None else round(said.uncertainty / unit, digits)
    return round(said.value / unit, digits), off


def _numbers(task: str, said: Estimate | FirstMotion | None) -> tuple[str, str]:
    if said is None:
        return "", ""
    value, off = _plain_numbers(task, said)
    return str(value), "" if off is None else str(off)
