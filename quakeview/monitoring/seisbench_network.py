"""A network of SeisBench as a picker of ours: its order of components, filter, normalisation, blinding and overlap.

SeisBench's ``annotate`` does the same with whole streams; here the windows are cut, and put together, as for every
other picker, a stretch of any length at a time.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from quakeview.errors import QuakeViewError
from quakeview.monitoring.network_picker import PickingNetwork
from quakeview.monitoring.preprocessing import centre
from quakeview.monitoring.stitching import Windowing

POINTS = 100
"""Predictions in one window of ours of a network that says something about one sample of its own window alone."""
FILTERS = ("bandpass", "bandstop", "highpass", "lowpass")
_ROWS = {"Z": 0, "N": 1, "E": 2, "1": 1, "2": 2}
"""Where the components are in our windows. What we do not have, such as pressure, is zero, as SeisBench does it."""


def ready(model: Any, default_args: Mapping[str, Any]) -> PickingNetwork:
    """Return a model of SeisBench as a picking network.

    Args:
        model: a ``seisbench.models.WaveformModel`` with its weights.
        default_args: what goes with the weights: overlap, blinding, stacking.

    Raises:
        QuakeViewError: if it does not pick both P and S, or prepares its input in a way that is not done here.
    """
    labels = list(model.labels or getattr(model, "phases", None) or ())
    if not {"P", "S"} <= set(labels):
        raise QuakeViewError(f"This {model.name} tells {labels or 'nothing'} apart, not P and S; choose another.")
    arguments = model.default_args | dict(default_args) | {"sampling_rate": model.sampling_rate}
    prepare = partial(_prepared, filters=_filters(model))
    phases = labels.index("P"), labels.index("S")
    rate = float(model.sampling_rate)
    if model.output_type == "point":
        stride = int(_argument(model, arguments, "stride"))
        samples = model.in_samples + (POINTS - 1) * stride
        windowing = Windowing(prepare, hop=(POINTS - 1) * stride)
        return PickingNetwork(PointNetwork(model, arguments, stride), rate, samples, phases, windowing)
    overlap = _argument(model, arguments, "overlap")
    hop = model.in_samples - int(overlap * model.in_samples if overlap < 1 else overlap)
    windowing = Windowing(prepare, hop, highest=_argument(model, arguments, "stacking") == "max")
    return PickingNetwork(CurveNetwork(model, arguments), rate, model.in_samples, phases, windowing)


class CurveNetwork(nn.Module):
    """(B, 3, n) samples to (B, labels, n) probabilities, NaN where SeisBench's blinding hides them."""

    def __init__(self, model: Any, arguments: Mapping[str, Any]) -> None:
        super().__init__()
        self.model = model
        self._arguments = dict(arguments)
        self._ours = [(place, _ROWS[letter]) for place, letter in enumerate(model.component_order) if letter in _ROWS]

    def forward(self, x: Tensor) -> Tensor:
        return self._annotated(x).transpose(1, 2)

    def _annotated(self, x: Tensor) -> Tensor:
        """SeisBench's own steps of a batch: (B, n, labels), or (B, labels) of points."""
        batch = x.new_zeros(x.shape[0], len(self.model.component_order), x.shape[-1])
        for place, row in self._ours:
            batch[:, place] = x[:, row]
        prepared = self.model.annotate_batch_pre(batch, argdict=self._arguments)
        annotated: Tensor = self.model.annotate_batch_post(
            self.model(prepared), piggyback=None, argdict=self._arguments
        )
        return annotated


class PointNetwork(CurveNetwork):
    """A network that speaks of one sample of its window, slid over a longer one: straight lines between its points."""

    def __init__(self, model: Any, arguments: Mapping[str, Any], stride: int) -> None:
        super().__init__(model, arguments)
        self._stride = stride

    def forward(self, x: Tensor) -> Tensor:
        windows = x.unfold(-1, self.model.in_samples, self._stride).transpose(1, 2)
        count = windows.shape[1]
        points = self._annotated(windows.flatten(0, 1)).unflatten(0, (x.shape[0], count)).transpose(1, 2)
        between = F.interpolate(points, (count - 1) * self._stride + 1, mode="linear", align_corners=True)
        before = int(self.model.pred_sample)
        return F.pad(between, (before, x.shape[-1] - before - between.shape[-1]), value=torch.nan)


def _argument(model: Any, arguments: Mapping[str, Any], name: str) -> Any:
    """Return an argument of ``annotate``: of the weights, or the default of the class, which has it beside its text."""
    return arguments.get(name, model._annotate_args[name][1])


def _filters(model: Any) -> tuple[str, dict[str, float]] | None:
    """Return name and arguments of the filter that a model's input goes through.

    Raises:
        QuakeViewError: if it has another for every channel, or one that is not known here.
    """
    if not model.filter_args:
        return None
    if isinstance(model.filter_args, dict) or model.filter_args[0] not in FILTERS or len(model.filter_args) > 1:
        raise QuakeViewError(f"The input of this {model.name} is filtered in a way that is not done here.")
    return model.filter_args[0], dict(model.filter_kwargs or {})


def _prepared(
    data: NDArray[np.float32],
    valid: NDArray[np.bool_],
    sampling_rate: float,
    filters: tuple[str, dict[str, float]] | None,
) -> NDArray[np.float32]:
    """Centre each component and filter it; zero where there is no data. SeisBench does the rest itself."""
    centred = centre(data, valid)
    if filters is None:
        return centred
    from obspy.signal import filter as obspy_filters

    name, arguments = filters
    filtered = np.apply_along_axis(getattr(obspy_filters, name), -1, centred, df=sampling_rate, **arguments)
    return np.where(valid, filtered, 0).astype(np.float32)
