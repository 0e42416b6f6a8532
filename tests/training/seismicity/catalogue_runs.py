"""Run files of forecasters of seismicity that are trained in seconds, and the catalogue they learn from."""

from pathlib import Path

import numpy as np

from quakeview.seismicity.catalogue import DAY, Catalogue, date_of
from quakeview.seismicity.etas import EtasForecast, Triggering
from quakeview.seismicity.etas_simulation import simulate
from quakeview.seismicity.windows import NEXT_DAY
from tests.seismicity.catalogues import FIRST, box

DAYS = 900
TRAIN, VALIDATION, TEST = FIRST + 50, FIRST + 600, FIRST + 750
RUN = """
name = "Sequences"
task = "seismicity"
folder = "run"
[training]
max_steps = {steps}
batch_size = 64
learning_rate = 5e-3
warmup_steps = 5
ema_decay = 0.9
validate_every = 10
log_every = 5
workers = 0
device = "cpu"
[model]
form = "{form}"
reference = "{reference}"
members = 2
hidden = 16
[data]
catalogue = "catalogue.csv"
magnitude = 4.5
train_from = "{train}"
validation_from = "{validation}"
test_from = "{test}"
region = [35.0, 138.0, 39.0, 142.0]
cells = 20
source = "drawn by a test"
"""


def sequences(seed: int = 0) -> Catalogue:
    """Earthquakes of an ETAS model whose aftershocks are many and quick."""
    law = Triggering(reference=4.5, productivity=0.45, alpha=0.5, c=0.05, p=1.4, d=5e3, gamma=0.3, q=1.9)
    background = np.full(box().number, 0.6 / box().number)
    model = EtasForecast("ETAS", box(), 4.5, NEXT_DAY, law, background)
    return simulate(model, FIRST, FIRST + DAYS, seed=seed)


def write_catalogue(path: Path, catalogue: Catalogue) -> None:
    """Write a catalogue as CSV."""
    times = (catalogue.time * 1000).astype("datetime64[ms]")
    rows = zip(times, catalogue.latitude, catalogue.longitude, catalogue.magnitude, strict=True)
    lines = [f"{time}Z,{north:.5f},{east:.5f},{magnitude:.2f}" for time, north, east, magnitude in rows]
    path.write_text("\n".join(["time,latitude,longitude,magnitude", *lines]) + "\n", "utf-8")


def write_run(
    folder: Path,
    catalogue: Catalogue,
    steps: int = 20,
    form: str = "mlp",
    reference: str = "smoothed + recent",
) -> Path:
    """Write a run file, and beside it the catalogue it learns from."""
    folder.mkdir(exist_ok=True)
    write_catalogue(folder / "catalogue.csv", catalogue)
    dates = {"train": date_of(TRAIN), "validation": date_of(VALIDATION), "test": date_of(TEST)}
    path = folder / "run.toml"
    path.write_text(RUN.format(steps=steps, form=form, reference=reference, **dates), "utf-8")
    return path


def before(catalogue: Catalogue, day: int) -> Catalogue:
    """The earthquakes before a day."""
    return catalogue.between(-np.inf, day * DAY)
