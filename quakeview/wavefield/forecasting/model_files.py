"""Ensembles of our forecasters in model folders: network, grid and card, and the weights of the members."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.model_folders import CONFIG, WEIGHTS, fill, read_config, read_weights, write_model, write_section
from quakeview.simulation.region import Region
from quakeview.wavefield.forecasting.calibration import Calibration
from quakeview.wavefield.networks.time_patched import TimePatchedConfig, TimePatchedWaveCastNet
from quakeview.wavefield.scenarios.header import Header

SYSTEM, TASK = "WaveCastNet", "forecasting"
KIND = "time-patched"


@dataclass(frozen=True)
class ForecasterFacts:
    """Of which wavefields a forecaster knows something.

    Attributes:
        first: X and Y of the first node, m.
        spacing: between nodes, m.
        nodes: along X and Y.
        frame_step: s.
        frequency: highest, Hz.
        input_frames: that are read.
        illustrative: True if the Earth model it was trained in is invented.
        fewest_stations: that a training input had; None: not known.
        earliest_input: the earliest end of a training input, s after the origin time; None: not known.
    """

    region: Region
    first: tuple[float, float]
    spacing: float
    nodes: tuple[int, int]
    frame_step: float
    frequency: float
    input_frames: int
    illustrative: bool
    fewest_stations: int | None = None
    earliest_input: float | None = None

    @classmethod
    def of(
        cls,
        header: Header,
        input_frames: int,
        fewest_stations: int | None = None,
        earliest_input: float | None = None,
    ) -> "ForecasterFacts":
        """Those of a scenario it was trained on."""
        return cls(
            region=header.region,
            first=(float(header.x[0]), float(header.y[0])),
            spacing=float(header.x[1] - header.x[0]),
            nodes=(len(header.x), len(header.y)),
            frame_step=header.frame_step,
            frequency=header.frequency,
            input_frames=input_frames,
            illustrative=header.illustrative,
            fewest_stations=fewest_stations,
            earliest_input=earliest_input,
        )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "ForecasterFacts":
        first, nodes = tuple(values["first"]), tuple(values["nodes"])
        return cls(**{**values, "region": Region(**values["region"]), "first": first, "nodes": nodes})


def save_forecaster(
    folder: Path, members: Sequence[TimePatchedWaveCastNet], facts: ForecasterFacts, card: dict[str, Any]
) -> None:
    """Write an ensemble as a model folder. Weights are kept in half precision, ``scale`` in single.

    Args:
        folder: made if it does not exist; a model in it is replaced.
        members: of one configuration.
        card: ``name``, ``trained_on``, ``scores``, ``command`` and whatever else a user of the model should know.

    Raises:
        QuakeViewError: if the folder cannot be written.
    """
    parameters = sum(parameter.numel() for parameter in members[0].parameters())
    card = card | {"system": SYSTEM, "task": TASK, "members": len(members), "parameters": parameters}
    network = {"kind": KIND, **asdict(members[0].config)}
    weights = {
        f"{number}.{name}": value if name == "scale" else value.half()
        for number, member in enumerate(members)
        for name, value in member.state_dict().items()
    }
    write_model(folder, {"network": network, "wavefield": facts.to_dict(), "card": card}, weights)


def load_members(folder: Path) -> tuple[list[TimePatchedWaveCastNet], ForecasterFacts, dict[str, Any]]:
    """Load the networks of a model folder in evaluation mode, what they know, and the card.

    Raises:
        QuakeViewError: if it is no forecaster, or damaged.
    """
    config, weights = read_config(folder), read_weights(folder)
    try:
        values = dict(config["network"])
        if values.pop("kind", None) != KIND:
            raise QuakeViewError(f"{folder} holds a network of another kind; choose a time-patched forecaster.")
        network = TimePatchedConfig(**{**values, "frame": tuple(values["frame"])})
        facts = ForecasterFacts.from_dict(config["wavefield"])
        card = dict(config["card"])
        members = [_member(network, weights, number, folder) for number in range(int(card["members"]))]
    except (KeyError, TypeError, ValueError) as error:
        raise QuakeViewError(f"{folder} is no forecaster, or it is damaged; get the model again.") from error
    if not members:
        raise QuakeViewError(f"{folder} has no members; get the model again.")
    return members, facts, card


def read_calibration(folder: Path) -> Calibration | None:
    """How far the ensemble of a model folder was off on events it did not learn from; None if nobody has tried.

    Raises:
        QuakeViewError: if ``config.json`` is damaged.
    """
    values = read_config(folder).get("calibration")
    try:
        return None if values is None else Calibration.from_dict(values)
    except (KeyError, TypeError, ValueError) as error:
        raise QuakeViewError(f"The calibration in {folder / CONFIG} is damaged; calibrate the model again.") from error


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Keep it in the ``config.json`` of a model folder, in place of another.

    Raises:
        QuakeViewError: if that cannot be read or written.
    """
    write_section(folder, "calibration", calibration.to_dict())


def load_member(folder: Path, config: TimePatchedConfig) -> TimePatchedWaveCastNet:
    """The first network of a folder, to be trained further.

    Raises:
        QuakeViewError: if it is no forecaster, or of another configuration.
    """
    members, _, _ = load_members(folder)
    if members[0].config != config:
        raise QuakeViewError(f"{folder} holds another network than [model] in the run file describes; make them alike.")
    return members[0]


def combine(folders: Sequence[Path], folder: Path, name: str) -> None:
    """One ensemble of several forecasters, whose card lists the cards of the members.

    Raises:
        QuakeViewError: if they are none, differ, or the folder cannot be written.
    """
    if not folders:
        raise QuakeViewError("There is nothing to combine; give the folders of at least one forecaster.")
    loaded = [load_members(each) for each in folders]
    members, cards = [member for some, _, _ in loaded for member in some], [card for _, _, card in loaded]
    facts = loaded[0][1]
    for each, (some, others, _) in zip(folders, loaded, strict=True):
        if some[0].config != members[0].config or others != facts:
            raise QuakeViewError(f"{each} is another kind of forecaster than {folders[0]}; combine what is alike.")
    card = {**cards[0], "name": name, "scores": {}, "runs": [each.get("run", "") for each in cards]}
    save_forecaster(folder, members, facts, {key: value for key, value in card.items() if key != "run"})


def _member(
    config: TimePatchedConfig, weights: Mapping[str, Tensor], number: int, folder: Path
) -> TimePatchedWaveCastNet:
    member = TimePatchedWaveCastNet(config)
    prefix = f"{number}."
    own = {name.removeprefix(prefix): value.float() for name, value in weights.items() if name.startswith(prefix)}
    fill(member, own, folder / WEIGHTS)
    if not all(torch.isfinite(value).all() for value in own.values()):
        raise QuakeViewError(f"{folder / WEIGHTS} holds weights that are no numbers; get the model again.")
    return member
