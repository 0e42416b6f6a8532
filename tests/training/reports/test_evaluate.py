"""``quakeview evaluate`` on a small data set, with pickers whose errors are known."""

import csv
import json
from pathlib import Path

import numpy as np
import obspy
import pytest
from numpy.typing import NDArray

from quakeview import cli
from quakeview.monitoring.exchange import read_picks
from quakeview.monitoring.stitching import Windowing
from quakeview.registry import ModelCard
from quakeview.training.reports.document import Table
from quakeview.training.reports.picker_evaluation import PickerEvaluation, evaluate_pickers
from quakeview.training.reports.picking import f1_counts
from quakeview.training.reports.ratios import f1
from quakeview.training.reports.readings import RULE
from tests.training.waveform_files import P_SECONDS, S_SECONDS, write_seisbench

BELL = np.exp(-0.5 * (np.arange(-20, 21) / 5.0) ** 2)


class KnownPicker:
    """P at probability .9 and .04 s late (``late``: .2 s), S at .5 and on time; ``late`` has a false P as well."""

    sampling_rate, window_samples, batch_size = 50.0, 3000, 4
    windowing = Windowing()

    def __init__(self, card: ModelCard, *_: object) -> None:
        self.name = card.name
        late = card.name == "late"
        self._onsets = [(0, P_SECONDS + (0.2 if late else 0.04), 0.9), (1, S_SECONDS, 0.5)]
        self._onsets += [(0, P_SECONDS + 20, 0.6)] if late else []

    def probabilities(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        curves = np.zeros((len(windows), 2, self.window_samples), np.float32)
        for row, seconds, probability in self._onsets:
            at = round(seconds * 50)
            curves[:, row, at - 20 : at + 21] = probability * BELL
        return curves

    def uncertainty(self, *_: object) -> None:
        return None


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr("quakeview.training.reports.picker_evaluation.load_picker", KnownPicker)
    for name in ("good", "late"):
        folder = tmp_path / name
        folder.mkdir()
        card = {"name": name, "system": "SeisMoLLM", "task": "picking"}
        (folder / "config.json").write_text(json.dumps({"network": {"kept": 1}, "card": card}))
        (folder / "model.safetensors").write_bytes(b"weights")
    return [str(tmp_path / name) for name in ("good", "late")]


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """80 records of 10 events in the split dev, every fourth without an S label."""
    return write_seisbench(tmp_path / "records", n_events=12, stations=8)


@pytest.fixture
def evaluation(models: list[str], records: Path) -> PickerEvaluation:
    cards = [ModelCard(Path(name).name, "SeisMoLLM", "picking", Path(name), "", {}, "", 0, "") for name in models]
    return evaluate_pickers(cards, [records], "all")


def score(evaluation: PickerEvaluation, reader: str, phase: str, tolerance: float) -> float:
    return float(f1(f1_counts(evaluation.records, reader, phase, tolerance).sum(axis=0)))


def test_scores_are_those_of_the_known_errors(evaluation: PickerEvaluation) -> None:
    assert score(evaluation, "good", "P", 0.1) == 1
    assert score(evaluation, "late", "P", 0.1) == 0
    assert score(evaluation, "late", "P", 0.3) == 1
    assert score(evaluation, "good", "S", 0.1) == 1
    assert 0 < score(evaluation, RULE, "P", 0.3) <= 1


def test_what_nobody_labelled_is_not_false(evaluation: PickerEvaluation) -> None:
    hits, picks, labels = f1_counts(evaluation.records, "good", "S", 0.3).sum(axis=0)
    assert hits == picks == labels == 72


def test_the_report_has_what_was_measured(evaluation: PickerEvaluation) -> None:
    report = evaluation.report()
    tables = {s.title: [p for p in s.parts if isinstance(p, Table)] for s in report.sections}
    first = tables["All records"][0].rows[0]
    assert first[:2] == ["P  good", "1.000 [1.000, 1.000]"]
    residuals = {row[0]: row for row in tables["All records"][1].rows}
    assert residuals["P  late"][1].startswith("0.200")
    difference = tables["Side by side"][0].rows[0]
    assert difference[:2] == ["P  good − late", "1.000 [1.000, 1.000]"]
    kinds = {row[0]: row[1] for row in tables["By kind of record"][0].rows}
    assert kinds["S−P 6–12 s"] == "72"
    assert "96 records of 12 earthquakes with 96 P and 72 S labels" in report.sentences[0]


def test_the_command_writes_one_page_and_the_worst_records_beside_it(
    models: list[str], records: Path, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    command = ["evaluate", models[1], str(records), "--against", models[0], "--split", "dev", "-o", str(page)]
    with (records / "metadata.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:  # the labels of the split are moved: everything is picked wrongly
        row["trace_p_arrival_sample"] = "3000"
    with (records / "metadata.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert cli.main(command) == 0
    text = page.read_text()
    assert text.count("<svg") == 4
    assert "http://" not in text.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    )
    folder = tmp_path / "report worst records"
    assert 'href="report%20worst%20records/"' in text
    worst = sorted(folder.iterdir())
    assert len(worst) == 15
    assert f'href="report%20worst%20records/{worst[0].name.replace(" ", "%20")}/"' in text
    picks = [pick for pick in read_picks(worst[0] / "picks.csv") if pick.comment == "label" and pick.phase == "P"]
    assert picks[0].time - obspy.read(worst[0] / "record.mseed")[0].stats.starttime == pytest.approx(30)


def test_the_command_prints_tables_and_writes_pdf(
    models: list[str], records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", models[0], str(records), "--split", "dev"]) == 0
    said = capsys.readouterr().out
    assert "How well good picks" in said
    assert "F1 within 0.3 s" in said
    assert cli.main(["evaluate", models[0], str(records), "--split", "dev", "-o", str(tmp_path / "r.pdf")]) == 0
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")


def test_quiet_records_are_counted(models: list[str], records: Path, tmp_path: Path, capsys) -> None:
    obspy.read().write(str(tmp_path / "quiet.mseed"), "MSEED")
    command = ["evaluate", models[0], str(records), "--split", "dev", "--quiet", str(tmp_path / "quiet.mseed")]
    assert cli.main(command) == 0
    assert "Hours of one station" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (["--split", "nowhere"], "no split 'nowhere'"),
        (["-o", "report.docx"], "must end in .html or .pdf"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(models, records, change, sentence, capsys) -> None:
    assert cli.main(["evaluate", models[0], str(records), *change]) == 1
    assert sentence in capsys.readouterr().err


def test_records_that_a_model_has_seen_are_no_test_of_it(models: list[str], records: Path, capsys) -> None:
    config = Path(models[0]) / "config.json"
    content = json.loads(config.read_text())
    content["card"]["run"] = (
        '[[data.sources]]\nkind = "seisbench"\npath = "records"\nsplit = "train"\n'
        '[data.validation]\nkind = "seisbench"\npath = "records"\nsplit = "dev"\n'
    )
    config.write_text(json.dumps(content))
    command = ["evaluate", models[1], str(records), "--against", models[0], "--split"]
    assert cli.main([*command, "dev"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "good was chosen by its scores on 16 records of records that it is measured on here" in said
    assert "good was trained on" not in said
    assert "late was" not in said
    assert cli.main([*command, "all", "--write-card"]) == 1
    assert "good was trained on " in capsys.readouterr().err
    assert not (Path(models[1]) / "README.md").exists()
