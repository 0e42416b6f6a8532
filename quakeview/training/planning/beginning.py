"""A plan becomes a run: its folder, its run file, and the process."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from quakeview.atomic import make_folder, write_atomically
from quakeview.registry import new_model_folder
from quakeview.training import forecaster_config, record_config
from quakeview.training.planning.parents import refuse_seen
from quakeview.training.planning.plan import TrainingPlan, folder_name, starting_model
from quakeview.training.planning.split_files import with_table_beside
from quakeview.training.runs.known import new_folder
from quakeview.training.runs.run_folder import RUN_FILE, RunFolder
from quakeview.training.runs.starting import start
from quakeview.training.seismicity import config as seismicity_config

_NAMES = {
    "picking": "Picker",
    "polarity": "First-motions",
    "magnitude": "Magnitudes",
    "distance": "Distances",
    "back_azimuth": "Back-azimuths",
    "characterisation": "One-station",
    "wavefield": "Wavefield",
    "stations": "Wavefield-from-stations",
    "seismicity": "Seismicity",
}


def begin(plan: TrainingPlan) -> RunFolder:
    """Start a plan as a run in a new folder; its model will be among the user's models, under the plan's name.

    Raises:
        QuakeViewError: if there is a model of that name, the plan is not complete, a file cannot be written, or the run
            cannot be started.
    """
    plan = replace(plan, name=plan.name.strip())
    data, model = plan.data, starting_model(plan)
    if isinstance(data, record_config.DataConfig) and model:
        refuse_seen(data, model)
    model_folder, folder = new_model_folder(plan.name), make_folder(new_folder(plan.name))
    if isinstance(data, record_config.DataConfig):
        plan = replace(plan, data=with_table_beside(data, folder))
    write_atomically(folder / RUN_FILE, plan.run_toml(".", model_folder).encode())
    return start(folder / RUN_FILE)


def suggested_name(plan: TrainingPlan, taken: Collection[str]) -> str:
    """Return a name for the model: what it does and what it learns from, with a number if it is taken."""
    data = plan.data
    if isinstance(data, forecaster_config.DataConfig):
        learnt: Path | None = data.library
    elif isinstance(data, seismicity_config.DataConfig):
        learnt = data.catalogue
    else:
        learnt = next((source.path for source in data.sources if source.path is not None), None) if data else None
    name = folder_name("-".join([_NAMES[plan.goal], *([learnt.stem] if learnt is not None else [])]))
    number = 1
    while (f"{name}-{number}" if number > 1 else name) in taken:
        number += 1
    return f"{name}-{number}" if number > 1 else name
