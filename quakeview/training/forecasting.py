"""The forecasting task: the frames that come, from those that were seen everywhere or at some stations."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.model_folders import read_config
from quakeview.texts import counted
from quakeview.toml_files import read_table
from quakeview.training.config import RunConfig
from quakeview.training.forecaster_config import EARLY, DataConfig, ModelConfig, WindowConfig
from quakeview.training.members import Members
from quakeview.training.networks import trained_model
from quakeview.training.runs.examples import Examples, maps_of
from quakeview.training.tasks import Batch
from quakeview.training.together import share_of
from quakeview.training.wavefields import Pool, made_dataset, open_pool, read_events
from quakeview.training.windows import ItemStream, batches
from quakeview.wavefield.forecasting.calibrating import calibrate
from quakeview.wavefield.forecasting.ensemble import EnsembleForecaster
from quakeview.wavefield.forecasting.model_files import (
    ForecasterFacts,
    load_member,
    save_forecaster,
    write_calibration,
)
from quakeview.wavefield.networks.time_patched import PATCH, TimePatchedConfig, TimePatchedWaveCastNet
from quakeview.wavefield.scenarios.scenario import Scenario

Generator = np.random.Generator
Frames = NDArray[np.float32]

SMALLEST_SHARE, SMALLEST_POWER = 0.05, 0.01
"""Of the mean power of the steps of a window, and of that of its input: a step that is weaker counts as if it had so
much."""


class WindowStream(ItemStream):
    """Windows of earthquakes, in units of the typical velocity of each node: what is seen, and the last step of it and
    those after it without gaps and noise."""

    def __init__(self, pool: Pool, config: WindowConfig, step: int, chosen: Sequence[Sequence[int]], seed: int):
        """``chosen`` are the earthquakes of each member; item i is for member i modulo their number."""
        super().__init__(seed)
        self.pool, self.config, self.step = pool, config, step
        self.chosen = [np.array(some) for some in chosen]
        self.divisor = (pool.typical / pool.typical.mean())[None]

    def item(self, rng: Generator, index: int) -> dict[str, NDArray[Any]]:
        config = self.config
        n, future = config.input_frames, config.steps * self.step
        earthquake = self.pool.frames[self._number(rng, index)]
        start = self._start(rng, len(earthquake) - n - future)
        values = np.zeros((n + future, *earthquake.shape[1:]), np.float32)
        values[max(-start, 0) :] = earthquake[max(start, 0) : start + n + future]
        values *= rng.choice((-1, 1)) / self.divisor
        known = draw_known(rng, config, earthquake.shape[2:])
        seen = values[:n]
        if rng.random() < config.noisy:
            seen = seen + noise_like(rng, seen, known)
        return {
            "seen": np.ascontiguousarray(seen.transpose(1, 0, 2, 3)),
            "known": known,
            "wanted": values[n - self.step :].transpose(1, 0, 2, 3).astype(np.float16),
        }

    def name(self, rng: Generator, index: int) -> str:
        return f"earthquake {self._number(rng, index)} of the pool"

    def _number(self, rng: Generator, index: int) -> int:
        """Of the earthquake; the first that is drawn."""
        return int(rng.choice(self.chosen[index % len(self.chosen)]))

    def _start(self, rng: Generator, latest: int) -> int:
        """Number of the first frame; 0 is at the origin time."""
        if rng.random() < self.config.early:
            return int(rng.integers(self.config.earliest_start, EARLY[1] + 1))
        return int(rng.integers(EARLY[1], latest + 1))


def draw_known(rng: Generator, config: WindowConfig, nodes: tuple[int, ...]) -> Frames:
    """(frames, nx, ny), 1 where there is data."""
    known = np.ones((config.input_frames, *nodes), np.float32)
    if rng.random() < config.dense:
        return known
    low, high = config.stations
    count = round(float(np.exp(rng.uniform(np.log(low), np.log(high)))))
    where = np.zeros(nodes, np.float32).ravel()
    where[rng.choice(where.size, min(count, where.size), replace=False)] = 1
    begin = np.where(rng.random(where.size) < config.late, rng.integers(0, config.input_frames, where.size), 0)
    known *= where.reshape(nodes)
    known *= np.arange(config.input_frames)[:, None, None] >= begin.reshape(nodes)
    return known


def noise_like(rng: Generator, seen: Frames, known: Frames) -> Frames:
    """Noise (frames, 3, nx, ny), each node its own, smooth over four frames like what passes the band limit."""
    level = 10 ** rng.uniform(-2, -0.3) * np.sqrt(np.mean(np.square(seen)))
    white = rng.standard_normal((len(seen) + 3, *seen.shape[1:]), dtype=np.float32)
    smooth: Frames = white[3:] + white[2:-1]
    for later in (white[1:-2], white[:-3]):
        smooth += later
    smooth *= np.float32(0.5 * level)
    smooth *= known[:, None]
    return smooth


class ForecastingTask:
    """WaveCastNet with several frames to a step."""

    selecting = "skill"

    def __init__(self, config: RunConfig, progress: Progress = Progress()) -> None:
        self.config = config
        self.model = read_table(ModelConfig, _with_sizes(config), "[model] of the run file", config.base)
        self.data = read_table(DataConfig, config.data, "[data] of the run file", config.base)
        if self.model.members < 1 or config.training.batch_size % self.model.members:
            raise QuakeViewError(
                f"batch_size in [training] must be a multiple of the {counted(self.model.members, 'member')} in "
                "[model], so that each has windows."
            )
        self._progress = progress
        library, validation = (
            made_dataset(path, config.training.device, progress) for path in (self.data.library, self.data.validation)
        )
        self.pool = open_pool(self.data.pool, library, progress)
        self._validation = read_events(validation, "validation")
        windows, frames = self.data.windows, self.pool.header.planned_frames
        needed = windows.input_frames + windows.steps * self.model.step + EARLY[1]
        if needed > frames:
            raise QuakeViewError(
                f"Windows of {counted(windows.input_frames, 'frame')} and {counted(windows.steps, 'step')} need events "
                f"of {counted(needed, 'frame')}, and those of the library have {frames:,}; lower steps in "
                "[data.windows], or simulate longer events."
            )

    def build_model(self) -> Members:
        return Members([self._build_member() for _ in range(self.model.members)])

    def _build_member(self) -> TimePatchedWaveCastNet:
        header = self.pool.header
        config = TimePatchedConfig(
            frame=header.frame_shape[1:], step=self.model.step, channels=self.model.channels, cell=self.model.cell
        )
        if self.model.init is not None:
            return load_member(trained_model(self.model.init, self.config.base), config)
        model = TimePatchedWaveCastNet(config)
        model.scale.copy_(torch.from_numpy(self.pool.typical))
        patterns = self.pool.patterns(config.channels, config.step, PATCH)
        model.begin_with_patterns(torch.from_numpy(patterns))
        return model

    def batches(self, first_step: int, batch_size: int, rank: int, processes: int, workers: int) -> Iterator[Batch]:
        return batches(self._stream(), first_step, batch_size, rank, processes, workers)

    def cautions(self) -> list[str]:
        return []

    def names(self, step: int, batch_size: int, rank: int, processes: int) -> list[str]:
        return [f"{name} {self.data.pool.file}" for name in self._stream().names(step, batch_size, rank, processes)]

    def _stream(self) -> WindowStream:
        chosen = [self.chosen(member) for member in range(self.model.members)]
        return WindowStream(self.pool, self.data.windows, self.model.step, chosen, self.config.seed)

    def chosen(self, member: int = 0) -> list[int]:
        """The earthquakes of the pool that a member sees: all ruptures, and points at the places not left out."""
        places = self.pool.places
        number = int(places.max()) + 1
        random = np.random.default_rng([self.config.seed, member] if member else self.config.seed)
        out = random.permutation(number)[: round(self.data.left_out * number)]
        return np.flatnonzero(~np.isin(places, out)).tolist()

    def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Mean RFNE of the steps of each window, the first of which is the one seen last; and of those with all nodes
        known. Weak steps count less, so that the last ripples do not matter like the strongest waves."""
        images, loudness = model(batch["seen"], batch["known"], self.data.windows.steps)
        wrong, power = [], []
        for image, truth in zip(images, batch["wanted"].split(self.model.step, dim=2), strict=True):
            relative = (truth.float() / loudness).flatten(1)
            error = image.float().flatten(1) - relative
            wrong.append(torch.linalg.vecdot(error, error))
            power.append(torch.linalg.vecdot(relative, relative))
        powers = torch.stack(power)
        least = SMALLEST_SHARE * powers.mean(dim=0) + SMALLEST_POWER * images[0][0].numel()
        each = (torch.stack(wrong) / (powers + least) + 1e-6).sqrt().mean(dim=0)
        dense = batch["known"].mean(dim=(1, 2, 3)) > 0.99
        return each.mean(), {"rfne_dense": (each * dense).sum() / share_of(dense.sum())}

    def validate(self, model: nn.Module, device: torch.device, progress: Progress) -> dict[str, float]:
        """ACC and RFNE of all that follows the first input, for all nodes and for 564 stations.

        ``skill`` is one minus the mean RFNE of the two.
        """
        network = cast(Members, model)
        scores: dict[str, list[float]] = {}
        for number, path in enumerate(self._validation):
            with Scenario.open(path) as scenario:
                frames = torch.from_numpy(scenario.frames(0, scenario.n_frames)).to(device)[None]
            for name, known in (("dense", None), ("sparse", 564)):
                where = self._where(known, number).to(device)
                acc, rfne = one_shot_scores(network, frames, where, self.data.windows.input_frames)
                scores.setdefault(f"{name}_acc", []).append(acc)
                scores.setdefault(f"{name}_rfne", []).append(rfne)
            progress.advance(number + 1, len(self._validation), "validating")
        means = {name: float(np.mean(values)) for name, values in scores.items()}
        return {"skill": 1 - (means["dense_rfne"] + means["sparse_rfne"]) / 2, **means}

    def examples(self, model: nn.Module, device: torch.device) -> Examples | None:
        """The first validation event, seen at all nodes: a quarter, half and all of the way to its end."""
        network, seen = cast(TimePatchedWaveCastNet, model), self.data.windows.input_frames
        with Scenario.open(self._validation[0]) as scenario:
            frames = torch.from_numpy(scenario.frames(0, scenario.n_frames)).to(device)[None]
        film = frames.permute(0, 1, 4, 2, 3)
        known = self._where(None, 0).to(device)[:, None].expand(-1, seen, -1, -1).contiguous()
        count = film.shape[2] - seen
        images = islice(network.continuation(film[:, :, :seen], known), -(-count // network.config.step))
        forecast = torch.cat(list(images), dim=2)[0, :, :count]
        moments = sorted({max(round(count * part), 1) - 1 for part in (0.25, 0.5, 1.0)})
        pictures = (each[:, moments].transpose(0, 1).float().cpu().numpy() for each in (film[0, :, seen:], forecast))
        seconds = [(moment + 1) * self.pool.header.frame_step for moment in moments]
        return maps_of([f"{time:.1f} s after the input" for time in seconds], *pictures)

    def _where(self, stations: int | None, seed: int) -> Tensor:
        """(1, nx, ny), 1 at the stations of an event."""
        nx, ny = self.pool.header.frame_shape[1:]
        where = torch.ones(nx * ny)
        if stations is not None:
            where[np.random.default_rng(seed).permutation(nx * ny)[stations:]] = 0
        return where.reshape(1, nx, ny)

    def save(self, model: nn.Module, folder: Path, card: dict[str, Any]) -> None:
        """Write the ensemble, and measure how far it is off, if it has two members or more and was not stopped."""
        header, windows, pool = self.pool.header, self.data.windows, self.data.pool
        nx, ny = header.frame_shape[1:]
        earliest = round(windows.earliest_end * header.frame_step, 3)
        facts = ForecasterFacts.of(header, windows.input_frames, windows.fewest_stations(nx * ny), earliest)
        trained_on = (
            f"{pool.points} point sources and {pool.ruptures} ruptures put together from simulated impulses at "
            f"{int(self.pool.places.max()) + 1} places of the {self.pool.fault.name}, {header.region.name}, "
            f"{header.model_name}, up to {header.frequency:g} Hz"
        )
        save_forecaster(folder, cast(Members, model).each, facts, card | {"trained_on": trained_on})
        if self.model.members > 1 and len(self._validation) > 1 and not self._progress.cancelled:
            self._calibrate(folder)

    def _calibrate(self, folder: Path) -> None:
        forecaster = EnsembleForecaster.load(folder, self.config.training.device)
        try:
            write_calibration(folder, calibrate(forecaster, self._validation, progress=self._progress.part(1, 1)))
        except Cancelled:
            self._progress.log("Stopped before the forecaster was calibrated; 'quakeview models calibrate' does it.")


def _with_sizes(config: RunConfig) -> dict[str, Any]:
    """The ``[model]`` table; sizes that it leaves out are those of the model that it starts from."""
    init = config.model.get("init")
    if init is None:
        return config.model
    network = read_config(trained_model(str(init), config.base)).get("network", {})
    return {name: network[name] for name in ("channels", "cell", "step") if name in network} | config.model


def one_shot_scores(network: Members, frames: Tensor, where: Tensor, input_frames: int) -> tuple[float, float]:
    """ACC and RFNE, in units of the typical velocity of each node, of all frames after the first ``input_frames``.

    Args:
        frames: (1, 3, nx, ny, nt), m/s.
        where: (1, nx, ny), 1 where the input is known.
    """
    film = frames.permute(0, 1, 4, 2, 3)
    seen, truth = film[:, :, :input_frames], film[:, :, input_frames:]
    known = where[:, None].expand(-1, input_frames, -1, -1).contiguous()
    step, product, power, true_power, wrong = network.config.step, 0.0, 0.0, 0.0, 0.0
    for part, image in zip(truth.split(step, dim=2), network.continuation(seen, known), strict=False):
        size = network.scale[None, :, None]
        true, said = (part / size).flatten(), (image[:, :, : part.shape[2]] / size).flatten()
        product += float(torch.dot(true, said))
        power += float(torch.dot(said, said))
        true_power += float(torch.dot(true, true))
        wrong += float(torch.dot(true - said, true - said))
    if not true_power:
        raise QuakeViewError("A validation event has no waves after the input; choose longer scenarios.")
    return product / (power * true_power) ** 0.5 if power else 0.0, (wrong / true_power) ** 0.5
