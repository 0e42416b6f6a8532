"""The ``[data]`` table of pickers and single-station tasks, as typed dataclasses. Light: a form shows them at once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from quakeview.errors import QuakeViewError


@dataclass(frozen=True)
class SourceConfig:
    """One ``[[data.sources]]`` table, or ``[data.validation]``.

    Attributes:
        kind: where the records come from; ``noise`` has no earthquakes, ``continuous`` has picks of its own.
        path: the folder of ``seisbench`` and ``diting``, the table of ``stead``, the folder or file of waveforms of
            ``continuous`` and ``noise``; ``synthetic`` has none.
        waveforms: the HDF5 file of ``stead``.
        picks: the table of picks of ``continuous``.
        weight: share of the windows, relative to the other sources.
        split: part to use, from the ``split`` column, or 80/10/10 % of the events into train/dev/test; None uses all.
        splits: table ``dataset,event,split`` that says which part each event is in, in place of that column.
        only: name of a metadata column that must say true.
        folds, fold, group: cross-validation by event or station: training leaves this fold out, validation uses it.
        even: what is equally often used: each record, or each event, whatever the number of its records.
        min_probability: machine picks below it are doubtful: left out of the loss.
        background: stretches of a continuous record that nobody picked are noise.
        until: time (ISO 8601, UTC) at which training on a continuous record ends; later events are for testing.
        settings: of the synthetic generator.
        pool, reuse: synthetic records kept at a time, and windows cut from each on average.
    """

    kind: Literal["synthetic", "seisbench", "stead", "diting", "continuous", "noise"]
    path: Path | None = None
    waveforms: Path | None = None
    picks: Path | None = None
    weight: float = 1.0
    split: str | None = None
    splits: Path | None = None
    only: str | None = None
    folds: int | None = None
    fold: int = 0
    group: Literal["event", "station"] = "event"
    even: Literal["record", "event"] = "record"
    min_probability: float = 0.0
    background: bool = False
    until: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    pool: int = 400
    reuse: int = 4


@dataclass(frozen=True)
class WindowConfig:
    """How windows are made: the ``[data.windows]`` table.

    Attributes:
        noise_only: share of windows without an earthquake.
        latest_start: seconds after a P at which a window may begin.
        min_p_snr_db, min_s_snr_db: synthetic onsets weaker than this are left out of the loss.
        trust: seconds around a pick that count where other onsets may be unlabelled.
        augmentation: ``real`` (ours), ``paper`` or ``none``.
        stretch, add_noise, stack: probabilities of those parts of ``real``; stacking needs two complete records.
        stretch_range: smallest and largest factor by which time is drawn out, drawn log-uniformly.
    """

    noise_only: float = 0.2
    latest_start: float = 28.0
    min_p_snr_db: float = 6.0
    min_s_snr_db: float = 2.0
    trust: float = 2.0
    augmentation: Literal["real", "paper", "none"] = "real"
    stretch: float = 0.3
    add_noise: float = 0.3
    stack: float = 0.3
    stretch_range: tuple[float, float] = (0.5, 2.0)


@dataclass(frozen=True)
class DataConfig:
    """The ``[data]`` table of the single-station tasks.

    Attributes:
        sources: mixed by weight.
        validation: records that select the best weights.
        windows: how windows are cut and changed.
        sigma: seconds, of the bell around an onset.
        labels: ``gaussian``, or ``official`` for the published code's shape.
        fraction: of the recorded events of each source that are learnt from, drawn by the seed of the run; the
            validation stays whole.
    """

    sources: tuple[SourceConfig, ...]
    validation: SourceConfig
    windows: WindowConfig = field(default_factory=WindowConfig)
    sigma: float = 0.15
    labels: Literal["gaussian", "official"] = "gaussian"
    fraction: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.fraction <= 1:
            raise QuakeViewError(f"fraction in [data] must be above 0 and at most 1, not {self.fraction:g}.")


def describe_data(data: DataConfig) -> str:
    """The sources in words, for the model card."""
    total = sum(source.weight for source in data.sources)
    parts = [
        f"{100 * source.weight / total:.0f} % {source.kind}"
        + (f" ({source.path.name}{', ' + source.split if source.split else ''})" if source.path else "")
        for source in data.sources
    ]
    few = "" if data.fraction == 1 else f", {100 * data.fraction:g} % of the recorded events"
    return ", ".join(parts) + few
