"""How right forecasts of held-out events are, beside what could have been said without a network.

The tables of the model card: as Table 1 of the WaveCastNet paper point sources with everything known and with what
reality has, as Table 2 ruptures that nothing was trained on, with longer and longer input, and, in both, the baselines
of its Table 3. Scores are means over the events, from the end of the input on; ``ACC norm`` and ``RFNE norm`` are those
of velocities divided by their root mean square in the training events, node by node, as the paper's are.

Events that are missing are simulated, about 13 s each on two cores; the training events of the references only
without ``--quick``.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.progressbar import terminal_progress
from quakeview.registry import find_model
from quakeview.wavefield.forecasting.ensemble import EnsembleForecaster
from quakeview.wavefield.forecasting.evaluation import (
    LONGER_INPUTS,
    PAPER_CONDITIONS,
    Conditions,
    Row,
    evaluate,
    means,
    table,
)
from quakeview.wavefield.forecasting.reference import (
    Forecasting,
    Library,
    NearestEvent,
    Persistence,
    RidgeCombination,
)
from quakeview.wavefield.scenarios.dataset_making import make_dataset
from quakeview.wavefield.scenarios.datasets import planned_events, read_description, request_of
from quakeview.wavefield.scenarios.header import Frames
from quakeview.wavefield.scenarios.library import read_card
from quakeview.wavefield.scenarios.making import make_scenario

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "models" / "WaveCastNet-Hayward" / "scenarios"
NETWORKS: tuple[str | Path, ...] = (
    "WaveCastNet-Hayward",
    *(ROOT / "runs" / "forecast" / f"{cell}-3" / "model" for cell in ("convlem", "convlstm", "convgru")),
)
"""The shipped one and, trained for eleven minutes each by ``models/WaveCastNet-Hayward/runs``, three kinds of cells."""
FEW = 3


def run(quick: bool) -> dict[str, dict[str, float]]:
    library = _library(quick)
    forecasters, scale = list(_forecasters(library)), None if library is None else library.deviation()
    figures: dict[str, dict[str, float]] = {}
    for name, title in (
        ("test-single", "Point sources with the mechanism of the fault"),
        ("test-drawn", "Point sources with mechanisms drawn over the sphere"),
    ):
        events = _events(name, quick)
        for conditions in PAPER_CONDITIONS[::2] if quick else PAPER_CONDITIONS:
            rows = _evaluated(forecasters, events, [conditions], scale)
            figures |= _told(f"{title}, {conditions}", rows, ("forecaster",))
    events = _events("test-ruptures", quick)
    rows = _evaluated(forecasters, events, LONGER_INPUTS[::2] if quick else LONGER_INPUTS, scale)
    return figures | _told("Ruptures, dense", rows, ("magnitude", "until", "forecaster"))


def _library(quick: bool) -> Library | None:
    """None if the training events would have to be simulated first in a quick run."""
    dataset = read_description(SCENARIOS / "library.toml")
    if quick and not (dataset.output / "metadata.csv").is_file():
        print(f"Nearest event and ridge combination skipped: there are no training events in {dataset.output}")
        return None
    with terminal_progress() as progress:
        if not quick:
            make_dataset(dataset, progress=progress)
        return Library.open(dataset.output, progress)


def _forecasters(library: Library | None) -> Iterator[Forecasting]:
    yield Persistence()
    if library is not None:
        yield NearestEvent(library)
        yield RidgeCombination(library)
    for name in NETWORKS:
        try:
            yield EnsembleForecaster.load(find_model(name).folder)
        except QuakeViewError as error:
            print(f"{name} skipped: {error}")


def _events(name: str, quick: bool) -> list[Path]:
    """Those of a set; a few of them are spread over its magnitudes."""
    dataset = read_description(SCENARIOS / f"{name}.toml")
    events = planned_events(dataset)
    if quick:
        events = [events[index] for index in np.linspace(0, len(events) - 1, FEW).round().astype(int)]
    dataset.output.mkdir(parents=True, exist_ok=True)
    paths = [dataset.output / event.file for event in events]
    for event, path in zip(events, paths, strict=True):
        card = read_card(path) if path.exists() else None
        if card is None or not card.complete:
            path.unlink(missing_ok=True)
            with terminal_progress() as progress:
                make_scenario(request_of(dataset, event), path, progress=progress)
    return paths


def _evaluated(
    forecasters: Sequence[Forecasting], events: Sequence[Path], conditions: Sequence[Conditions], scale: Frames | None
) -> list[Row]:
    with terminal_progress() as progress:
        return evaluate(forecasters, events, conditions, scale=scale, progress=progress)


def _told(title: str, rows: Sequence[Row], by: Sequence[str]) -> dict[str, dict[str, float]]:
    """Printed, and as figures by title and group without those that there are not."""
    print(f"\n{title}\n{table(rows, by)}", flush=True)
    return {
        ", ".join([title, *(str(line[name]) for name in by)]): {
            name: round(value, 4) for name, value in line.items() if isinstance(value, float) and np.isfinite(value)
        }
        for line in means(rows, by)
    }
