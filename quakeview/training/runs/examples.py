"""What a model made of a few held-out examples at each validation: small files in the run folder, few of them."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.atomic import make_folder, remove_file, write_atomically
from quakeview.errors import QuakeViewError

Floats = NDArray[np.floating[Any]]

MOST_FILES = 40
MOST_RECORDS, MOST_SAMPLES, MOST_VALUES = 6, 3000, 200
WIDEST_MAP = 128
"""Nodes along a side of a map that is kept."""


@dataclass(frozen=True, eq=False)
class Traces:
    """Records with labels and the probability curves of a picker.

    Attributes:
        names: of the records.
        data: (k, 3, n) Z, N, E, each record with an amplitude of 1 at most.
        probabilities: (k, 2, n) P, S.
        labels: (k, 2) samples of P and S; NaN where there is none.
        sampling_rate: Hz.
    """

    names: NDArray[np.str_]
    data: Floats
    probabilities: Floats
    labels: Floats
    sampling_rate: float


@dataclass(frozen=True, eq=False)
class Maps:
    """Ground velocity that followed the input, and its forecast.

    Attributes:
        names: of the moments.
        truth, forecast, error: (k, nx, ny) size of the velocity, of its forecast and of their difference, m/s.
    """

    names: NDArray[np.str_]
    truth: Floats
    forecast: Floats
    error: Floats


@dataclass(frozen=True, eq=False)
class Values:
    """What was said of single records, beside what is known.

    Attributes:
        names: (q,) of the quantities, with units.
        truth, said: (q, m); NaN where nothing is known.
        period: (q,) after which a quantity begins anew, 360 of degrees; 0 if it does not.
    """

    names: NDArray[np.str_]
    truth: Floats
    said: Floats
    period: Floats = field(default_factory=lambda: np.zeros(1))


Examples = Traces | Maps | Values


def spread(number: int, most: int) -> list[int]:
    """Indices of at most ``most`` of ``number`` things, evenly spread and always the same."""
    return sorted({round(place) for place in np.linspace(0, number - 1, min(number, most))}) if number else []


def traces_of(
    names: Sequence[str],
    records: Sequence[Floats],
    probabilities: Sequence[Floats],
    labels: Sequence[Sequence[float | None]],
    sampling_rate: float,
) -> Traces:
    """Records (3, n) cut to the same length around their labels, with their curves (2, n)."""
    cuts = []
    marks = np.array([[np.nan if label is None else label for label in each] for each in labels], float)
    length = min(MOST_SAMPLES, *(record.shape[1] for record in records))
    for record, curves, mark in zip(records, probabilities, marks, strict=True):
        middle = np.nanmean(mark) if np.isfinite(mark).any() else length / 2
        begin = int(np.clip(middle - length / 2, 0, record.shape[1] - length))
        mark -= begin
        part = record[:, begin : begin + length]
        part = part - part.mean(axis=1, keepdims=True)
        cuts.append((part / (np.abs(part).max() or 1.0), curves[:, begin : begin + length]))
    data, kept = (np.array(each, np.float16) for each in zip(*cuts, strict=True))
    return Traces(np.array(names, str), data, kept, marks, sampling_rate)


def maps_of(names: Sequence[str], truth: Floats, forecast: Floats) -> Maps:
    """Velocities (k, 3, nx, ny), m/s, at every few nodes."""
    every = -(-max(truth.shape[2:]) // WIDEST_MAP)
    true, said = truth[..., ::every, ::every], forecast[..., ::every, ::every]
    sizes = (np.linalg.norm(each, axis=1).astype(np.float32) for each in (true, said, said - true))
    return Maps(np.array(names, str), *sizes)


def write_examples(folder: Path, step: int, examples: Examples) -> None:
    """Keep the examples of a step in ``folder``; where files are closest together, one is dropped for another.

    Raises:
        QuakeViewError: if they cannot be written.
    """
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {each.name: getattr(examples, each.name) for each in fields(examples)}
    np.savez_compressed(buffer, kind=type(examples).__name__, step=step, **arrays)
    write_atomically(make_folder(folder) / f"step-{step:08d}.npz", buffer.getvalue())
    files = sorted(folder.glob("step-*.npz"))
    if len(files) > MOST_FILES:
        steps = np.array([step_of(path) for path in files])
        remove_file(files[1 + int(np.argmin(steps[2:] - steps[:-2]))])


def read_examples(path: Path) -> Examples:
    """Read the examples of one validation.

    Raises:
        QuakeViewError: if it is no such file.
    """
    kinds: dict[str, type[Examples]] = {kind.__name__: kind for kind in (Traces, Maps, Values)}
    try:
        with np.load(path) as file:
            kind = kinds[str(file["kind"])]
            values = {each.name: file[each.name] for each in fields(kind)}
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise QuakeViewError(f"The examples in {path} cannot be read; resume the run to make new ones.") from error
    return kind(**{name: value.item() if value.ndim == 0 else value for name, value in values.items()})


def step_of(path: Path) -> int:
    """The step whose validation made a file of examples."""
    return int(path.stem.rpartition("-")[2])
