"""What the processes of a run do together, so that they train as one process with all their batches would.

A process alone asks nobody: what is asked here is then what it says itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.nn.modules.batchnorm import _BatchNorm


def how_many() -> int:
    """The number of processes of the run."""
    return distributed.get_world_size() if distributed.is_available() and distributed.is_initialized() else 1


def mean_values(values: Mapping[str, Tensor]) -> dict[str, float]:
    """The mean over the processes of named scalars, in one message; they are all on one device."""
    stacked = torch.stack([value.detach().float() for value in values.values()])
    if how_many() > 1:
        distributed.all_reduce(stacked)
    return dict(zip(values, (stacked / how_many()).tolist(), strict=True))


def largest(values: Sequence[float], device: torch.device) -> list[float]:
    """The largest that any process says of each value."""
    if how_many() == 1:
        return list(values)
    stacked = torch.tensor(values, dtype=torch.float64, device=device)
    distributed.all_reduce(stacked, distributed.ReduceOp.MAX)
    return stacked.tolist()


def joined(own: list[str]) -> list[str]:
    """The lists of all processes, one after the other."""
    if how_many() == 1:
        return own
    lists: list[list[str]] = [[] for _ in range(how_many())]
    distributed.all_gather_object(lists, own)
    return [each for one in lists for each in one]


def share_of(count: Tensor) -> Tensor:
    """What a sum of losses is divided by, so that the mean of the processes is the mean over all that counts.

    Args:
        count: of what counts in the batch of this process, any shape.

    Returns:
        The mean of the counts of the processes, at least one in all of them together.
    """
    if how_many() > 1:
        count = count.clone()
        distributed.all_reduce(count)
    return count.clamp(min=1) / how_many()


def lost_another(error: RuntimeError) -> bool:
    """Whether the error says that another process is gone."""
    return how_many() > 1 and (isinstance(error, distributed.DistError) or "closed by peer" in str(error).lower())


def with_joint_norms(model: nn.Module) -> nn.Module:
    """Give a network batch normalisation over the batches of all processes, in place, if there are several."""
    if how_many() > 1:
        for module in list(model.modules()):
            for name, child in module.named_children():
                if isinstance(child, _BatchNorm):
                    setattr(module, name, JointBatchNorm.of(child))
    return model


class JointBatchNorm(_BatchNorm):
    """Batch normalisation whose mean and variance are those of the batches of all processes, which are equally large.

    What ``torch.nn.SyncBatchNorm`` does on GPUs only; parameters and statistics have the same names.
    """

    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor
    momentum: float

    @classmethod
    def of(cls, norm: _BatchNorm) -> "JointBatchNorm":
        """The same normalisation, with the same parameters and statistics."""
        joint = cls(norm.num_features, norm.eps, norm.momentum, norm.affine, norm.track_running_stats)
        joint.__dict__.update(norm.__dict__)
        return joint

    def _check_input_dim(self, input: Tensor) -> None:
        """Take any."""

    def forward(self, input: Tensor) -> Tensor:
        """(B, C, ...) with each channel brought to zero mean and unit variance over all processes."""
        if not self.training:
            return super().forward(input)
        over = [0, *range(2, input.ndim)]
        mean = _joint_mean(input.float().mean(over))
        centred = input.float() - _along_channels(mean, input)
        variance = _joint_mean(centred.square().mean(over))
        self._remember(mean, variance, how_many() * input.numel() // len(mean))
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return (centred * _along_channels(scale, input) + _along_channels(self.bias, input)).to(input.dtype)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Move the running statistics, the variance without bias, as ``torch.nn.BatchNorm1d`` does."""
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * (count / max(count - 1, 1)), self.momentum)


def _joint_mean(value: Tensor) -> Tensor:
    """The mean over the processes; its gradient is that of all of them."""
    total: Tensor = _Sum.apply(value)  # type: ignore[no-untyped-call]
    return total / how_many()


class _Sum(torch.autograd.Function):
    """The sum over the processes; what comes back is summed too, since every process gave to the sum of each."""

    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:
        total = value.clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        return _Sum.forward(ctx, gradients[0])


def _along_channels(values: Tensor, input: Tensor) -> Tensor:
    return values.view(1, -1, *[1] * (input.ndim - 2))
