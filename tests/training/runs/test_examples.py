"""Example predictions are small, few and come back as they were."""

from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.training.runs import examples
from quakeview.training.runs.examples import (
    Maps,
    Traces,
    Values,
    maps_of,
    read_examples,
    spread,
    step_of,
    traces_of,
    write_examples,
)


def test_records_are_cut_around_their_labels(tmp_path: Path) -> None:
    record = np.zeros((3, 9000), np.float32)
    record[0, 6000] = 5.0
    curves = np.zeros((2, 9000), np.float32)
    curves[0, 6000] = 0.75
    made = traces_of(["a"], [record], [curves], [(6000.0, None)], 50.0)
    assert made.data.shape == (1, 3, examples.MOST_SAMPLES)
    at = int(made.labels[0, 0])
    assert made.data[0, 0].argmax() == at == made.probabilities[0, 0].argmax()
    assert made.data.max() == pytest.approx(1, abs=1e-3)
    assert np.isnan(made.labels[0, 1])
    write_examples(tmp_path, 20, made)
    read = read_examples(tmp_path / "step-00000020.npz")
    assert isinstance(read, Traces)
    assert read.sampling_rate == 50.0
    assert (read.probabilities == made.probabilities).all()


def test_the_error_of_a_map_is_that_of_the_vector(tmp_path: Path) -> None:
    truth = np.zeros((1, 3, 300, 200))
    forecast = truth.copy()
    truth[:, 0], forecast[:, 1] = 3.0, 4.0
    write_examples(tmp_path, 1, maps_of(["after 5 s"], truth, forecast))
    read = read_examples(tmp_path / "step-00000001.npz")
    assert isinstance(read, Maps)
    assert read.truth.shape == (1, 100, 67)
    assert (read.truth[0, 0, 0], read.forecast[0, 0, 0], read.error[0, 0, 0]) == (3, 4, 5)


def test_few_files_are_kept_and_they_stay_spread(tmp_path: Path) -> None:
    values = Values(np.array(["Magnitude"]), np.ones((1, 3)), np.zeros((1, 3)))
    for step in range(0, 1000, 10):
        write_examples(tmp_path, step, values)
    steps = [step_of(path) for path in sorted(tmp_path.iterdir())]
    assert len(steps) == examples.MOST_FILES
    assert (steps[0], steps[-1]) == (0, 990)
    assert max(np.diff(steps)) <= 60
    assert spread(3, 6) == [0, 1, 2]
    assert spread(100, 3) == [0, 50, 99]


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "step-1.npz").write_bytes(b"PK half of it")
    with pytest.raises(QuakeViewError, match="cannot be read"):
        read_examples(tmp_path / "step-1.npz")
