import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from quakeview.cli import main
from quakeview.errors import QuakeViewError
from quakeview.events.velocity_models import PUBLISHED, of_layers
from quakeview.registry import read_card
from quakeview.simulation.regional_model import FaultTable, GridTable, read_regional_model, regional_model
from quakeview.training.config import read_run
from quakeview.training.engine import train
from quakeview.training.planning.regions import (
    RegionPlan,
    around_fault,
    files,
    in_words,
    limits,
    velocity_table,
    write_files,
)
from quakeview.wavefield.forecasting.ensemble import EnsembleForecaster
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.scenarios.dataset_making import make_dataset
from quakeview.wavefield.scenarios.datasets import planned_events, read_description
from quakeview.wavefield.scenarios.samples import sample_scenario
from quakeview.wavefield.scenarios.scenario import Scenario

FAULT = FaultTable((129.16, 35.76), (129.18, 35.80), (2.0, 4.0), dip=80.0)
COARSE = GridTable(spacing=2.0, frequency=0.25, frame_step=0.52, duration=40.0, minimum_vs=1.5)


@pytest.fixture(scope="module")
def plan() -> RegionPlan:
    region = replace(around_fault("Gyeongju", FAULT, PUBLISHED["Korea"], COARSE), length=18.0, width=16.0, depth=10.0)
    return RegionPlan(region, places=4, validation=2, test=2, minutes=1.0)


@pytest.fixture(scope="module")
def made(plan: RegionPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a region whose forecaster was trained for a moment: everything it needs is simulated by the run."""
    folder = tmp_path_factory.mktemp("region")
    write_files(plan, folder / "region.toml")
    run = folder / "run.toml"
    run.write_text(
        run.read_text().replace("max_minutes = 1", "max_steps = 2").replace("batch_size = 8", "batch_size = 2")
    )
    train(read_run(run))
    return folder


def test_a_region_around_a_fault_holds_it(plan: RegionPlan) -> None:
    region = around_fault("Gyeongju", FAULT, PUBLISHED["Korea"])
    model = regional_model(region)
    assert model.fault.plane.strike == pytest.approx(region.azimuth, abs=0.3)
    x, y, _ = model.fault.plane.corners.T
    assert x.min() == pytest.approx(model.region.length - x.max(), abs=1e3)
    assert y.min() > 11e3
    assert y.max() < model.region.width - 11e3


def test_layers_begin_at_the_surface() -> None:
    model = of_layers("High", "made up", [(-2.0, 3.0, 1.7), (-0.5, 4.0, 2.3), (4.0, 6.0, 3.5)])
    layers = velocity_table(model).layers
    assert [(each.depth_km, each.vp, each.vs) for each in layers] == [(0.0, 4.0, 2.3), (4.0, 6.0, 3.5)]


def test_the_files_say_what_the_plan_says(plan: RegionPlan, tmp_path: Path) -> None:
    write_files(plan, tmp_path / "region.toml")
    assert read_regional_model(tmp_path / "region.toml") == regional_model(plan.region)
    places = {}
    for split in ("library", "validation", "test"):
        events = planned_events(read_description(tmp_path / f"{split}.toml"))
        places[split] = {(each.x, each.y, each.depth) for each in events}
        assert {each.split for each in events} == {"train" if split == "library" else split}
    assert [len(some) for some in places.values()] == [4, 2, 2]
    assert not places["library"] & (places["validation"] | places["test"])
    assert read_run(tmp_path / "run.toml").name == "WaveCastNet-Gyeongju"
    write_files(plan, tmp_path / "region.toml")
    with pytest.raises(QuakeViewError, match=r"library\.toml is there already"):
        write_files(replace(plan, places=5), tmp_path / "region.toml")


def test_what_it_holds_and_costs_is_said(plan: RegionPlan) -> None:
    found = limits(plan)
    assert found.frames == 77
    assert found.closest > 50
    assert found.time_step < 6 / (7 * np.sqrt(3)) * 2000 / 5980
    said = " ".join(in_words(plan, found))
    assert "13.6 km long: 6.8 nodes of 2 km" in said
    assert "all 24 events" in said


def test_events_too_short_for_a_forecast_are_refused(plan: RegionPlan) -> None:
    short = replace(plan.region, grid=replace(COARSE, duration=10.0))
    with pytest.raises(QuakeViewError, match="too short to forecast"):
        files(replace(plan, region=short))


def test_a_run_simulates_trains_and_calibrates(made: Path, plan: RegionPlan) -> None:
    for name, count in (("library", 20), ("validation", 2)):
        rows = list(csv.DictReader((made / name / "metadata.csv").open()))
        assert len(rows) == count
    with Scenario.open(made / "library" / "event_00019.h5") as event:
        assert event.complete
        assert event.peak > 0
        assert event.region == regional_model(plan.region).region
        assert event.model_name == "Korea (layers)"
    card = read_card(made / "run" / "model")
    assert "4 places of the Gyeongju fault, Gyeongju, Korea (layers), up to 0.25 Hz" in card.trained_on
    forecaster = EnsembleForecaster.load(card.folder, "cpu")
    assert forecaster.model.members == 2
    assert forecaster.model.calibration is not None
    assert forecaster.region.name == "Gyeongju"
    with Scenario.open(made / "validation" / "event_00000.h5") as truth:
        forecast = forecaster.forecast(observe(truth, 15.6), 10.0)
    assert np.isfinite(forecast.frames(0, forecast.n_frames)).all()


def test_ruptures_break_the_fault_of_the_region(made: Path) -> None:
    text = (
        'region = "region.toml"\noutput = "ruptures"\nsource = "rupture"\nmagnitude = 4.5\nevents = 1\nduration = 1.0\n'
    )
    (made / "ruptures.toml").write_text(text)
    assert make_dataset(read_description(made / "ruptures.toml"), "cpu") == 1
    plane = read_regional_model(made / "region.toml").fault.plane
    with Scenario.open(made / "ruptures" / "event_00000.h5") as scenario:
        assert scenario.rupture is not None
        along, down = zip(*(plane.project(point) for point in scenario.rupture.positions), strict=True)
        np.testing.assert_allclose(scenario.rupture.positions, plane.at(along, down), atol=1.0)
        assert "Gyeongju" in scenario.region.name


def test_a_forecaster_is_refused_outside_its_region(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    event, model, folder = made / "validation" / "event_00000.h5", made / "run" / "model", str(made / "forecast.h5")
    assert main(["forecast", str(sample_scenario()), "--model", str(model), "-o", folder]) == 1
    refused = capsys.readouterr().err
    assert "trained for Gyeongju, this is San Francisco Bay" in refused
    assert "resampled" not in refused
    assert main(["forecast", str(event), "--model", "WaveCastNet-Hayward", "-o", folder]) == 1
    assert "trained for San Francisco Bay, this is Gyeongju" in capsys.readouterr().err
    assert main(["forecast", str(event), "--model", str(model), "-o", folder]) == 0


def test_the_folder_of_a_data_set_keeps_its_region(made: Path) -> None:
    dataset = read_description(made / "validation.toml")
    kept = made / "validation" / "region.toml"
    assert kept.read_text() == (made / "region.toml").read_text()
    (made / "other.toml").write_text(kept.read_text().replace("rake = 180.0", "rake = 0.0"))
    with pytest.raises(QuakeViewError, match="another description"):
        make_dataset(replace(dataset, region=made / "other.toml"), "cpu")


def test_a_region_says_its_grid_itself(made: Path) -> None:
    (made / "twice.toml").write_text('region = "region.toml"\noutput = "x"\nevents = 1\npreset = "tiny"\n')
    with pytest.raises(QuakeViewError, match="remove 'preset'"):
        read_description(made / "twice.toml")


def test_the_command_writes_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    region = tmp_path / "Kobe" / "region.toml"
    arguments = ["region", str(region), "--fault", "135.0,34.6,135.1,34.66", "--places", "4", "--minutes", "5"]
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert [Path(line).name for line in said.out.split()] == [
        *("region.toml", "library.toml", "validation.toml", "test.toml", "run.toml")
    ]
    assert "An event takes about" in said.err
    assert read_regional_model(region).region.name == "Kobe"
    assert main(arguments) == 1
    assert "leave --fault out" in capsys.readouterr().err
    assert main([*arguments[:2], "--places", "4", "--minutes", "5"]) == 0
