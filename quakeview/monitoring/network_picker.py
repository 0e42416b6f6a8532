"""Any network that picks, on a device: batches that fit, all cores of a processor, and what if memory runs out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from quakeview.devices import pick_device
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.stitching import Windowing
from quakeview.monitoring.uncertainty import read_calibration
from quakeview.registry import ModelCard

_BATCH_SIZE = {"mps": 32, "cuda": 256}
_WINDOWS_PER_CORE = 4


@dataclass(frozen=True)
class PickingNetwork:
    """A network that was read, and what it expects.

    Attributes:
        network: (B, 3, window_samples) to (B, k, window_samples) probabilities.
        sampling_rate: of its input, Hz.
        window_samples: length of its input.
        phases: which of the k curves are P and S.
        windowing: how windows are cut from a record, prepared and put together.
    """

    network: nn.Module
    sampling_rate: float
    window_samples: int
    phases: tuple[int, int] = (1, 2)
    windowing: Windowing = field(default_factory=Windowing)


class NetworkPicker:
    """Phase probabilities of windows.

    Attributes:
        name: of the model; every pick carries it.
        sampling_rate: Hz of the input.
        window_samples: length of a window.
        windowing: how windows are cut from a record, prepared and put together.
        batch_size: windows per call, sized to the device.
    """

    def __init__(
        self, card: ModelCard, loaded: PickingNetwork, device: str = "auto", progress: Progress = Progress()
    ) -> None:
        """Put the network of ``card`` on a device.

        Raises:
            QuakeViewError: if the device does not exist.
        """
        self.name = card.name
        self.sampling_rate, self.window_samples = loaded.sampling_rate, loaded.window_samples
        self.windowing = loaded.windowing
        self._phases = list(loaded.phases)
        self._calibration = read_calibration(card.folder)
        self._progress = progress
        self._device = pick_device(device)
        self._network = loaded.network.to(self._device).eval()
        self._cores = torch.get_num_threads()
        # Windows side by side, one core each: faster than all cores on one window, and a busy core holds up no other.
        self._workers = ThreadPoolExecutor(self._cores, initializer=torch.set_num_threads, initargs=(1,))
        self.batch_size = _BATCH_SIZE.get(self._device.type, _WINDOWS_PER_CORE * self._cores)

    def uncertainty(self, phase: str, probability: float) -> float | None:
        """Seconds, one standard deviation of picks of that probability; None if that was not measured."""
        curve = self._calibration.get(phase)
        return None if curve is None else curve(probability)

    def probabilities(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """P and S probability, (b, 2, n), of windows (b, 3, n) as ``windowing`` prepares them.

        When the device runs out of memory, the batch is halved, then the CPU takes over, and the progress log says so.

        Raises:
            QuakeViewError: if there is not enough memory for one window on the CPU.
        """
        try:
            if self._device.type != "cpu":
                return self._forward(windows)
            parts = [part for part in np.array_split(windows, self._cores) if len(part)]
            return np.concatenate(list(self._workers.map(self._forward, parts)))
        except torch.OutOfMemoryError:
            self._retreat(len(windows))
            half = max(1, len(windows) // 2)
            return np.concatenate([self.probabilities(part) for part in np.split(windows, [half]) if len(part)])

    def _forward(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            output = self._network(torch.from_numpy(windows).to(self._device))
        return output[:, self._phases].float().cpu().numpy()

    def _retreat(self, failed_batch: int) -> None:
        if failed_batch > 1:
            self.batch_size = failed_batch // 2
            self._progress.log(f"Out of memory on {self._device}: going on with batches of {self.batch_size}.")
            return
        if self._device.type == "cpu":
            raise QuakeViewError("There is not enough memory for one window; close other programs and try again.")
        self._progress.log(f"Out of memory on {self._device}: going on with the CPU.")
        self._device = torch.device("cpu")
        self.batch_size = _WINDOWS_PER_CORE * self._cores
        self._network.to(self._device)
