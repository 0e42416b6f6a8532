"""A picker is fine-tuned through the wizard, from the goal to the model, and picks."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from quakeview.app.training.actions import TRAINING
from quakeview.app.training.wizard.model_page import ModelPage
from quakeview.app.training.wizard.settings_page import SettingsPage
from quakeview.app.training.wizard.start_page import StartPage
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.paths import user_models_dir
from quakeview.registry import find_model, read_card
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.record_config import DataConfig, SourceConfig
from quakeview.training.runs.known import known_runs
from quakeview.training.runs.run_state import Status
from tests.training.waveform_files import write_seisbench


@pytest.fixture
def tiny(user_folders: Path) -> Any:
    """A picker so small that a step takes milliseconds."""
    from quakeview.monitoring.seismollm import SeisMoLLM
    from quakeview.monitoring.seismollm_folder import save_model

    small = SeisMoLLMConfig(
        "picking", (4, 4, 4, 4), n_layers=1, n_heads=2, n_positions=32, lora_rank=0, head_channels=(4, 4, 4, 4),
        window_samples=1024,
    )  # fmt: skip
    folder = user_models_dir() / "Tiny"
    save_model(folder, SeisMoLLM(small), {"name": "Tiny", "trained_on": "nothing"})
    return read_card(folder)


def click(qtbot: Any, button: Any) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def write(qtbot: Any, line: QLineEdit, text: str) -> None:
    line.selectAll()
    qtbot.keyClicks(line, text)


def go_on_to(qtbot: Any, wizard: Any, kind: type) -> Any:
    while not isinstance(wizard.page, kind):
        qtbot.waitUntil(lambda: _can_go_on(wizard))
        click(qtbot, wizard.next)
    return wizard.page


def _can_go_on(wizard: Any) -> bool:
    assert wizard.next.isEnabled(), f"{wizard.page.title}: {wizard.said.text()}"
    return True


def test_a_picker_is_fine_tuned_through_the_wizard_and_picks(
    make_window: Any, qtbot: Any, tiny: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    records = _in_three_parts(write_seisbench(tmp_path / "records"))
    program = make_window(models=[tiny])
    program.registry["training.new"].trigger()
    workspace = program.workspaces[TRAINING].workspace
    wizard, looks = workspace.wizard, []
    monkeypatch.setattr(program.window.models, "refresh", lambda: looks.append("for models"))
    own = SourceConfig("seisbench", records, split="train")
    wizard.start(TrainingPlan(data=DataConfig((own,), SourceConfig("seisbench", records, split="dev"))))

    assert wizard.page.buttons["picking"].isChecked()
    assert go_on_to(qtbot, wizard, ModelPage).model.currentText() == "Tiny"
    settings = go_on_to(qtbot, wizard, SettingsPage)
    write(qtbot, settings.plain.editors["max_steps"], "3")
    write(qtbot, settings.plain.editors["batch_size"], "4")
    settings.more.click()
    write(qtbot, settings.experts.editors["workers"], "0")
    page = go_on_to(qtbot, wizard, StartPage)
    write(qtbot, page.name, "Mine")
    click(qtbot, page.begin)

    qtbot.waitUntil(lambda: not wizard.isVisible())
    [run] = known_runs()
    qtbot.waitUntil(lambda: workspace.chosen is not None and workspace.chosen.path == run.path)
    qtbot.waitUntil(lambda: run.state.status is Status.FINISHED)
    qtbot.waitUntil(lambda: looks == ["for models"])
    card = find_model("Mine", "picking")
    assert card.folder.parent == user_models_dir()
    assert "began with Tiny" in card.trained_on
    assert run.config.training.max_steps == 3

    from quakeview import api

    picks = api.pick(api.read(str(_waveforms(records, tmp_path))), model="Mine", p_threshold=0.01, s_threshold=0.01)
    assert {pick.phase for pick in picks} <= {"P", "S"}
    assert picks


def _in_three_parts(records: Path) -> Path:
    """The last earthquake is kept aside for testing."""
    table = records / "metadata.csv"
    lines = table.read_text().splitlines()
    lines = [line.replace(",dev,", ",test,") if ",event5," in line else line for line in lines]
    table.write_text("\n".join(lines) + "\n")
    return records


def _waveforms(records: Path, folder: Path) -> Path:
    """One of the records as a file of seismograms."""
    import h5py
    import numpy as np
    from obspy import Stream, Trace, UTCDateTime

    with h5py.File(records / "waveforms.hdf5") as file:
        data = np.asarray(file["data/trace0"], dtype=np.float32)
    header = {"network": "XX", "station": "S0", "sampling_rate": 100.0, "starttime": UTCDateTime(2026, 1, 1)}
    stream = Stream([Trace(each, header | {"channel": f"HH{c}"}) for c, each in zip("ZNE", data, strict=True)])
    stream.write(str(folder / "record.mseed"), format="MSEED")
    return folder / "record.mseed"
