"""What defines a SeisMoLLM network: sizes, task, and the records it expects. No torch here."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

from quakeview.errors import QuakeViewError

TASKS = ("picking", "polarity", "magnitude", "distance", "back_azimuth")
NO_PRETRAINING = "GPT-2 layout, no pre-training"
BLOCKS = {"gpt2": NO_PRETRAINING, "attention": "one layer of attention, no GPT-2", "none": "none"}
"""What may stand between embedder and head, and what the card says of it."""


@dataclass(frozen=True)
class SeisMoLLMConfig:
    """Sizes, task and expected input of a SeisMoLLM network; the defaults are those published (Wang et al. 2025, §III).

    Attributes:
        task: one of ``TASKS``; decides the head.
        conv_channels: output channels of the embedder's four multi-scale blocks.
        patch_size: latent samples in one token.
        n_layers, n_heads, n_positions: GPT-2 blocks, attention heads, longest token sequence.
        causal: True: a token attends to itself and the past (GPT-2); False: to the whole window.
        lora_rank, lora_alpha: low-rank adapters on every linear layer of the backbone, whose other weights stay
            frozen except positions and layer norms. Rank 0: no adapters, the whole backbone is trained.
        dropout: probability in the GPT-2 blocks and the adapters, while training.
        head_channels: channels of the picking head's four stages; the other heads have no choice of size.
        pad_to_patch: True: windows are padded with zeros to whole tokens. False: samples after the last whole token
            are dropped and the picking head stretches the rest over the window, as in the published code.
        sampling_rate: of the input, Hz.
        window_samples: length of the windows it is trained on and used with; other lengths run too.
        blocks: ``gpt2``; for the paper's ablations ``attention``, one layer of attention in their place, or ``none``,
            so that the head reads the embedder.
        backbone: where the weights of the GPT-2 blocks come from, in words.
    """

    task: str = "picking"
    conv_channels: tuple[int, ...] = (16, 48, 96, 96)
    patch_size: int = 8
    n_layers: int = 3
    n_heads: int = 12
    n_positions: int = 1024
    causal: bool = True
    lora_rank: int = 16
    lora_alpha: float = 16
    dropout: float = 0.1
    head_channels: tuple[int, ...] = (224, 192, 160, 6)
    pad_to_patch: bool = True
    sampling_rate: float = 50.0
    window_samples: int = 8192
    blocks: Literal["gpt2", "attention", "none"] = "gpt2"
    backbone: str = NO_PRETRAINING

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise QuakeViewError(f"SeisMoLLM has no task {self.task!r}; choose one of {', '.join(TASKS)}.")
        if len(self.conv_channels) != 4 or len(self.head_channels) != 4:
            raise QuakeViewError("SeisMoLLM needs four numbers of conv_channels and four of head_channels.")
        if self.blocks not in BLOCKS:
            raise QuakeViewError(f"SeisMoLLM has no blocks {self.blocks!r}; choose one of {', '.join(BLOCKS)}.")
        if self.d_model % self.n_heads:
            raise QuakeViewError(
                f"The tokens of this SeisMoLLM are {self.d_model} wide (last conv_channels times patch_size), "
                f"which {self.n_heads} attention heads cannot share evenly; change one of them."
            )

    @classmethod
    def paper(cls, task: str = "picking") -> Self:
        """The published network: three GPT-2 layers 768 wide, 23.7 million parameters for picking."""
        return cls(task=task)

    @classmethod
    def small(cls, task: str = "picking") -> Self:
        """A network that a laptop's processor runs in real time many times over: 82-s windows at 50 Hz, seen whole."""
        return cls(
            task=task,
            conv_channels=(16, 24, 32, 32),
            n_layers=3,
            n_heads=4,
            n_positions=128,
            causal=False,
            lora_rank=0,
            dropout=0.0,
            head_channels=(64, 48, 32, 8),
            window_samples=4096,
        )

    @property
    def d_model(self) -> int:
        """Width of a token: the latent channels of one patch."""
        return self.conv_channels[-1] * self.patch_size

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON and TOML."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of ``to_dict``.

        Raises:
            QuakeViewError: for settings that SeisMoLLM does not have or values that do not fit.
        """
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise QuakeViewError(f"SeisMoLLM has no setting {', '.join(sorted(unknown))}; remove it.")
        try:
            settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
            return cls(**settings)
        except TypeError as error:
            raise QuakeViewError(f"The settings of this SeisMoLLM have values of the wrong kind ({error}).") from error
