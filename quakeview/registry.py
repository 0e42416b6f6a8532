"""The models that can be used: where they are, what they were trained on, how good they are. No torch here."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from quakeview.atomic import make_folder, write_atomically
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import (
    CONFIG,
    WEIGHTS,
    check_whole,
    copy_model,
    read_config,
    remove_model,
    rename_card,
    score_text,
    sealed_digest,
    weights_digest,
)
from quakeview.paths import shipped_models_dir, user_models_dir

PICKING = "picking"
CHARACTERISATION = "characterisation"
"""Magnitude, distance, back-azimuth and first motion at one station, by one network."""
SINGLE_TASKS = ("magnitude", "distance", "back_azimuth", "polarity")
"""The same by a network each, as published."""
FORECASTING, PUBLISHED_FORECASTING = "forecasting", "frame_forecasting"
"""Tasks of forecasters of wavefields: of our own training, and networks of the published WaveCastNet code, which
continue frames of the published arrays."""
SEISMICITY = "seismicity"
"""Forecasting how many earthquakes are to be expected where, from a catalogue."""
_USED = {PICKING, CHARACTERISATION, *SINGLE_TASKS, FORECASTING, PUBLISHED_FORECASTING, SEISMICITY}
CHOSEN_TASKS = (PICKING, CHARACTERISATION, FORECASTING, SEISMICITY)
"""Tasks of which one model is used where none is named."""
_CHOSEN = "chosen.json"
"""In the folder of the user's models: the name of the model that is used for each task."""
_LONGEST_NAME = 100

_OF_RIDGE = "ridge "
"""How scores of a ridge combination of training events, on the same earthquakes, begin."""
_HEADLINE = re.compile(r"(?P<phase>[ps])_(f1@(?P<tolerance>0\.[13])|residual_std)$")


@dataclass(frozen=True)
class ModelCard:
    """What a model says about itself, from the ``card`` section of its ``config.json``.

    Attributes:
        name: unique among the models at hand.
        system: SeisMoLLM, WaveCastNet, HierarchicalQuake, or another.
        task: what it does, for SeisMoLLM one of ``monitoring.network_config.TASKS``.
        folder: where it is.
        trained_on: data it learnt from, in words; empty if not stated.
        scores: on data it never saw; empty if not scored.
        backbone: where the weights of a pre-trained part come from, in words.
        parameters: their number.
        command: that made it.
        unusable: why it cannot be used for its task, in a sentence; empty if it can.
        licence: of the weights, in words; empty if not stated.
        formerly: names that it had before, the last one last; picks and forecasts may carry them still.
        chosen: whether it is used for its task where no model is named.
    """

    name: str
    system: str
    task: str
    folder: Path
    trained_on: str
    scores: dict[str, Any]
    backbone: str
    parameters: int
    command: str
    unusable: str = ""
    licence: str = ""
    formerly: tuple[str, ...] = ()
    chosen: bool = field(default=False, compare=False)

    @property
    def is_users(self) -> bool:
        """Whether it is the user's, to be renamed and deleted; shipped models stay as they are."""
        return self.folder.parent == user_models_dir()

    @property
    def chosen_task(self) -> str:
        """The task that it can be chosen for, one of ``CHOSEN_TASKS``; empty if it can be chosen for none."""
        return next((task for task in CHOSEN_TASKS if self.can(task)), "")

    @property
    def forecasts(self) -> bool:
        """Whether it can forecast wavefields."""
        return self.can(FORECASTING)

    def can(self, task: str) -> bool:
        """Whether it can be used for a task; published networks forecast too."""
        return self.is_for(task) and not self.unusable

    def is_for(self, task: str) -> bool:
        """Whether it was made for a task."""
        return self.task == task or (task == FORECASTING and self.task == PUBLISHED_FORECASTING)

    @property
    def scored(self) -> str:
        """The scores that matter, on one line; empty if it was not scored."""
        return "; ".join(f"{name} {value}" for name, value in self.headline())

    def headline(self) -> list[tuple[str, str]]:
        """Return the scores that matter, in words, with their values.

        Of a report all scores, with their intervals and what they come from. Where there was none, of a picker F1 with
        its tolerance, spread of residuals, and the number of records that they come from; of a forecaster the ACC on
        kinds of earthquakes, beside that of a ridge combination of training events.
        """
        picking = [(_in_words(name), _rounded(value)) for name, value in self.scores.items() if _HEADLINE.match(name)]
        if picking and "p_labels" in self.scores:
            picking.append(("Scored records", f"{self.scores['p_labels']:.0f}"))
        return picking or [
            _beside_ridge(name, value, self.scores)
            for name, value in self.scores.items()
            if not name.startswith(_OF_RIDGE)
        ]


@dataclass(frozen=True)
class ModelProblem:
    """A folder among the models that cannot be used, and why."""

    folder: Path
    sentence: str


def available_models() -> list[ModelCard]:
    """Shipped models, then the user's, each sorted by name; of each task one is ``chosen``."""
    return with_choice([found for found in all_models() if isinstance(found, ModelCard)])


def with_choice(cards: list[ModelCard]) -> list[ModelCard]:
    """Return the same models, of each task one ``chosen``."""
    names = _read_chosen()
    chosen = [card for task in CHOSEN_TASKS if (card := _chosen_of(cards, task, names.get(task)))]
    return [replace(card, chosen=card in chosen) for card in cards]


def unusable_models() -> list[ModelProblem]:
    """Folders among the models that are broken or have the name of another model."""
    return [found for found in all_models() if isinstance(found, ModelProblem)]


def all_models() -> list[ModelCard | ModelProblem]:
    """Shipped models, then the user's, each sorted by name, and in their places folders that are broken."""
    return list(_found())


def find_model(name_or_path: str | Path, task: str | None = None) -> ModelCard:
    """The model of this name, or in this folder.

    Args:
        task: what it must be able to do; only models that can are offered instead.

    Raises:
        QuakeViewError: if there is none, with the names of those there are; if it has another task; or if the folder is
            broken.
    """
    models = available_models()
    fitting = [card for card in models if task is None or card.can(task)]
    names = ", ".join(card.name for card in fitting)
    instead = f"choose one of {names}, or give a model folder" if fitting else "give a model folder"
    found = named(models, str(name_or_path))
    folder = Path(name_or_path)
    if found is None and folder.is_dir():
        found = read_card(folder)
    if found is not None:
        if task is not None and not found.is_for(task):
            raise QuakeViewError(f"{found.name} is a {found.task} model, not for {task}; {instead}.")
        if task is not None and found.unusable:
            raise QuakeViewError(f"{found.name}: {found.unusable}")
        return found
    if not models:
        raise QuakeViewError(
            f"There is no model {str(name_or_path)!r}, none is installed: train one with 'quakeview train run.toml' "
            f"or put a model folder into {user_models_dir()}."
        )
    raise QuakeViewError(f"There is no model {str(name_or_path)!r}; {instead}.")


def chosen_model(name_or_path: str | Path | None, task: str) -> ModelCard:
    """Return the model of this name that can do the task; without a name the one that was chosen for it.

    The first that can is used until another is chosen, in the Models workspace or with ``quakeview models use``.

    Raises:
        QuakeViewError: as ``find_model``, or if no model can do the task.
    """
    if name_or_path is not None:
        return find_model(name_or_path, task)
    found = _chosen_of(available_models(), task, _read_chosen().get(task))
    if found is None:
        raise QuakeViewError(f"No model for {task} is installed; 'quakeview doctor' says where models belong.")
    return found


def choose_model(card: ModelCard) -> None:
    """Use a model wherever its task is done and no model is named, from now on.

    Raises:
        QuakeViewError: if it cannot be used, or the choice cannot be kept.
    """
    if card.unusable:
        raise QuakeViewError(f"{card.name}: {card.unusable}")
    if not card.chosen_task:
        raise QuakeViewError(
            f"{card.name} answers one question of {', '.join(SINGLE_TASKS)}; name it where it is wanted: "
            f"'quakeview characterise --model {card.name}'."
        )
    _write_chosen(_read_chosen() | {card.chosen_task: card.name})


def named(cards: Iterable[ModelCard], name: str) -> ModelCard | None:
    """Return the model of this name; if none has it, the one that had it before it was renamed."""
    cards = list(cards)
    now = next((card for card in cards if card.name == name), None)
    return now or next((card for card in cards if name in card.formerly), None)


def read_card(folder: Path) -> ModelCard:
    """The card of one model folder.

    Raises:
        QuakeViewError: if it has no readable ``config.json`` with a card, or no weights.
    """
    config = read_config(folder)
    try:
        card = config["card"]
        read = ModelCard(
            name=str(card["name"]),
            system=str(card["system"]),
            task=str(card["task"]),
            folder=folder,
            trained_on=str(card.get("trained_on", "")),
            scores=dict(card.get("scores", {})),
            backbone=str(card.get("backbone", "")),
            parameters=int(card.get("parameters", 0)),
            command=str(card.get("command", "")),
            unusable=str(card.get("unusable", "")) or why_unused(str(card["task"])),
            licence=str(card.get("licence", "")),
            formerly=tuple(map(str, card.get("formerly", ()))),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuakeViewError(f"{folder / CONFIG} has no model card that can be read; get the model again.") from error
    if not (folder / WEIGHTS).is_file():
        raise QuakeViewError(f"{folder} has no weights ({WEIGHTS}); get the model again.")
    return read


def _beside_ridge(name: str, value: Any, scores: Mapping[str, Any]) -> tuple[str, str]:
    """Return a score in words, with its value: ``ACC point sources`` as ("ACC", "0.89 (ridge 0.99), point sources")."""
    ridge = scores.get(_OF_RIDGE + name)
    if ridge is None:
        return name.replace("_", " "), _rounded(value)
    measure, _, of = name.partition(" ")
    return measure, f"{_rounded(value)} (ridge {_rounded(ridge)}), {of}"


def _in_words(name: str) -> str:
    match = _HEADLINE.match(name)
    assert match is not None
    phase, tolerance = match["phase"].upper(), match["tolerance"]
    return f"{phase} F1 ±{tolerance} s" if tolerance else f"{phase} residual (s)"


def _rounded(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else score_text(value)


def why_unused(task: str) -> str:
    """Say that nothing uses models for a task, in a sentence; empty if something does."""
    if task in _USED:
        return ""
    return f"It can be trained and scored, but nothing uses models for {task.replace('_', ' ')} yet."


def new_model_folder(name: str) -> Path:
    """Return where a new model of the user's goes.

    Raises:
        QuakeViewError: if there is a model of that name, or it is no name for a folder.
    """
    if (
        not name.strip()
        or name.startswith(".")
        or len(name) > _LONGEST_NAME
        or re.search(r'[/\\:*?"<>|\x00-\x1f]', name)
    ):
        raise QuakeViewError(
            f"{name!r} cannot be the name of a model: a folder is called so; use letters, digits, spaces, hyphens, at "
            f"most {_LONGEST_NAME}, and no dot at the start."
        )
    folder = user_models_dir() / name
    if folder.exists() or any(card.name == name for card in available_models()):
        raise QuakeViewError(f"There is a model called {name} already; choose another name, or remove that model.")
    return folder


def add_model(folder: Path, name: str, progress: Progress = Progress()) -> ModelCard:
    """Copy a model folder, such as that of a finished run, into the user's models under a name of its own.

    Raises:
        QuakeViewError: if the folder holds no whole model, there is a model of that name, or the copy cannot be
            written; then nothing is added.
        Cancelled: through ``progress``; nothing is added.
    """
    read_card(folder)
    target = new_model_folder(name)
    make_folder(target.parent)
    copy_model(folder, target, name, progress)
    return read_card(target)


def rename_model(card: ModelCard, name: str) -> ModelCard:
    """Give a model of the user's another name; the old one still finds it, as picks and sessions may carry it.

    Raises:
        QuakeViewError: if it is not the user's, the name is taken or no name, or the folder cannot be written.
    """
    _check_users(card, "renamed")
    target = new_model_folder(name)
    names = _read_chosen()
    rename_card(card.folder, name, [*(each for each in card.formerly if each != name), card.name])
    try:
        card.folder.rename(target)
    except OSError as error:
        raise QuakeViewError(f"{card.folder} could not be renamed ({error.strerror or error}).") from error
    _write_chosen({task: name if chosen == card.name else chosen for task, chosen in names.items()})
    return read_card(target)


def delete_model(card: ModelCard) -> None:
    """Delete a model of the user's from the disk; where it was chosen, the first that can do the task is used.

    Raises:
        QuakeViewError: if it is not the user's, or cannot be deleted.
    """
    _check_users(card, "deleted")
    remove_model(card.folder)
    names = _read_chosen()
    if card.name in names.values():
        _write_chosen({task: chosen for task, chosen in names.items() if chosen != card.name})


def check_model(card: ModelCard) -> str:
    """Compare the weights of a model with the checksum that its folder keeps; return what was found, in a sentence.

    Raises:
        QuakeViewError: if they are damaged, or cannot be read.
    """
    check_whole(card.folder)
    digest = weights_digest(card.folder)
    if sealed_digest(card.folder):
        return f"The weights of {card.name} are as they were when it was made or added (SHA-256 {digest})."
    return f"The weights of {card.name} are whole; no checksum was kept to compare theirs with (SHA-256 {digest})."


def _check_users(card: ModelCard, done: str) -> None:
    if not card.is_users:
        raise QuakeViewError(
            f"{card.name} is not among your models in {user_models_dir()}, so it cannot be {done}; export it there "
            "under another name instead."
        )


def _chosen_of(cards: list[ModelCard], task: str, name: str | None) -> ModelCard | None:
    """Return the model of this name if it can do the task, else the first that can; None if none can."""
    fitting = [card for card in cards if card.can(task)]
    return (named(fitting, name) if name else None) or next(iter(fitting), None)


def _read_chosen() -> dict[str, str]:
    """Return the name of the chosen model by task; a file that cannot be read is as none."""
    try:
        chosen = json.loads((user_models_dir() / _CHOSEN).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(task): str(name) for task, name in chosen.items()} if isinstance(chosen, dict) else {}


def _write_chosen(names: Mapping[str, str]) -> None:
    path = make_folder(user_models_dir()) / _CHOSEN
    write_atomically(path, (json.dumps(dict(names), indent=2) + "\n").encode())


def _found() -> Iterator[ModelCard | ModelProblem]:
    seen: dict[str, Path] = {}
    for folder in _folders():
        try:
            card = read_card(folder)
        except QuakeViewError as error:
            yield ModelProblem(folder, str(error))
            continue
        if card.name in seen:
            sentence = f"{folder} has the same name, {card.name}, as {seen[card.name]}; rename one in its {CONFIG}."
            yield ModelProblem(folder, sentence)
            continue
        seen[card.name] = folder
        yield card


def _folders() -> Iterator[Path]:
    for models in (shipped_models_dir(), user_models_dir()):
        try:
            yield from sorted(path for path in models.iterdir() if path.is_dir() and not path.name.startswith("."))
        except OSError:
            continue
