"""The stream of training windows."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.monitoring.picks import Polarity
from quakeview.simulation.records.seismograms import SyntheticEvent, SyntheticRecord
from quakeview.training.picking import PickingStream
from quakeview.training.record_config import DataConfig, SourceConfig, WindowConfig, describe_data
from quakeview.training.records import Arrival, LabelledRecord
from quakeview.training.sources import (
    RecordSource,
    cut,
    few_events,
    is_quiet,
    noise_before,
    open_records,
    open_sources,
    random_start,
    synthetic_record,
)
from quakeview.training.windows import ItemStream, WindowMaker, batches
from tests.training.waveform_files import earthquake, write_seisbench

RATE = 50.0
NETWORK = SeisMoLLMConfig(
    conv_channels=(4, 4, 4, 4),
    n_layers=1,
    n_heads=2,
    n_positions=32,
    lora_rank=0,
    head_channels=(4, 4, 4, 4),
    window_samples=1024,
)


def mixed(folder: Path, **windows: object) -> DataConfig:
    real = SourceConfig("seisbench", write_seisbench(folder))
    return DataConfig((SourceConfig("synthetic", pool=10), real), real, WindowConfig(**windows))  # type: ignore[arg-type]


def record(p: float = 1000, s: float = 1300, n: int = 3000) -> LabelledRecord:
    data = earthquake(np.random.default_rng(0), RATE)[:, :n]
    return LabelledRecord(data, RATE, (Arrival("P", p), Arrival("S", s)))


def test_items_depend_on_the_seed_and_their_number_only(tmp_path: Path) -> None:
    data = mixed(tmp_path)
    one, other, differently_seeded = (PickingStream(data, NETWORK, seed) for seed in (1, 1, 2))
    for number in range(20):
        one[number]
    for number in (40, 13, 5):
        for name, value in one[number].items():
            np.testing.assert_array_equal(value, other[number][name])
    assert not np.array_equal(one[5]["waveforms"], differently_seeded[5]["waveforms"])


def test_batches_from_a_later_step_are_those_of_the_whole_stream(tmp_path: Path) -> None:
    stream = PickingStream(mixed(tmp_path), NETWORK, 0)
    whole, later = batches(stream, 0, 4, 0, 1, workers=0), batches(stream, 2, 4, 0, 1, workers=1)
    for _ in range(2):
        next(whole)
    expected, batch = next(whole), next(later)
    assert batch["waveforms"].shape == (4, 3, 1024)
    assert batch["targets"].shape == batch["counts"].shape == (4, 2, 1024)
    assert all((expected[name] == batch[name]).all() for name in expected)


def test_processes_share_no_item(tmp_path: Path) -> None:
    stream = PickingStream(mixed(tmp_path), NETWORK, 0)
    first, second = (next(batches(stream, 0, 2, rank, 2, workers=0))["waveforms"] for rank in (0, 1))
    assert not (first == second).all()


class Unreadable(ItemStream):
    def item(self, rng: np.random.Generator, index: int) -> dict[str, np.ndarray]:
        raise QuakeViewError("The waveform trace1 cannot be read from records.")


@pytest.mark.parametrize("workers", [0, 1])
def test_what_a_worker_cannot_read_is_one_sentence(workers: int) -> None:
    with pytest.raises(QuakeViewError) as said:
        next(batches(Unreadable(0), 0, 2, 0, 1, workers))
    assert str(said.value) == "The waveform trace1 cannot be read from records."


def test_a_stream_travels_to_another_process(tmp_path: Path) -> None:
    stream = PickingStream(mixed(tmp_path), NETWORK, 0)
    again = pickle.loads(pickle.dumps(stream))
    np.testing.assert_array_equal(stream[3]["waveforms"], again[3]["waveforms"])


def test_windows_hold_p_and_s_only_s_and_noise(tmp_path: Path) -> None:
    maker = WindowMaker(mixed(tmp_path, noise_only=0.2, add_noise=0.0, stack=0.0), 1024, RATE, 0)
    kinds = [
        frozenset(a.phase for a in maker.window(np.random.default_rng([0, number]), number).picks)
        for number in range(150)
    ]
    assert {frozenset("PS"), frozenset("S"), frozenset()} <= set(kinds)
    assert 0.15 < kinds.count(frozenset()) / len(kinds) < 0.55


def test_a_fraction_of_the_events_is_drawn_by_the_seed(tmp_path: Path) -> None:
    source = SourceConfig("seisbench", write_seisbench(tmp_path, n_events=10))
    none: dict[str, float] = {"P": 0.0, "S": 0.0}

    def events(fraction: float, seed: int = 0) -> set[str]:
        (opened,) = open_sources([source], 1024, RATE, none, seed, fraction)
        assert isinstance(opened, RecordSource)
        records = [entry.event_id for entry in opened.records.entries]
        assert all(records.count(event) == 2 for event in records)
        return set(records)

    assert len(events(1.0)) == 10
    assert len(events(0.3)) == 3
    assert len(events(0.01)) == 1
    assert events(0.1) < events(0.3) < events(0.8)
    assert len({frozenset(events(0.3, seed)) for seed in range(10)}) > 5
    assert describe_data(DataConfig((source,), source, fraction=0.1)).endswith("10 % of the recorded events")


def test_a_fraction_that_cannot_be_drawn_is_a_sentence(tmp_path: Path) -> None:
    source = SourceConfig("seisbench", write_seisbench(tmp_path))
    with pytest.raises(QuakeViewError, match="above 0 and at most 1"):
        DataConfig((source,), source, fraction=0.0)
    with pytest.raises(QuakeViewError, match="picks name no event"):
        few_events(open_records(source, RATE), SourceConfig("continuous"), 0.1, 0)


def test_windows_are_normalised_and_finite(tmp_path: Path) -> None:
    stream = PickingStream(mixed(tmp_path), NETWORK, 0)
    for number in range(40):
        item = stream[number]
        assert np.isfinite(item["waveforms"]).all()
        assert 0 <= item["targets"].min() <= item["targets"].max() <= 1
        assert np.abs(item["waveforms"]).max() > 1


def test_starts_reach_past_the_p_but_not_past_the_s() -> None:
    starts = [random_start(record(), 1024, np.random.default_rng(seed)) for seed in range(300)]
    assert max(starts) > 1000
    assert max(starts) <= 1300 - RATE
    assert all(any(start <= onset < start + 1024 for onset in (1000, 1300)) for start in starts)


def test_cutting_pads_with_invalid_zeros() -> None:
    window = cut(record(), -100, 1024)
    assert not window.valid[:, :100].any()
    assert (window.data[:, :100] == 0).all()
    assert window.picks == ()
    assert cut(record(), 500, 1024).picks == (Arrival("P", 500), Arrival("S", 800))


def test_noise_comes_from_before_the_p_and_is_quiet() -> None:
    window = noise_before(record(), 2048, np.random.default_rng(0))
    assert window is not None
    assert window.data.shape == (3, 2048)
    assert window.picks == ()
    assert np.abs(window.data).max() < 0.4
    assert noise_before(record(p=200), 2048, np.random.default_rng(0)) is None
    assert noise_before(record(p=1500), 2048, np.random.default_rng(0)) is None
    assert not is_quiet(record().data, RATE)


def test_weak_synthetic_onsets_are_doubtful() -> None:
    def event(p: float | None, s: float | None, snr: float) -> SyntheticEvent:
        return SyntheticEvent(2.0, 30_000.0, 5000.0, 90.0, p, s, -1, snr, 20.0)

    data = np.ones((3, 500), np.float32)
    made = SyntheticRecord(data, RATE, [event(100.0, 200.0, 5.0)], np.array([True, False, True]))
    labelled = synthetic_record(made, {"P": 10.0, "S": 10.0})
    assert labelled.picks == (Arrival("S", 200.0),)
    assert labelled.doubtful == (Arrival("P", 100.0),)
    assert (labelled.data[1] == 0).all()
    assert (labelled.magnitude, labelled.polarity) == (2.0, Polarity.DOWN)
    two = synthetic_record(
        SyntheticRecord(data, RATE, [event(-30.0, 20.0, 15.0), event(None, 700.0, 15.0)]), {"P": 10.0, "S": 10.0}
    )
    assert two.picks == (Arrival("S", 20.0),)
    assert two.magnitude is None


def test_wrong_sources_are_sentences(tmp_path: Path) -> None:
    real = SourceConfig("seisbench", write_seisbench(tmp_path))
    with pytest.raises(QuakeViewError, match="nothing to train on"):
        WindowMaker(DataConfig((), real), 1024, RATE, 0)
    with pytest.raises(QuakeViewError, match="settings of a synthetic source"):
        WindowMaker(DataConfig((SourceConfig("synthetic", settings={"magic": 1}),), real), 1024, RATE, 0)
