"""Networks as one station uses them: ours for all four questions, and published ones for a question each."""

from math import log
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.picks import Polarity
from quakeview.monitoring.preprocessing import normalise
from quakeview.monitoring.seismollm_folder import load_model
from quakeview.registry import SINGLE_TASKS, ModelCard
from quakeview.single_station.calibration import Calibration, read_calibration
from quakeview.single_station.estimates import Estimate, FirstMotion
from quakeview.single_station.folder import load_characteriser
from quakeview.single_station.inputs import RATE, Inputs, Samples, network_inputs
from quakeview.single_station.network import Answers
from quakeview.single_station.networks import Values
from quakeview.waveforms.resampling import resample

LAPLACE_68 = -log(1 - 0.683)
"""Half-width that holds 68 % of a Laplace distribution, in units of its scale."""


class FourAnswers:
    """Our network, its uncertainties stretched as they were measured."""

    tasks: tuple[str, ...] = SINGLE_TASKS

    def __init__(self, card: ModelCard) -> None:
        self.name = card.name
        self._network = load_characteriser(Path(card.folder))
        self.calibration = read_calibration(Path(card.folder))

    def values(self, data: Samples, valid: NDArray[np.bool_], s_minus_p: float | None) -> Values:
        return self.values_of(network_inputs(data, valid, s_minus_p))

    def values_of(self, inputs: Inputs) -> Values:
        """The same of a record that was prepared."""
        arrays = inputs.arrays()
        with torch.inference_mode():
            answers = self._network(*(torch.as_tensor(array)[None] for array in arrays.values()))
        return values_in(answers, self.calibration, self.name)


def values_in(answers: Answers, calibration: Calibration, name: str) -> Values:
    """The first of a batch of answers in our units, with the half-widths that hold 68 %."""
    magnitude, log_scale = answers.magnitude[0].tolist()
    log_km, log_scale_km = answers.distance[0].tolist()
    cosine, sine = answers.back_azimuth[0].tolist()
    up = float(torch.sigmoid(answers.polarity[0] * calibration.polarity_slope))
    km = 10**log_km
    widths = {
        "magnitude": LAPLACE_68 * float(np.exp(log_scale)),
        "distance": 1000 * km * (10 ** (LAPLACE_68 * float(np.exp(log_scale_km))) - 1),
        "back_azimuth": _von_mises_68(float(np.hypot(cosine, sine))),
    }
    found = {"magnitude": magnitude, "distance": 1000 * km, "back_azimuth": float(np.degrees(np.arctan2(sine, cosine)))}
    found["back_azimuth"] %= 360
    values: Values = {
        task: Estimate(value, widths[task] * calibration.network.get(task, 1.0), name) for task, value in found.items()
    }
    values["polarity"] = FirstMotion(Polarity.UP if up > 0.5 else Polarity.DOWN, max(up, 1 - up), name)
    return values


def _von_mises_68(concentration: float) -> float:
    """Degrees on either side of the direction that hold 68 %."""
    angle = np.linspace(0, np.pi, 721)
    share = np.cumsum(np.exp(concentration * (np.cos(angle) - 1)))
    return float(np.degrees(np.interp(0.683, share / share[-1], angle)))


class OneAnswer:
    """A network with one head, as published. It does not say how far off it is, and nobody measured it here."""

    def __init__(self, card: ModelCard) -> None:
        self.name = card.name
        self.tasks: tuple[str, ...] = (card.task,)
        self._network = load_model(Path(card.folder))
        self.calibration = Calibration()

    def values(self, data: Samples, valid: NDArray[np.bool_], s_minus_p: float | None) -> Values:
        config = self._network.config
        rate, n = config.sampling_rate, config.window_samples
        rows = [resample(row, RATE, rate, 0.0, min(n, int(data.shape[1] * rate / RATE))) for row in data]
        padded = np.zeros((3, n), np.float32)
        padded[:, : len(rows[0])] = rows
        with torch.inference_mode():
            output = self._network(torch.as_tensor(prepared_for(config, padded))[None])[0].tolist()
        return {self.tasks[0]: _value_of(self.tasks[0], output, self.name)}


def prepared_for(config: SeisMoLLMConfig, waveforms: Samples) -> Samples:
    """Return what a network with one head is given of (3, n) samples at its rate."""
    return normalise(waveforms, None, config.sampling_rate) if config.pad_to_patch else _as_published(waveforms)


def _as_published(data: Samples) -> Samples:
    """Each component without its mean, over its standard deviation."""
    std = data.std(axis=1, keepdims=True)
    standard: Samples = (data - data.mean(axis=1, keepdims=True)) / np.where(std > 0, std, 1)
    return standard.astype(np.float32)


def _value_of(task: str, output: list[float], name: str) -> Estimate | FirstMotion:
    if task == "polarity":
        return FirstMotion(Polarity.UP if output[0] > output[1] else Polarity.DOWN, max(output), name)
    value = output[0]
    if task == "back_azimuth":
        value = float(np.degrees(np.arctan2(output[1], output[0])) % 360)
    return Estimate(1000 * value if task == "distance" else value, None, name)
