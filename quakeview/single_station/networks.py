"""What a network for one station is, and how one is loaded from a model folder. No torch until it is loaded."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.registry import CHARACTERISATION, SINGLE_TASKS, ModelCard, available_models, chosen_model, find_model
from quakeview.single_station.calibration import Calibration
from quakeview.single_station.estimates import Estimate, FirstMotion

Values = dict[str, Estimate | FirstMotion]


class StationNetwork(Protocol):
    """Says what it can of a record: by task, a value.

    Attributes:
        name: of the model.
        tasks: that it has.
        calibration: which was better, rule or network, and how far off the network is.
    """

    name: str
    tasks: tuple[str, ...]
    calibration: Calibration

    def values(self, data: NDArray[np.floating], valid: NDArray[np.bool_], s_minus_p: float | None) -> Values:
        """What it says of (3, 8192) samples at 100 Hz whose P is 5 s after their start."""
        ...


def load_station_network(card: ModelCard) -> StationNetwork:
    """Load a model for one station.

    Raises:
        QuakeViewError: if the model is for something else, cannot be used, or is damaged.
    """
    if card.task not in (CHARACTERISATION, *SINGLE_TASKS):
        raise QuakeViewError(f"{card.name} is a {card.task} model; choose one for single stations.")
    if card.unusable:
        raise QuakeViewError(f"{card.name}: {card.unusable}")
    from quakeview.single_station.station_network import FourAnswers, OneAnswer

    return FourAnswers(card) if card.task == CHARACTERISATION else OneAnswer(card)


def chosen_network(name: str | None) -> StationNetwork | None:
    """Load the model of this name; without a name the one that is chosen, or nothing if none is installed.

    Raises:
        QuakeViewError: if there is no such model, or it is for something else.
    """
    if name is not None:
        return load_station_network(find_model(name))
    if not any(card.can(CHARACTERISATION) for card in available_models()):
        return None
    return load_station_network(chosen_model(None, CHARACTERISATION))
