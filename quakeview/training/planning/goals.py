"""What a model can be taught, and what each goal needs: data, models to start from, sensible settings."""

from dataclasses import dataclass

from quakeview.errors import QuakeViewError
from quakeview.registry import CHARACTERISATION, FORECASTING, PICKING, SEISMICITY
from quakeview.training.config import TrainingConfig

LABELLED = ("seisbench", "stead", "diting")
"""Data sets of labelled records, one window each."""
_DAYS_AT_ONCE, _MEMBERS, _TIMES = 32, 3, 12
"""Of a forecaster of seismicity: days in a batch for each of its members, and how often each day is seen."""
_FROM_PICKS = ("project", "quakeml")
"""What a data set is made of on the spot: picks of the open project, or event files with an archive."""


@dataclass(frozen=True)
class Goal:
    """One thing to learn.

    Attributes:
        id: what a plan calls it.
        title, text: what it is called, and what the model will do, for a person.
        task: of the run file.
        kinds: of data it can learn from: those of ``SourceConfig.kind``, ``project`` and ``quakeml``, from which a data
            set is made, ``scenarios``, simulated wavefields, and ``catalogue``, earthquakes of many years.
        labels: what records must have, in words.
        trunk: whether it is built on the network of a picker, which stays as it is.
    """

    id: str
    title: str
    text: str
    task: str
    kinds: tuple[str, ...]
    labels: str
    trunk: bool = False

    @property
    def is_wavefield(self) -> bool:
        return self.task == FORECASTING

    @property
    def is_seismicity(self) -> bool:
        return self.task == SEISMICITY

    @property
    def is_of_records(self) -> bool:
        """Whether it learns from seismograms."""
        return not self.is_wavefield and not self.is_seismicity


_OF_EVENTS = (*LABELLED, *_FROM_PICKS)
GOALS = (
    Goal(
        "picking",
        "Pick P and S",
        "Finds the onsets of P and S on three-component records, and says how sure it is.",
        PICKING,
        (*LABELLED, *_FROM_PICKS, "continuous", "noise", "synthetic"),
        "P and S picks",
    ),
    Goal(
        "polarity",
        "Read first motions",
        "Says whether the first motion of P on the vertical component is up or down.",
        "polarity",
        (*_OF_EVENTS, "synthetic"),
        "P picks and first motions, both up and down",
    ),
    Goal(
        "magnitude",
        "Estimate magnitudes",
        "Estimates the magnitude of an earthquake from the record of one station.",
        "magnitude",
        _OF_EVENTS,
        "P picks and magnitudes",
    ),
    Goal(
        "distance",
        "Estimate distances",
        "Estimates the epicentral distance from the record of one station.",
        "distance",
        (*_OF_EVENTS, "synthetic"),
        "P picks and epicentral distances",
    ),
    Goal(
        "back_azimuth",
        "Estimate back-azimuths",
        "Estimates the direction from one station to the epicentre; the horizontals must be oriented.",
        "back_azimuth",
        (*_OF_EVENTS, "synthetic"),
        "P picks and back-azimuths",
    ),
    Goal(
        "characterisation",
        "All four from one station",
        "One network for first motion, magnitude, distance and back-azimuth, built on a picker, with uncertainties. "
        "A record need not have all four labels.",
        CHARACTERISATION,
        (*_OF_EVENTS, "synthetic"),
        "P picks and any of magnitude, distance, back-azimuth and first motion",
        trunk=True,
    ),
    Goal(
        "wavefield",
        "Forecast a dense wavefield",
        "Forecasts the shaking of the next 100 s at every point of a map, from the first seconds at every point.",
        FORECASTING,
        ("scenarios",),
        "simulated earthquakes of one region",
    ),
    Goal(
        "stations",
        "Forecast a wavefield from stations",
        "Forecasts the shaking of the next 100 s at every point of a map, from the first seconds at stations alone.",
        FORECASTING,
        ("scenarios",),
        "simulated earthquakes of one region",
    ),
    Goal(
        "seismicity",
        "Forecast seismicity",
        "Forecasts how many earthquakes come in each cell of a map in the next days: ETAS, and what a network adds.",
        SEISMICITY,
        ("catalogue",),
        "a catalogue of some years that is complete from a known magnitude on",
    ),
)


def goal_named(name: str) -> Goal:
    """Return the goal of this name.

    Raises:
        QuakeViewError: if there is none.
    """
    found = next((goal for goal in GOALS if goal.id == name), None)
    if found is None:
        raise QuakeViewError(f"There is no goal {name!r}; there are {', '.join(goal.id for goal in GOALS)}.")
    return found


def goal_of(task: str, dense: float = 1.0) -> Goal:
    """Return the goal of a run file.

    Args:
        dense: of a forecaster, the part of its windows that are known at all nodes.

    Raises:
        QuakeViewError: if the wizard knows no goal with this task.
    """
    if task == FORECASTING:
        return goal_named("wavefield" if dense == 1 else "stations")
    found = next((goal for goal in GOALS if goal.task == task), None)
    if found is None:
        raise QuakeViewError(
            f"The wizard knows no goal with the task {task!r}; start the run file with 'quakeview train'."
        )
    return found


def suggested_settings(goal: Goal, starts_from_model: bool, records: int = 0) -> TrainingConfig:
    """Return settings that do for this goal and size of data on a laptop's processor.

    A few hundred records fine-tune a model in minutes; a network that starts from nothing needs hours.

    Args:
        starts_from_model: whether a trained model is fine-tuned.
        records: for training, or days; 0 if not known.
    """
    if goal.is_seismicity:
        return _of_seismicity(records)
    if goal.is_wavefield:
        return _of_wavefield(starts_from_model)
    if goal.trunk:
        return TrainingConfig(
            max_minutes=_minutes(records, 10), batch_size=32, learning_rate=2e-3, warmup_steps=50, validate_every=100
        )
    if starts_from_model:
        return TrainingConfig(
            max_steps=round(min(max(records / 2, 100), 2000)),
            batch_size=16,
            learning_rate=3e-4,
            warmup_steps=10,
            ema_decay=0.98,
            validate_every=25,
        )
    return TrainingConfig(max_minutes=_minutes(records, 60), batch_size=16, warmup_steps=100, validate_every=250)


def _of_wavefield(starts_from_model: bool) -> TrainingConfig:
    return TrainingConfig(
        max_minutes=20.0 if starts_from_model else 120.0,
        batch_size=4,
        learning_rate=1.5e-3,
        warmup_steps=20,
        ema_decay=0.99,
        validate_every=200,
        workers=0,
    )


def _of_seismicity(days: int) -> TrainingConfig:
    """Each member sees each day about a dozen times: then what is learnt by heart begins to outweigh the rest."""
    each_time = max(round(days / _DAYS_AT_ONCE), 10)
    return TrainingConfig(
        max_steps=_TIMES * each_time,
        batch_size=_MEMBERS * _DAYS_AT_ONCE,
        learning_rate=2e-3,
        warmup_steps=4 * each_time,
        ema_decay=0.99,
        validate_every=each_time,
        workers=0,
    )


def _minutes(records: int, fewest: float) -> float:
    """More for more records, up to twenty times the time for 500 of them."""
    return float(round(fewest * min(max(records / 500, 1.0), 20.0)))
