"""``quakeview evaluate`` of forecasters, with one that knows the truth but for a factor."""

import json
from pathlib import Path

import numpy as np
import pytest

from quakeview import cli
from quakeview.jobs import Progress
from quakeview.registry import ModelCard
from quakeview.training.reports import forecast_evaluation
from quakeview.training.reports.document import Table
from quakeview.training.reports.forecast_evaluation import ForecastEvaluation, evaluate_forecasters
from quakeview.training.reports.forecast_outcomes import alert_rates, mean_of
from quakeview.wavefield.forecasting.evaluation import Conditions
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.scenarios.scenario import Scenario
from tests.wavefield.forecasting.test_reference import INPUT, events, write_folder


class KnownForecaster:
    """Says 0.8 of what comes: RFNE 0.2 and a PGV error of 20 % if the record starts when it should."""

    def __init__(self, folder: Path) -> None:
        self.model = ForecastModel("known", 1, "the truth")
        self._folder = folder

    def said_of_grid(self, header: object) -> str:
        return ""

    def forecast(
        self,
        observation: Observation,
        duration: float = 100.0,
        members: int | None = None,
        progress: Progress = Progress(),
    ) -> Forecast:
        with Scenario.open(next(p for p in sorted(self._folder.glob("*.h5")) if _is_of(p, observation))) as truth:
            frames = truth.frames(observation.stop, truth.n_frames)
        forecast = Forecast(observation, frames.shape[-1], self.model)
        forecast.append(0.8 * frames[None])
        return forecast


def _is_of(path: Path, observation: Observation) -> bool:
    known = observation.known[..., -1]
    with Scenario.open(path) as scenario:
        return np.array_equal(scenario.frame(observation.stop - 1)[:, known], observation.frames[:, known, -1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "events").mkdir()
    return write_folder(tmp_path / "events", events())


@pytest.fixture
def card(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModelCard:
    monkeypatch.setattr(forecast_evaluation, "load_forecaster", lambda *_: KnownForecaster(folder))
    monkeypatch.setattr(forecast_evaluation, "CONDITIONS", (Conditions(until=INPUT), Conditions(INPUT, stations=12)))
    model = tmp_path / "known"
    model.mkdir()
    about = {"name": "known", "system": "WaveCastNet", "task": "forecasting", "parameters": 1}
    (model / "config.json").write_text(json.dumps({"network": {"kept": 1}, "card": about}))
    (model / "model.safetensors").write_bytes(b"weights")
    return ModelCard("known", "WaveCastNet", "forecasting", model, "", {}, "", 0, "")


@pytest.fixture
def evaluation(card: ModelCard, folder: Path) -> ForecastEvaluation:
    return evaluate_forecasters([card], [folder], "train", library=folder)


def test_scores_are_those_of_the_known_error(evaluation: ForecastEvaluation) -> None:
    dense = [each for each in evaluation.outcomes if each.conditions.stations == 0]
    own = [each for each in dense if each.row.forecaster == "known"]
    assert mean_of(own, "rfne").value == pytest.approx(0.2, abs=1e-3)
    assert mean_of(own, "acc").value == pytest.approx(1, abs=1e-4)
    assert mean_of(own, "pgv_error").value == pytest.approx(20, abs=0.1)
    np.testing.assert_allclose(own[0].lead_rfne[np.isfinite(own[0].lead_rfne)], 0.2, atol=2e-3)
    assert own[0].maps is not None
    said, true = own[0].maps.said_pgv, own[0].maps.true_pgv
    np.testing.assert_allclose(said, 0.8 * true, rtol=1e-2, atol=1e-6)  # both after the input
    np.testing.assert_allclose(own[0].maps.forecast, 0.8 * own[0].maps.truth, rtol=1e-2, atol=1e-6)
    assert {each.row.forecaster for each in dense} >= {"known", "Persistence", "Nearest event", "Ridge combination"}


def test_what_is_better_without_a_network_is_said_first(evaluation: ForecastEvaluation, tmp_path: Path) -> None:
    report = evaluation.report("worst")
    assert report.sections[0].title == "Where it is weakest"
    assert "better: " in report.sections[0].sentences[0]
    assert "Ridge combination" in report.sections[0].sentences[0]  # it has these events
    tables = [part for section in report.sections for part in section.parts if isinstance(part, Table)]
    worst = next(table for table in tables if table.titles[0] == "Event")
    assert worst.links[0].startswith("file://")
    assert worst.links[0].endswith(".h5")
    rates = alert_rates([each for each in evaluation.outcomes if each.row.forecaster == "known"], 4.0)
    assert set(rates) == {"in time", "late", "missed", "false"}


def test_the_command_writes_report_and_card(card: ModelCard, folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    command = ["evaluate", str(card.folder), str(folder), "--split", "train", "-o", str(page), "--write-card"]
    assert cli.main(command) == 0
    text = page.read_text()
    assert "Nearest event and ridge are missing" in text
    assert text.count("<svg") == 4  # two curves, two maps
    scores = json.loads((card.folder / "config.json").read_text())["card"]["scores"]
    assert list(scores) == [f"ACC input to {INPUT:.1f} s, {known}" for known in ("dense", "12 stations")]
    assert scores[f"ACC input to {INPUT:.1f} s, dense"]["value"] == pytest.approx(1, abs=1e-4)


def test_no_scenario_of_the_split_is_one_sentence(
    card: ModelCard, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", str(card.folder), str(folder)]) == 1
    assert "no scenarios of the split 'test'" in capsys.readouterr().err
