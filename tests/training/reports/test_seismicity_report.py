"""``quakeview seismicity evaluate``: models and references on held-out days, as tables, a report and a card."""

from pathlib import Path

import pytest

from quakeview import cli
from quakeview.model_folders import read_readme
from quakeview.registry import read_card
from quakeview.seismicity.catalogue import Catalogue, date_of
from quakeview.seismicity.model_folder import card_of, save
from quakeview.seismicity.references import Fitting, smoothed_recent
from tests.seismicity.catalogues import FIRST, box, clustered

DAYS = 400


def written(catalogue: Catalogue, path: Path) -> Path:
    days = (catalogue.time * 1e6).astype("datetime64[us]")
    rows = zip(days, catalogue.latitude, catalogue.longitude, catalogue.magnitude, strict=True)
    lines = [f"{day}Z,{north:.4f},{east:.4f},{size:.2f}" for day, north, east, size in rows]
    path.write_text("\n".join(["time,latitude,longitude,magnitude", *lines]))
    return path


@pytest.fixture
def catalogue_file(tmp_path: Path) -> Path:
    return written(clustered(DAYS), tmp_path / "clustered.csv")


def kept(folder: Path, last: int) -> Path:
    """A model fitted to the days until ``last``."""
    fitting = Fitting(clustered(DAYS), box(50e3), 4.5, FIRST, last)
    save(smoothed_recent(fitting), folder, card_of(fitting, folder.name, "clustered"))
    return folder


def command(catalogue: Path, *more: str) -> list[str]:
    return ["seismicity", "evaluate", str(catalogue), "--days", "200", *more]


def test_references_stand_side_by_side(catalogue_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    region = ("--region", "35", "138", "39", "142", "--cell-size", "50")
    assert cli.main(command(catalogue_file, *region, "--references", "recent", "uniform", "smoothed")) == 0
    shown = capsys.readouterr().out
    titles = [
        "Information gain",
        "Tests of CSEP",
        "Whether probabilities hold",
        "Where the gain comes from",
        "How cells",
    ]
    places = [shown.index(title) for title in titles]
    assert places == sorted(places)
    assert "AUC says almost nothing" in shown[places[-1] :]
    gains = shown[places[0] : places[1]].splitlines()
    row = next(line for line in gains if line.startswith("smoothed + recent"))
    assert float(row.split("recent")[1].split()[0]) > 0.3
    assert "M test: " in shown


def test_a_model_has_a_report_and_a_card(tmp_path: Path, catalogue_file: Path) -> None:
    model, report = kept(tmp_path / "mine", FIRST + 200), tmp_path / "report.html"
    more = ("--models", str(model), "--references", "uniform", "smoothed", "--report", str(report), "--write-card")
    assert cli.main(command(catalogue_file, *more, "--fit-until", date_of(FIRST + 150))) == 0
    page = report.read_text()
    assert f"to {date_of(FIRST + 150)}." in page
    assert page.count("<svg") == 3
    assert "mine over smoothed seismicity: +" in page
    card = read_card(model)
    assert card.scores["Gain over smoothed seismicity, nats"]["low"] > 0
    assert "blocks of 30 days" in read_readme(model)
    assert "quakeview seismicity evaluate" in read_readme(model)


def test_days_that_were_learnt_from_are_said_first_and_make_no_card(
    tmp_path: Path, catalogue_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = kept(tmp_path / "eager", FIRST + 300)
    more = ("--models", str(model), "--references", "uniform")
    assert cli.main(command(catalogue_file, *more)) == 0
    assert "eager learnt from 94 days" in capsys.readouterr().out.split("\n\n")[1]
    assert cli.main(command(catalogue_file, *more, "--write-card")) == 1
    assert "held-out days" in capsys.readouterr().err
    assert not read_card(model).scores


def test_what_cannot_be_scored_is_a_sentence(catalogue_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for more, sentence in (
        (("--references",), "nothing to score"),
        (("--references", "uniform", "--report", "a.doc"), "must end in"),
        (("--references", "uniform", "--write-card"), "name --models"),
        (("--references", "uniform", "--models", "none"), "no model 'none'"),
    ):
        assert cli.main(command(catalogue_file, *more)) == 1
        assert sentence in capsys.readouterr().err
