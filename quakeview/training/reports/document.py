"""A report as a document: sentences, tables and charts, written as one HTML file or as PDF.

The charts are drawn with Matplotlib, once for each kind of file.
"""

import base64
import html
import io
import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError
from quakeview.texts import aligned
from quakeview.training.reports.bootstrap import Estimate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".html", ".pdf")
_INCHES = 7.0
_DPI = 110
_A4 = (8.27, 11.69)
_LINES, _COLUMNS = 88, 104  # of a page of text in a PDF


@dataclass(frozen=True)
class Table:
    """Rows of text under titles; the first column names the row, the others are flush right.

    Attributes:
        note: a sentence on how to read it.
        links: of each row, the address that its name leads to, seen from the report; empty if they lead nowhere.
    """

    titles: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    links: Sequence[str] = ()


@dataclass(frozen=True)
class Chart:
    """A picture with its caption.

    Attributes:
        draw: draws into an empty figure.
        height: over the width.
    """

    caption: str
    draw: Callable[["Figure"], None] = field(repr=False)
    height: float = 0.5


@dataclass(frozen=True)
class Section:
    """A part of the report under a title: sentences, then tables and charts.

    Attributes:
        folder: of files that belong to it, seen from the report.
    """

    title: str
    sentences: Sequence[str] = ()
    parts: Sequence[Table | Chart] = ()
    folder: str = ""


@dataclass(frozen=True)
class Report:
    """A title, what was measured on what in sentences, and sections."""

    title: str
    sentences: Sequence[str]
    sections: Sequence[Section]


def figure_text(estimate: Estimate, decimals: int = 3) -> str:
    """``0.930 [0.901, 0.952]``; ``–`` for what is not known, no bracket without an interval."""
    if math.isnan(estimate.value):
        return "–"
    text = f"{estimate.value:.{decimals}f}"
    return f"{text} [{estimate.low:.{decimals}f}, {estimate.high:.{decimals}f}]" if estimate.has_interval else text


def write_report(report: Report, path: Path) -> None:
    """Write a report as its suffix says.

    Raises:
        QuakeViewError: for another suffix.
        OSError: if it cannot be written.
    """
    writers = {".html": lambda report: report_page(report).encode(), ".pdf": _pdf}
    if path.suffix.lower() not in writers:
        raise QuakeViewError(f"“{path.name}” must end in {' or '.join(SUFFIXES)}, the reports that QuakeView writes.")
    write_atomically(path, writers[path.suffix.lower()](report))


def report_page(report: Report, pictures: bool = False) -> str:
    """The report as HTML in one piece.

    Args:
        pictures: charts are PNG, as Qt shows them, instead of SVG.
    """
    title = html.escape(report.title)
    sections = (_html_section(each, pictures) for each in report.sections)
    body = "\n".join([f"<h1>{title}</h1>", *map(_paragraph, report.sentences), *sections])
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"<style>{_QT_STYLE if pictures else _STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def report_text(report: Report) -> str:
    """The sentences and tables of a report for a terminal."""
    return "\n".join(_text_lines(report)) + "\n"


# --- HTML --------------------------------------------------------------------------------------------------------

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #d5d9e0 }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; font-size: .9rem }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #e3e6eb; text-align: right; white-space: nowrap }
th.name, td.name { text-align: left } th { border-bottom: 2px solid #9aa2b1 }
.table { overflow-x: auto } .note, figcaption { opacity: .7; font-size: .9rem }
figure { margin: 1.2rem 0 } figure svg { max-width: 100%; height: auto }
"""


_QT_STYLE = """
th, td { padding: 3px 10px; text-align: right; white-space: nowrap } th.name, td.name { text-align: left }
"""


def _html_section(section: Section, pictures: bool) -> str:
    parts = (_html_table(each) if isinstance(each, Table) else _html_chart(each, pictures) for each in section.parts)
    link = f'<p><a href="{quote(section.folder)}/">{html.escape(section.folder)}</a></p>' if section.folder else ""
    return "\n".join([f"<h2>{html.escape(section.title)}</h2>", *map(_paragraph, section.sentences), link, *parts])


def _paragraph(sentence: str) -> str:
    return f"<p>{html.escape(sentence)}</p>"


def _html_table(table: Table) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        first, *others = cells
        return (
            f'<tr><{tag} class="name">{first}</{tag}>' + "".join(f"<{tag}>{each}</{tag}>" for each in others) + "</tr>"
        )

    texts = [[html.escape(cell) for cell in each] for each in table.rows]
    for cells, link in zip(texts, table.links, strict=False):
        cells[0] = f'<a href="{html.escape(link)}">{cells[0]}</a>'
    rows = "\n".join([row(list(map(html.escape, table.titles)), "th"), *(row(each, "td") for each in texts)])
    note = f'<p class="note">{html.escape(table.note)}</p>' if table.note else ""
    return f'<div class="table"><table>\n{rows}\n</table></div>{note}'


def _html_chart(chart: Chart, picture: bool) -> str:
    if picture:
        return f'<p><img src="data:image/png;base64,{_png(chart)}"></p><p>{html.escape(chart.caption)}</p>'
    from matplotlib import rc_context

    drawn = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "quakeview"}):
        _drawn(chart).savefig(drawn, format="svg", metadata={"Date": None})
    svg = drawn.getvalue()
    svg = svg[svg.index("<svg") :]
    return f"<figure>{svg}<figcaption>{html.escape(chart.caption)}</figcaption></figure>"


def _png(chart: Chart) -> str:
    """In base64."""
    drawn = io.BytesIO()
    _drawn(chart).savefig(drawn, format="png", dpi=_DPI, facecolor="white")
    return base64.b64encode(drawn.getvalue()).decode()


def _drawn(chart: Chart) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure((_INCHES, _INCHES * chart.height), layout="constrained")
    chart.draw(figure)
    return figure


# --- PDF ---------------------------------------------------------------------------------------------------------


def _pdf(report: Report) -> bytes:
    from matplotlib.backends.backend_pdf import PdfPages

    drawn = io.BytesIO()
    with PdfPages(drawn, metadata={"Title": report.title}) as pages:
        for page in _text_pages(report):
            pages.savefig(page)
        for chart in (part for section in report.sections for part in section.parts if isinstance(part, Chart)):
            figure = _drawn(chart)
            figure.suptitle("\n".join(textwrap.wrap(chart.caption, 90)), fontsize=9)
            pages.savefig(figure)
    return drawn.getvalue()


def _text_pages(report: Report) -> "list[Figure]":
    lines = _text_lines(report)
    return [_text_page(lines[first : first + _LINES]) for first in range(0, len(lines), _LINES)]


def _text_lines(report: Report) -> list[str]:
    lines = [report.title, "", *_wrapped(report.sentences)]
    for section in report.sections:
        tables = [part for part in section.parts if isinstance(part, Table)]
        if not tables and not section.sentences:
            continue
        lines += ["", section.title, "-" * len(section.title), *_wrapped(section.sentences)]
        for table in tables:
            right = range(1, len(table.titles))
            lines += ["", *aligned([table.titles, *table.rows], right).splitlines(), *_wrapped([table.note])]
    return lines


def _wrapped(sentences: Sequence[str]) -> list[str]:
    return [line for sentence in sentences for line in textwrap.wrap(sentence, _COLUMNS)]


def _text_page(lines: Sequence[str]) -> "Figure":
    from matplotlib.figure import Figure

    longest = max(map(len, lines), default=1)
    page = Figure(_A4)
    size = min(8.0, 8.0 * _COLUMNS / longest)
    page.text(0.06, 0.96, "\n".join(lines), family="monospace", fontsize=size, va="top", parse_math=False)
    return page
