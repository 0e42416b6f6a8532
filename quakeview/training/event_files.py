"""The numbers of a run as event files for TensorBoard, beside ``metrics.jsonl``; written only if a run file asks."""

from pathlib import Path

from quakeview.errors import QuakeViewError

FOLDER = "tensorboard"


class EventFiles:
    """Writes lines of metrics to ``<run folder>/tensorboard``.

    Args:
        step: that the run goes on from; what an earlier process wrote of later steps is withdrawn.

    Raises:
        QuakeViewError: if tensorboardX is not installed.
    """

    def __init__(self, folder: Path, step: int) -> None:
        try:
            from tensorboardX import SummaryWriter
        except ImportError as error:
            raise QuakeViewError(
                "tensorboard in [training] needs tensorboardX, which is not installed: "
                "pip install 'quakeview[tensorboard]', or remove the line from the run file."
            ) from error
        self._writer = SummaryWriter(str(folder / FOLDER), purge_step=step)

    def write(self, event: str, step: int, values: dict[str, float]) -> None:
        """Write the numbers of one line, as ``train/loss`` and so on."""
        for name, value in values.items():
            self._writer.add_scalar(f"{event}/{name}", value, step)
        self._writer.flush()

    def close(self) -> None:
        """End the file."""
        self._writer.close()
