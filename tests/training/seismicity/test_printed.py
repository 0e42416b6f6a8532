"""HierarchicalQuake as printed, trained in the engine."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import DAY, Catalogue, date_of
from quakeview.seismicity.gain import score
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.seismicity.networks.forecaster import PrintedForecast
from quakeview.seismicity.references import uniform
from quakeview.training.config import RunConfig, read_run
from quakeview.training.engine import train
from quakeview.training.seismicity.forms import seismicity_task
from quakeview.training.seismicity.phases import PARTS, Phases
from quakeview.training.seismicity.printed import PrintedTask
from tests.seismicity.catalogues import FIRST, clustered
from tests.training.seismicity.catalogue_runs import before, write_catalogue

DAYS = 400
TRAIN, VALIDATION, TEST = FIRST + 10, FIRST + 250, FIRST + 350
RUN = """
name = "As printed"
task = "seismicity"
folder = "{folder}"
[training]
max_steps = {steps}
batch_size = {together}
optimiser = "adam"
learning_rate = 3e-3
schedule = "tenth"
warmup_steps = 0
ema_decay = 0.0
validate_every = 20
workers = 0
device = "cpu"
[model]
form = "paper"
embedding = 2
hidden = 4
region = 4
[data]
catalogue = "catalogue.csv"
magnitude = 4.5
train_from = "{train}"
validation_from = "{validation}"
test_from = "{test}"
region = [35.0, 138.0, 39.0, 142.0]
cell_size = 50e3
"""


def run_of(
    folder: Path, catalogue: Catalogue, steps: int = 8, together: int = 30, named: str = "run", more: str = ""
) -> RunConfig:
    write_catalogue(folder / "catalogue.csv", catalogue)
    dates = {"train": date_of(TRAIN), "validation": date_of(VALIDATION), "test": date_of(TEST)}
    path = folder / f"{named}.toml"
    text = RUN.format(folder=named, steps=steps, together=together, **dates)
    path.write_text(text.replace('form = "paper"', f'form = "paper"\n{more}'), "utf-8")
    return read_run(path)


def test_three_phases_see_all_days_then_parts_then_all_days() -> None:
    phases = Phases(range(1000, 1203), together=10, three=True, seed=1)
    assert phases.steps == 21 + PARTS + 21
    stretches = [phases.stretch(step) for step in range(phases.steps)]
    for full in (stretches[:21], stretches[-21:]):
        assert [day for each in full for day in range(each.first, each.last)] == list(phases.days)
        assert [each.anew for each in full] == [True] + 20 * [False]
    parts = stretches[21:-21]
    assert {each.last - each.first for each in parts} == {50}
    assert all(each.anew and each.first >= 1000 and each.last <= 1203 for each in parts)
    assert len({each.first for each in parts}) > 5
    assert parts == [phases.stretch(step) for step in range(21, 31)]
    assert phases.stretch(phases.steps) == stretches[0]
    alone = replace(phases, three=False)
    assert [alone.stretch(step) for step in range(42)] == 2 * stretches[:21]


def test_it_is_trained_kept_and_no_probability(tmp_path: Path) -> None:
    config = run_of(tmp_path, clustered(DAYS))
    fitting, result = PrintedTask(config).data.fitting, train(config)
    catalogue = fitting.catalogue  # as it was read from the file
    assert result.model_folder is not None
    read = load_forecaster(result.model_folder)
    assert isinstance(read, PrintedForecast)
    assert read.trained_days == (TRAIN, TEST)
    days = range(VALIDATION - 1, TEST - 1)
    scored = score(read, catalogue, days)
    assert scored.expected.sum() == pytest.approx(scored.observed.sum(), rel=1e-3)
    assert result.scores["printed_expected"] > 10
    printed = sum(said.sum() for said in read.printed(catalogue, days))
    assert printed / scored.observed.sum() == pytest.approx(result.scores["printed_expected"], rel=1e-3)
    numbers = scored.observed.sum() / len(days) / read.grid.number
    same = replace(uniform(fitting), rates=np.full(read.grid.number, numbers))
    gained = scored.log_likelihood.sum() - score(same, catalogue, days).log_likelihood.sum()
    assert gained / scored.observed.sum() == pytest.approx(result.scores["gain_over_uniform"])


def test_days_of_the_test_change_nothing(tmp_path: Path) -> None:
    """The same weights, frequency map and calibration, whatever happened then; days of validation change them."""
    catalogue = clustered(DAYS)
    cut, other = tmp_path / "cut", tmp_path / "other"
    kept = {}
    for folder, seen in ((tmp_path, catalogue), (cut, before(catalogue, TEST)), (other, before(catalogue, TEST - 40))):
        folder.mkdir(exist_ok=True)
        result = train(run_of(folder, seen, steps=4))
        assert result.model_folder is not None
        kept[folder] = load_forecaster(result.model_folder).parts().arrays  # type: ignore[attr-defined]
    assert all(np.array_equal(kept[cut][name], array) for name, array in kept[tmp_path].items())
    assert not np.array_equal(kept[other]["rates"], kept[tmp_path]["rates"])
    assert kept[tmp_path]["network.frequency"].any()


def test_the_frequency_map_is_of_training_days(tmp_path: Path) -> None:
    catalogue = clustered(DAYS)
    task = PrintedTask(run_of(tmp_path, catalogue))
    frequency = task.build_model().network.frequency
    grid = task.data.fitting.grid
    learnt = catalogue.between((TRAIN) * DAY, VALIDATION * DAY)
    happened = {
        (int(day), int(cell)) for day, cell in zip(learnt.time // DAY, grid.cells(learnt), strict=True) if cell >= 0
    }
    assert float(frequency.sum()) * len(task.data.training_days) == pytest.approx(len(happened), rel=1e-4)


def test_a_stopped_run_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    """The state of the network is in the checkpoint, in the middle of a phase."""
    catalogue = clustered(DAYS)
    whole = train(run_of(tmp_path, catalogue, steps=6, named="whole"))
    config = run_of(tmp_path, catalogue, steps=6, named="stopped")

    class Stops(Progress):
        def advance(self, done: float, total: float, message: str = "") -> None:
            super().advance(done, total, message)
            if message == "step 3":
                self.cancel()

    assert train(config, Stops()).reason == "stopped"
    resumed = train(config, resume=True)
    weights = []
    for result in (whole, resumed):
        assert result.step == 6
        assert result.model_folder is not None
        weights.append(load_forecaster(result.model_folder).parts().arrays)  # type: ignore[attr-defined]
    assert all(np.array_equal(weights[1][name], array) for name, array in weights[0].items())


def test_the_loss_is_the_weighted_cross_entropy_of_two_classes(tmp_path: Path) -> None:
    task = PrintedTask(run_of(tmp_path, clustered(DAYS)))
    model = task.build_model()
    batch = next(task.batches(0, 30, 0, 1, 0))
    assert batch["came"].any()
    loss, _ = task.loss(model, batch)
    with torch.no_grad():
        said = model(batch["magnitudes"], batch["anew"])
    score_of_one = (said + 1) / 2  # as printed: 1 - s for no earthquake and s for one, taken as logits
    classes = torch.stack((1 - score_of_one, score_of_one), dim=1)
    weights = torch.tensor([1.0, 10_000.0])
    days = [
        torch.nn.functional.cross_entropy(day[None], came[None].long(), weights)
        for day, came in zip(classes, batch["came"], strict=True)
    ]
    assert loss.item() == pytest.approx(float(torch.stack(days).mean()), rel=1e-4)


def test_the_form_is_chosen_by_name_and_what_is_missing_of_its_phases_is_said(tmp_path: Path) -> None:
    task = seismicity_task(run_of(tmp_path, clustered(DAYS)))
    assert isinstance(task, PrintedTask)
    assert "take 26 steps, which are 8 steps of all days, 10 of parts" in task.cautions()[-1]
    whole = PrintedTask(run_of(tmp_path, clustered(DAYS), steps=26))
    assert whole.cautions() == list(whole.data.notes)
    with pytest.raises(QuakeViewError, match="one process"):
        next(task.batches(0, 1, 0, 2, 0))
    with pytest.raises(QuakeViewError, match="greater than zero"):
        PrintedTask(run_of(tmp_path, clustered(DAYS), more="class_weight = 0.0"))
