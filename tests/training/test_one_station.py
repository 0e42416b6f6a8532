"""The network for one station learns from tiny data, is measured on one split and checked on another."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate.state import AcceleratorState

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Polarity
from quakeview.monitoring.seismollm import SeisMoLLM
from quakeview.monitoring.seismollm_folder import save_model
from quakeview.registry import read_card
from quakeview.single_station.calibration import Calibration, read_calibration
from quakeview.single_station.estimates import NETWORK, RULE, Estimate, FirstMotion
from quakeview.single_station.network import Answers
from quakeview.training.augmentations import flip, rotate
from quakeview.training.config import read_run
from quakeview.training.engine import train
from quakeview.training.one_station import _values, likelihoods
from quakeview.training.one_station_scores import (
    Judged,
    calibrate_station,
    coverage,
    interval,
    judge_split,
    measure,
)
from quakeview.training.records import Arrival, LabelledRecord
from quakeview.training.runs.examples import read_examples
from quakeview.training.sources import RecordSource, cut_at_p
from tests.single_station.test_network import TINY
from tests.training.waveform_files import write_seisbench

RUN = """
name = "tiny station"
task = "characterisation"
folder = "run"
[model]
{model}
[training]
max_steps = 2
batch_size = 4
validate_every = 2
log_every = 1
workers = 0
device = "cpu"
[[data.sources]]
kind = "seisbench"
path = "records"
split = "train"
even = "event"
[data.validation]
kind = "seisbench"
path = "records"
split = "dev"
"""


@pytest.fixture
def run_file(tmp_path: Path) -> Callable[[str], Path]:
    AcceleratorState._reset_state(reset_partial_state=True)
    write_seisbench(tmp_path / "records", n_events=12)
    save_model(tmp_path / "picker", SeisMoLLM(TINY), {"name": "picker"})

    def write(model: str = 'trunk = "picker"\nrecord = 8\nonset = 8') -> Path:
        path = tmp_path / "run.toml"
        path.write_text(RUN.format(model=model))
        return path

    return write


def test_it_trains_ships_a_model_and_goes_on_from_it(run_file) -> None:
    result = train(read_run(run_file()))
    assert {"magnitude_mae", "distance_mae", "back_azimuth_median", "polarity_accuracy"} <= set(result.scores)
    shown = read_examples(sorted((result.folder / "examples").iterdir())[-1])
    assert list(shown.period) == [0, 0, 360, 0]
    assert shown.truth.shape == shown.said.shape == (4, len(shown.truth[0]))
    card = read_card(result.model_folder)
    assert (card.task, card.unusable) == ("characterisation", "")
    AcceleratorState._reset_state(reset_partial_state=True)
    path = run_file('init = "run/model"')
    path.write_text(path.read_text().replace('folder = "run"', 'folder = "again"'))
    assert train(read_run(path)).step == 2


@pytest.mark.parametrize("model", ["", 'trunk = "picker"\ninit = "run/model"'])
def test_it_needs_a_trunk_or_a_network_to_go_on_from(run_file, model: str) -> None:
    with pytest.raises(QuakeViewError, match="either trunk"):
        train(read_run(run_file(model)))


def test_what_is_measured_decides_what_counts_and_is_kept_with_the_weights(run_file, tmp_path: Path) -> None:
    folder = train(read_run(run_file())).model_folder
    said = calibrate_station(read_card(folder), [tmp_path / "records"], "train", "dev")
    assert any(sentence.startswith("Distance, mean error") for sentence in said)
    measured = read_calibration(folder)
    assert measured.default_of("distance") in (RULE, NETWORK)
    assert measured.network["magnitude"] > 0
    assert "records" in measured.scores["distance"]
    assert "One station: errors" in (folder / "README.md").read_text()
    config = json.loads((folder / "config.json").read_text())
    config["single_station"]["weights"] = "those of another"
    (folder / "config.json").write_text(json.dumps(config))
    assert read_calibration(folder) == Calibration()
    with pytest.raises(QuakeViewError, match="test split cannot be tested on it"):
        calibrate_station(read_card(folder), [tmp_path / "records"], "test")


def test_records_are_asked_by_rule_alone_too(run_file, tmp_path: Path) -> None:
    run_file()
    judged = judge_split([tmp_path / "records"], "dev", None)
    distances = [each for each in judged if each.task == "distance"]
    assert len(distances) == 4
    assert [each.rule is None for each in distances].count(True) == 1  # one of four has no S
    assert all(each.network is None for each in judged)


def judged(error: float, stated: float, number: int, rule_error: float = 5.0) -> Judged:
    rule, network = (Estimate(30.0 + off, stated, "") for off in (rule_error, error))
    return Judged("back_azimuth", 30.0, rule, network, f"event {number}", 50e3, 20.0)


def many() -> list[Judged]:
    """Errors of 1 to 20 degrees, all stated as 5; magnitudes, distances and first motions that are right."""
    found = [judged(error, 5.0, error, rule_error=30.0) for error in range(1, 21)]
    for number in range(10):
        up = FirstMotion(Polarity.UP, 0.9, "")
        found += [
            Judged("magnitude", 2.0, None, Estimate(2.1, 0.1, ""), f"{number}", None, 0.0),
            Judged("distance", 50e3, Estimate(51e3, 1e3, ""), Estimate(53e3, 1e3, ""), f"{number}", 50e3, 0.0),
            Judged("polarity", 1.0, up, up, f"{number}", None, 0.0),
        ]
    return found


def test_the_factor_makes_68_per_cent_lie_within_and_the_better_one_is_the_default() -> None:
    measured = measure(many())
    assert measured.network["back_azimuth"] == pytest.approx(np.quantile(np.arange(1, 21) / 5, 0.683), abs=1e-3)
    assert dict(measured.default) == {
        "magnitude": NETWORK,
        "distance": RULE,
        "back_azimuth": NETWORK,
        "polarity": RULE,
    }
    assert measured.polarity_slope == 3.0  # always right: as sure as may be


def test_too_few_records_measure_nothing() -> None:
    with pytest.raises(QuakeViewError, match="it needs 8"):
        measure(many()[:25])


def test_coverage_and_interval() -> None:
    found = [judged(error, 5.0, error) for error in range(1, 21)]
    assert coverage(found, NETWORK) == 0.25
    low, high = interval(np.arange(20.0), [str(i) for i in range(20)], lambda errors: float(np.mean(errors)))
    assert low < 9.5 < high
    one = interval(np.arange(20.0), ["same"] * 20, lambda errors: float(np.mean(errors)))
    assert one == (9.5, 9.5)  # one earthquake says nothing of others


def record(**known: object) -> LabelledRecord:
    data = np.random.default_rng(0).standard_normal((3, 12000)).astype(np.float32)
    values = {"magnitude": 2.0, "back_azimuth": 100.0, "polarity": Polarity.UP, "event_id": "e"} | known
    return LabelledRecord(data, 100.0, (Arrival("P", 1000.0),), **values)


def test_values_follow_what_is_done_to_the_record() -> None:
    window, rng = cut_at_p(record(), 8192, 5.0), np.random.default_rng(1)
    assert _values(window)["polarity"] == 1.0
    assert _values(flip(window, rng))["polarity"] == 0.0
    turned = rotate(window, rng)
    assert _values(turned)["back_azimuth"] == turned.back_azimuth != 100.0
    assert _values(cut_at_p(record(event_id=""), 8192, 5.0))["magnitude"] is None


def test_the_loss_is_least_at_the_truth() -> None:
    truth = {"magnitude": 3.0, "distance": 40.0, "back_azimuth": 90.0, "polarity": 1.0}
    batch = {name: torch.tensor([value]) for name, value in truth.items()}

    def losses(off: float) -> dict[str, float]:
        turned = np.radians(90.0 + 40 * off)
        direction = torch.tensor([[np.cos(turned), np.sin(turned)]]) * 5
        scale = torch.tensor([-1.0])
        answers = Answers(
            torch.stack([torch.tensor([3.0 + off]), scale], dim=1),
            torch.stack([torch.tensor([np.log10(40.0) + off]), scale], dim=1),
            direction,
            torch.tensor([2.0 - off]),
        )
        return {name: float(value[0]) for name, value in likelihoods(answers, batch).items()}

    right, wrong = losses(0.0), losses(1.0)
    assert all(right[name] < wrong[name] for name in right)


def test_events_are_equally_often_used_whatever_their_records() -> None:
    class Records:
        entries = [record(event_id="large")] * 9 + [record(event_id="small")]

        def __getitem__(self, number: int) -> LabelledRecord:
            return self.entries[number]

        def __len__(self) -> int:
            return len(self.entries)

    rng = np.random.default_rng(0)
    source = RecordSource(Records(), "event")  # type: ignore[arg-type]
    drawn = [source.record(rng, 0).event_id for _ in range(400)]
    assert 150 < drawn.count("small") < 250
