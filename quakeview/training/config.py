"""The run file: what ``quakeview train run.toml`` is asked to do, as typed dataclasses.

``[training]`` is the engine's; ``[model]`` and ``[data]`` are read by the task that ``task`` names.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from quakeview.errors import QuakeViewError
from quakeview.toml_files import read_table, read_toml


@dataclass(frozen=True)
class TrainingConfig:
    """How to optimise: the ``[training]`` table.

    Attributes:
        max_steps: steps after which the run ends. This or ``max_minutes`` is needed; the first that is
            used up ends it.
        max_minutes: minutes of training after which the run ends; how far it comes depends on the computer.
        batch_size: examples that each process looks at before it changes the model a little (a step); more make steps
            steadier, and need more memory and time.
        optimiser: which rule moves the weights: ``adamw``, or ``adam`` with the paper's zero weight decay.
        learning_rate: how far a step changes the model, at its highest; too large and the loss jumps about, too small
            and little is learnt in the time.
        weight_decay: of ``adamw``: how strongly weights are drawn to zero, so that single records are not
            learnt by heart.
        schedule: how the learning rate goes: ``cosine`` (linear warm-up, then a half cosine over the budget),
            ``triangular`` (the paper's CyclicLR: up and down between half of it and all of it, half a cycle in
            ``triangle_steps``), ``constant``, or ``tenth`` (a tenth of it from the middle of the budget on).
        warmup_steps: the first steps, over which the learning rate grows from zero.
        final_fraction: learning rate at the end of the cosine, as a fraction of the peak.
        triangle_steps: half a cycle of ``triangular``.
        clip_norm: largest norm of the gradient: a step that would go further is shortened, so that one odd batch does
            no harm.
        ema_decay: of the running mean of the weights, which is what is validated and shipped; 0 ships the raw weights.
        validate_every: steps between validations: the model is scored on records that are kept aside, and the best
            one so far is kept.
        checkpoint_minutes: minutes between checkpoints, the most work that a crash can cost.
        log_every: steps between lines of the log.
        patience: validations in a row without a better score after which the run ends early; it never does if left out.
        device: ``auto`` (CUDA, then MPS, then CPU) or ``cpu``.
        precision: ``no`` computes in single precision; ``bf16`` and ``fp16`` partly in half of it, which is quicker on
            many processors and cards.
        workers: processes that make training data; 0 makes it in the training process.
        threads: of the processor that the network uses; PyTorch chooses if left out.
        tensorboard: also write event files for TensorBoard, into the folder ``tensorboard`` of the run; this needs
            ``pip install 'quakeview[tensorboard]'``.
    """

    max_steps: int | None = None
    max_minutes: float | None = None
    batch_size: int = 32
    optimiser: Literal["adamw", "adam"] = "adamw"
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    schedule: Literal["cosine", "triangular", "constant", "tenth"] = "cosine"
    warmup_steps: int = 200
    final_fraction: float = 0.01
    triangle_steps: int = 2000
    clip_norm: float = 1.0
    ema_decay: float = 0.999
    validate_every: int = 500
    checkpoint_minutes: float = 2.0
    log_every: int = 20
    patience: int | None = None
    device: Literal["auto", "cpu"] = "auto"
    precision: Literal["no", "bf16", "fp16"] = "no"
    workers: int = 1
    threads: int | None = None
    tensorboard: bool = False

    def __post_init__(self) -> None:
        if self.max_steps is None and self.max_minutes is None:
            raise QuakeViewError("Give the run a budget: set max_steps or max_minutes in [training].")
        for name in ("max_steps", "max_minutes", "batch_size", "learning_rate", "validate_every", "log_every"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise QuakeViewError(f"{name} in [training] must be greater than zero, not {value}.")
        if not 0 <= self.ema_decay < 1:
            raise QuakeViewError(f"ema_decay in [training] must be at least 0 and below 1, not {self.ema_decay}.")


@dataclass(frozen=True)
class RunConfig:
    """One training run.

    Attributes:
        name: of the run and of the model it makes.
        task: what is learnt: ``picking``, ``polarity``, ``magnitude``, ``distance``, ``back_azimuth``,
            ``forecasting`` (wavefields) or ``seismicity``.
        folder: run folder, made if need be; relative to the run file.
        training: how it is optimised.
        model_folder: where the finished model goes; ``<folder>/model`` if None.
        seed: of the weights, the dropout and every random choice in the data.
        model, data: tables that the task reads.
        base: folder that relative paths in the tables start from.
        text: the run file as it was read.
    """

    name: str
    task: str
    folder: Path
    training: TrainingConfig
    model_folder: Path | None = None
    seed: int = 0
    model: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    base: Path = Path()
    text: str = ""


def read_run(path: Path) -> RunConfig:
    """Read a run file.

    Raises:
        QuakeViewError: if the file is missing or not TOML, a key is unknown or missing, or a value has the wrong type.
    """
    table, text = read_toml(path)
    base = path.resolve().parent
    for key in ("base", "text"):
        if key in table:
            raise QuakeViewError(f"{key!r} in {path.name} is unknown; remove it.")
    return read_table(RunConfig, {**table, "base": str(base), "text": text}, path.name, base)
