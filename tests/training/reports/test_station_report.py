"""``quakeview evaluate`` of models for one station, with a network whose errors are known."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from quakeview import cli
from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Polarity
from quakeview.registry import SINGLE_TASKS, ModelCard
from quakeview.single_station.calibration import Calibration
from quakeview.single_station.estimates import Estimate, FirstMotion
from quakeview.training.reports.document import Table
from quakeview.training.reports.evaluating import Request, evaluate, rivals_of
from quakeview.training.reports.station_answers import CONSTANT, RULES
from quakeview.training.reports.station_evaluation import StationEvaluation, evaluate_station_models
from quakeview.training.reports.station_scores import coverage, score
from tests.training.waveform_files import write_seisbench


class KnownNetwork:
    """M 2.5 ± 1, 30 km ± 5, back-azimuth 350 ± 20 and up, whatever it hears."""

    tasks = SINGLE_TASKS
    calibration = Calibration()

    def __init__(self, card: ModelCard) -> None:
        self.name = card.name

    def values(self, data: NDArray[np.float32], *_: object) -> dict[str, Estimate | FirstMotion]:
        return {
            "magnitude": Estimate(2.5, 1.0, ""),
            "distance": Estimate(30_000.0, 5_000.0, ""),
            "back_azimuth": Estimate(350.0, 20.0, ""),
            "polarity": FirstMotion(Polarity.UP, 0.9, ""),
        }


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """12 events of magnitude 1 to 6.5, at 10 to 40 km and 0 to 440°, up and down in turn; the last two are dev."""
    return write_seisbench(tmp_path / "records", n_events=12, stations=4)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("quakeview.training.reports.station_evaluation.load_station_network", KnownNetwork)
    folder = tmp_path / "four"
    folder.mkdir()
    card = {"name": "four", "system": "SeisMoLLM", "task": "characterisation", "parameters": 1}
    (folder / "config.json").write_text(json.dumps({"network": {"kept": 1}, "card": card, "calibration": {"kept": 2}}))
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "README.md").write_text("# four\n\n## Scores\n\n| old | 1.00 |\n\n## Made with\n\nkept\n")
    return folder


@pytest.fixture
def evaluation(model: Path, records: Path) -> StationEvaluation:
    card = ModelCard("four", "SeisMoLLM", "characterisation", model, "", {}, "", 0, "")
    return evaluate_station_models([card], [records], "all")


def of(evaluation: StationEvaluation, task: str) -> list:
    return [each for each in evaluation.answers if each.task == task]


def test_scores_are_those_of_the_known_errors(evaluation: StationEvaluation) -> None:
    magnitudes = np.repeat(1 + 0.5 * np.arange(12), 4)
    assert score(of(evaluation, "magnitude"), "four").value == pytest.approx(np.abs(2.5 - magnitudes).mean())
    assert score(of(evaluation, "distance"), "four").value == pytest.approx(10)
    assert score(of(evaluation, "polarity"), "four").value == pytest.approx(0.5)
    azimuths = np.repeat(40.0 * np.arange(12), 4)
    off = np.abs((350 - azimuths + 180) % 360 - 180)
    assert score(of(evaluation, "back_azimuth"), "four").value == pytest.approx(np.median(off))
    held = coverage(of(evaluation, "magnitude"), "four")
    assert held.value == pytest.approx((np.abs(2.5 - magnitudes) <= 1).mean())
    assert held.low < held.value < held.high


def test_rules_and_one_value_for_all_stand_beside(evaluation: StationEvaluation) -> None:
    report = evaluation.report("worst")
    tables = {section.title: [p for p in section.parts if isinstance(p, Table)] for section in report.sections}
    assert [row[0] for row in tables["Distance"][0].rows] == ["four", RULES["distance"], CONSTANT]
    assert [row[0] for row in tables["First motion"][0].rows] == ["four", RULES["polarity"], CONSTANT]
    confusion = {row[0]: row[1:] for row in tables["First motion"][1].rows}
    assert confusion["up  four"] == ["24", "0", "0"]
    assert confusion["down  four"] == ["24", "0", "0"]
    assert report.sections[0].title == "Where it is weakest"
    assert "magnitude from 4 on" in report.sections[0].sentences[0]
    assert "amplitude magnitude" in " ".join(report.sentences)


def test_the_card_gets_what_was_measured_and_keeps_the_rest(
    model: Path, records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    command = ["evaluate", str(model), str(records), "--split", "dev", "-o", str(page), "--write-card"]
    assert cli.main(command) == 0
    config = json.loads((model / "config.json").read_text())
    assert config["calibration"] == {"kept": 2}
    distance = config["card"]["scores"]["distance mean absolute error (km)"]
    assert distance == {"value": 10.0, "of": "8 records"}  # of two earthquakes, which are too few for an interval
    readme = (model / "README.md").read_text()
    assert "1.00" not in readme
    assert "## Made with\n\nkept" in readme
    assert readme.index("Where it is weakest") < readme.index(
        "| distance mean absolute error (km) | 10.00 | 8 records |"
    )
    assert f"quakeview evaluate {model} {records} --split dev --write-card" in readme
    text = page.read_text()
    assert text.count("<svg") == 7
    worst = sorted((tmp_path / "report worst records").iterdir())
    assert (worst[0] / "record.mseed").is_file()
    assert (worst[0] / "picks.csv").is_file()


def test_the_models_workspace_says_intervals_and_numbers(tmp_path: Path) -> None:
    kept = {"value": 0.4512, "low": 0.2, "high": 0.8, "of": "45 records"}
    card = ModelCard("m", "SeisMoLLM", "characterisation", tmp_path, "", {"magnitude error": kept}, "", 0, "")
    assert card.scored == "magnitude error 0.45 [0.20, 0.80], 45 records"


@pytest.mark.parametrize(
    ("tasks", "sentence"),
    [
        (("characterisation", "forecasting"), "b is a forecasting model and a a characterisation model"),
        (("frame_prediction",), "a is a frame-prediction model; there is no report on such models"),
        (("seismicity",), "a forecasts seismicity, which is scored on a catalogue"),
    ],
)
def test_models_of_one_kind_stand_beside_each_other(tmp_path: Path, tasks: tuple[str, ...], sentence: str) -> None:
    cards = [ModelCard(name, "", task, tmp_path, "", {}, "", 0, "") for name, task in zip("ab", tasks, strict=False)]
    with pytest.raises(QuakeViewError, match=sentence):
        evaluate(Request(cards, [tmp_path]))


def test_rivals_are_of_the_same_kind(tmp_path: Path) -> None:
    tasks = ("characterisation", "magnitude", "picking", "polarity")
    cards = [ModelCard(task, "", task, tmp_path, "", {}, "", 0, "") for task in tasks]
    assert [card.name for card in rivals_of(cards[0], cards)] == ["magnitude", "polarity"]


def test_what_cannot_be_measured_is_one_sentence(
    model: Path, records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", str(model), str(records)]) == 1
    assert "no split 'test'" in capsys.readouterr().err
    assert cli.main(["evaluate", str(model), str(tmp_path / "nowhere")]) == 1
    assert "1 folder is not there" in capsys.readouterr().err
    assert cli.main(["evaluate", str(model), str(records), "--quiet", str(records)]) == 1
    assert "are for pickers" in capsys.readouterr().err
    with (records / "metadata.csv").open() as file:
        rows = list(csv.DictReader(file))
    names = ("source_magnitude", "path_ep_distance_km", "path_back_azimuth_deg", "trace_p_polarity")
    with (records / "metadata.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | dict.fromkeys(names, "") for row in rows)
    assert cli.main(["evaluate", str(model), str(records), "--split", "dev"]) == 1
    assert "has a P and a label of magnitude, distance, back-azimuth, polarity" in capsys.readouterr().err
