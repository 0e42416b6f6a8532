"""What is wrong with the samples of labelled records, and on which component the P is strongest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.texts import counted
from quakeview.training.planning.problems import Problem
from quakeview.training.records import COMPONENTS
from quakeview.waveforms.flaws import is_clipped

UNREADABLE = "unreadable"
WRONGS = {
    UNREADABLE: (
        "waveform cannot be read", "waveforms cannot be read", "copy or download the file again",
    ),
    "shape": (
        "waveform does not have the components that the metadata name",
        "waveforms do not have the components that the metadata name",
        "correct trace_component_order, or the order of dimensions",
    ),
    "nan": ("waveform holds NaN", "waveforms hold NaN", "zeros stand in their place in training"),
    "still": ("waveform is constant", "waveforms are constant", "nothing was recorded; leave them out"),
    "missing": (
        "waveform lacks a component", "waveforms lack a component", "training takes them with zeros there",
    ),
    "dead": (
        "waveform has a component that is constant", "waveforms have a component that is constant",
        "a dead channel, which counts as missing",
    ),
    "clipped": ("waveform is clipped", "waveforms are clipped", "their amplitudes teach a wrong magnitude"),
    "outside": (
        "waveform ends before its label", "waveforms end before their label",
        "correct the sample or the sampling rate in the metadata",
    ),
}  # fmt: skip
"""What can be wrong with one waveform: in the singular, in the plural, and what it means."""

CLEAR_P = 4.0
"""Amplitude of a P over the noise before it from which on it shows on which component it is strongest."""
ENOUGH_P = 8
"""Clear P onsets from which the order of components is judged. Of 619 labelled P from a dozen networks 81 % were
strongest on the vertical."""
_BEFORE, _AFTER, _GUARD = 2.5, 0.5, 0.3
"""Seconds before and after a P that are compared, without the last ones before it."""


def find_wrongs(data: NDArray[Any], order: str, labels: Sequence[float]) -> list[str]:
    """Which of ``WRONGS`` hold for a waveform.

    Args:
        data: (components, n) as the file has it.
        order: letters of the components.
        labels: samples of P and S.
    """
    if data.ndim != 2 or len(order) != len(data) or not set(order.upper()) <= set("ZNE123"):
        return ["shape"]
    wrong = ["outside"] if any(label >= data.shape[1] for label in labels) else []
    if not np.isfinite(data).all():
        wrong.append("nan")
    data = np.nan_to_num(data)
    still = np.ptp(data, axis=1) == 0 if data.shape[1] else np.ones(len(data), bool)
    if still.all():
        return [*wrong, "still"]
    if len(data) < len(COMPONENTS) or (still & (data[:, 0] == 0)).any():
        wrong.append("missing")
    if (still & (data[:, 0] != 0)).any():
        wrong.append("dead")
    if any(is_clipped(component) for component in data[~still]):
        wrong.append("clipped")
    return wrong


def strongest_on_p(data: NDArray[np.float32], p: float, sampling_rate: float) -> str:
    """The component of (3, n) Z, N, E on which a P is strongest; "" if it is not clear, or a component is missing.

    Args:
        p: sample.
    """
    at = round(p)
    noise = data[:, max(at - round(_BEFORE * sampling_rate), 0) : max(at - round(_GUARD * sampling_rate), 0)]
    signal = data[:, at : at + round(_AFTER * sampling_rate)]
    if noise.shape[1] < sampling_rate or signal.shape[1] < _AFTER * sampling_rate / 2:
        return ""
    quiet, loud = noise.std(axis=1), signal.std(axis=1)
    if not quiet.all() or (loud / quiet).max() < CLEAR_P:
        return ""
    return COMPONENTS[int(loud.argmax())]


def waveform_problems(wrongs: dict[str, list[str]]) -> Iterator[Problem]:
    """The problems of the records that were looked at.

    Args:
        wrongs: names of records by which of ``WRONGS`` they have.
    """
    for wrong, (singular, plural, advice) in WRONGS.items():
        if names := wrongs.get(wrong):
            yield Problem(counted(len(names), singular, plural), names, advice)


def order_problems(strongest: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    """Say where the P is not strongest on the vertical, in all data or at some stations.

    Args:
        strongest: station and component, as ``strongest_on_p`` has it, of each clear P.
    """
    advice = "the order of components may be wrong (ENZ is often taken for ZNE)"
    whole = Counter(component for _, component in strongest)
    if (most := _most_horizontal(whole)) is not None:
        yield Problem(f"{_on(most, whole)} of the data are strongest on {most}, not on Z", (), advice)
        return
    stations: dict[str, Counter[str]] = {}
    for station, component in strongest:
        stations.setdefault(station, Counter())[component] += 1
    turned = [station for station, counts in sorted(stations.items()) if _most_horizontal(counts) is not None]
    if turned:
        said = counted(len(turned), "station has its P strongest", "stations have their P strongest")
        yield Problem(f"{said} on a horizontal component", turned, advice)


def _on(component: str, counts: Counter[str]) -> str:
    return f"{counts[component]} of {counted(counts.total(), 'clear P onset')}"


def _most_horizontal(counts: Counter[str]) -> str | None:
    """The horizontal that has more of the P onsets than the vertical and half of all, of enough."""
    component, number = counts.most_common(1)[0] if counts else ("Z", 0)
    return component if component != "Z" and counts.total() >= ENOUGH_P and 2 * number > counts.total() else None
