"""What a run is to be, step by step as the wizard asks for it; a plan becomes a run file and comes back from one."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from quakeview.errors import QuakeViewError
from quakeview.toml_files import read_table, toml_text
from quakeview.training import forecaster_config, record_config
from quakeview.training.config import TrainingConfig, read_run
from quakeview.training.planning.goals import Goal, goal_named, goal_of, suggested_settings
from quakeview.training.seismicity import config as seismicity_config

if TYPE_CHECKING:
    from quakeview.training.planning.regions import RegionPlan

STARTS = ("init", "trunk")
"""Keys of ``[model]`` that name a trained model."""

Data = record_config.DataConfig | forecaster_config.DataConfig | seismicity_config.DataConfig


@dataclass(frozen=True)
class TrainingPlan:
    """A run that is being planned.

    Attributes:
        goal: the ``id`` of one of ``goals.GOALS``.
        name: of the run and of its model; empty: not chosen yet.
        data: the ``[data]`` table, which also says how events are split; None: not chosen yet.
        model: the ``[model]`` table.
        settings: the ``[training]`` table; None: those that are suggested for the goal, the model and the data.
        seed: of every random choice.
        records: how many records, or days of a catalogue, there are to learn from, 0 if not known; it is in no run
            file.
        region: of a forecaster for a region of one's own; it has files of its own.
    """

    goal: str = "picking"
    name: str = ""
    data: Data | None = None
    model: Mapping[str, Any] = field(default_factory=dict)
    settings: TrainingConfig | None = None
    seed: int = 0
    records: int = 0
    region: "RegionPlan | None" = None

    @property
    def the_goal(self) -> Goal:
        return goal_named(self.goal)

    @property
    def training(self) -> TrainingConfig:
        """The settings in force."""
        return self.settings or suggested_settings(self.the_goal, "init" in self.model, self.records)

    def with_goal(self, goal: str) -> Self:
        """Return the plan for another goal: data stay if it can learn from them, the model and its settings do not."""
        if goal == self.goal:
            return self
        keeps = self.data is not None and _tables(goal_named(goal)) is _tables(self.the_goal)
        data = _for_goal(self.data, goal_named(goal)) if keeps else None
        return replace(
            self, goal=goal, name="", data=data, model={}, settings=None, records=self.records if keeps else 0
        )

    def run_toml(self, folder: str = "", model_folder: Path | None = None) -> str:
        """Return the run file.

        Args:
            folder: of the run, from the run file's own; by default one that is called like the run.
            model_folder: where the model goes; in the run's folder if None.

        Raises:
            QuakeViewError: if there are no data or no name.
        """
        if self.data is None:
            raise QuakeViewError("The plan has no data; choose what the model learns from.")
        if not self.name.strip():
            raise QuakeViewError("The plan has no name; choose one for the run and its model.")
        return toml_text(
            {
                "name": self.name,
                "task": self.the_goal.task,
                "folder": folder or folder_name(self.name),
                "model_folder": model_folder,
                "seed": self.seed,
                "training": as_table(self.training),
                "model": dict(self.model),
                "data": as_table(self.data),
            }
        )

    @classmethod
    def from_run_toml(cls, path: Path) -> Self:
        """Return the plan that a run file was made from; its folders are chosen anew when it is started.

        Raises:
            QuakeViewError: if the file cannot be read, a key is unknown, or the wizard knows no such goal.
        """
        try:
            run = read_run(path)
            goal = goal_of(run.task)
            data: Data = read_table(_tables(goal), run.data, f"[data] of {path.name}", run.base)
        except QuakeViewError as error:
            if "is unknown" in str(error):
                raise QuakeViewError(f"{error} A run file of a newer QuakeView may have keys like this.") from error
            raise
        if isinstance(data, forecaster_config.DataConfig):
            goal = goal_of(run.task, data.windows.dense)
        model = {key: _found(value, run.base) if key in STARTS else value for key, value in run.model.items()}
        return cls(goal.id, run.name, data, model, run.training, run.seed)


def starting_model(plan: TrainingPlan) -> str:
    """The name or folder of the model that training starts from; "" if there is none."""
    return next((str(plan.model[key]) for key in STARTS if key in plan.model), "")


def folder_name(name: str) -> str:
    """Return a name as that of a folder: letters, digits, points, hyphens."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "run"


def as_table(config: Any) -> dict[str, Any]:
    """Return a dataclass as the table that ``toml_files.read_table`` makes it of: what is not as by default."""
    table: dict[str, Any] = {}
    for each in fields(config):
        value = getattr(config, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if value == default:
            continue
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            value = [as_table(inner) for inner in value]
        table[each.name] = as_table(value) if is_dataclass(value) else value
    return table


def _for_goal(data: Data | None, goal: Goal) -> Data | None:
    """The data for another goal of the same kind; None if it cannot learn from one of the sources."""
    if isinstance(data, forecaster_config.DataConfig):
        mixed = data.windows.dense if data.windows.dense < 1 else forecaster_config.WindowConfig.dense
        return replace(data, windows=replace(data.windows, dense=1.0 if goal.id == "wavefield" else mixed))
    if isinstance(data, record_config.DataConfig) and any(source.kind not in goal.kinds for source in data.sources):
        return None
    return data


def _tables(goal: Goal) -> type[Any]:
    """The dataclass of the ``[data]`` table for a goal."""
    if goal.is_seismicity:
        return seismicity_config.DataConfig
    return forecaster_config.DataConfig if goal.is_wavefield else record_config.DataConfig


def _found(where: Any, base: Path) -> Any:
    """The folder of a model, absolute; a registered name stays as it is."""
    path = base / str(where)
    return str(path.resolve()) if path.exists() else where
