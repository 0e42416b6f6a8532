"""``quakeview models calibrate`` on a small data set, with a picker whose errors are known."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from quakeview import cli
from quakeview.errors import QuakeViewError
from quakeview.monitoring.stitching import Windowing
from quakeview.monitoring.uncertainty import read_calibration
from quakeview.registry import read_card
from quakeview.training.calibration import calibrate_picker
from tests.training.waveform_files import P_SECONDS, S_SECONDS, write_seisbench

BELL = np.exp(-0.5 * (np.arange(-20, 21) / 5.0) ** 2)


class LatePicker:
    """P at probability .9 and .04 s late, S at .5 and .2 s late, and a false P of .95 twenty seconds later."""

    sampling_rate, window_samples, batch_size = 50.0, 3000, 4
    windowing = Windowing()

    def __init__(self, *_: object) -> None: ...

    def probabilities(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        curves = np.zeros((len(windows), 2, self.window_samples), np.float32)
        onsets = ((0, P_SECONDS + 0.04, 0.9), (0, P_SECONDS + 20, 0.95), (1, S_SECONDS + 0.2, 0.5))
        for row, seconds, probability in onsets:
            at = round(seconds * 50)
            curves[:, row, at - 20 : at + 21] = probability * BELL
        return curves


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("quakeview.training.calibration.load_picker", LatePicker)
    folder = tmp_path / "model"
    folder.mkdir()
    card = {"name": "late", "system": "SeisMoLLM", "task": "picking"}
    (folder / "config.json").write_text(json.dumps({"network": {"kept": 1}, "card": card}))
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "README.md").write_text("# late\n\n## Scores\n\nnone\n")
    return folder


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """24 records of the dev split, 48 of train."""
    return write_seisbench(tmp_path / "records", n_events=6, stations=12)


def test_the_command_completes_the_model(model: Path, records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "calibrate", str(model), str(records), "--split", "dev", "--check", "train"]) == 0
    curves = read_calibration(model)
    assert curves["P"](0.9) == pytest.approx(0.04, abs=0.002)
    assert curves["S"](0.5) == pytest.approx(0.2, abs=0.002)
    assert (curves["P"].picks, curves["S"].picks) == (24, 18)
    said = capsys.readouterr().out
    assert "P: 0.040 s at probability 0.90 (24 picks; analyst labels of the dev split)." in said
    assert "S: 100% of 36 picks on the analyst labels of the train split" in said
    assert json.loads((model / "config.json").read_text())["network"] == {"kept": 1}
    assert read_card(model).name == "late"
    card = (model / "README.md").read_text()
    assert card.startswith("# late\n\n## Scores")
    assert "- S: 0.200 s" in card


def test_calibrating_again_replaces_the_section(model: Path, records: Path) -> None:
    readme = model / "README.md"
    readme.write_text("# late\n\n## Uncertainty of a pick\n\nold\n\n## Made with\n\nthis\n")
    calibrate_picker(read_card(model), [records])
    first = readme.read_text()
    calibrate_picker(read_card(model), [records])
    assert readme.read_text() == first
    assert first.count("## Uncertainty of a pick") == 1
    assert "old" not in first
    assert first.endswith("\n\n## Made with\n\nthis\n")


def test_only_an_analysts_labels_count(model: Path, records: Path) -> None:
    table = records / "metadata.csv"
    header, *rows = table.read_text().splitlines()
    statuses = [f"{row},{'manual' if number % 3 else 'automatic'},manual" for number, row in enumerate(rows)]
    table.write_text("\n".join([f"{header},trace_p_status,trace_s_status", *statuses]) + "\n")
    calibrate_picker(read_card(model), [records])
    assert read_calibration(model)["P"].picks == 16


def test_the_test_split_is_for_checking(model: Path, records: Path) -> None:
    with pytest.raises(QuakeViewError, match="--check test"):
        calibrate_picker(read_card(model), [records], split="test")
    with pytest.raises(QuakeViewError, match="no split 'holdout'"):
        calibrate_picker(read_card(model), [records], split="holdout")
