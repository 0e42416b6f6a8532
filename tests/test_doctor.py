"""What an installation lacks is named with its remedy."""

import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from quakeview import desktop, doctor
from quakeview.doctor import Verdict


@pytest.fixture(autouse=True)
def healthy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installation with a model and folders of its own, whatever this machine has."""
    monkeypatch.setattr("quakeview.registry.available_models", lambda: [SimpleNamespace(name="picker")])
    monkeypatch.setattr("quakeview.registry.unusable_models", list)
    monkeypatch.setattr(doctor, "user_state_dir", lambda: tmp_path / "state")
    monkeypatch.setattr(doctor, "user_models_dir", lambda: tmp_path / "models")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")


def lacking() -> list[str]:
    return [finding.text for finding in doctor.findings() if finding.verdict is Verdict.MISSING]


def test_a_healthy_installation(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main() == 0
    text = capsys.readouterr().out
    for words in ("Python 3", "torch", "obspy", "Qt for Python", "models run on", "models: picker", "GPT-2"):
        assert words in text
    assert text.endswith("Everything necessary is there.\n")


def test_missing_and_old_packages(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real = doctor.version

    def version(name: str) -> str:
        if name == "h5py":
            raise PackageNotFoundError(name)
        return "1.0.0" if name == "obspy" else real(name)

    monkeypatch.setattr(doctor, "version", version)
    missing, old = lacking()
    assert missing.startswith("h5py: run 'pip install \"h5py")
    assert old.startswith("obspy 1.0.0 does not fit: run 'pip install \"obspy>=")
    assert doctor.main() == 1
    assert "Something necessary is missing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("qt", "python", "words"),
    [("6.9.1", (3, 13), "breaks pyqtgraph"), ("6.12.0", (3, 11), "older than 3.12")],
)
def test_combinations_known_to_fail(
    qt: str, python: tuple[int, int], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("PySide6.__version__", qt)
    monkeypatch.setattr(doctor.sys, "version_info", python)
    assert any(words in text for text in lacking())


def test_no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quakeview.registry.available_models", list)
    (text,) = lacking()
    assert text.startswith("no models in ")


def test_broken_models_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = SimpleNamespace(sentence="models/old has no weights.")
    monkeypatch.setattr("quakeview.registry.unusable_models", lambda: [broken])
    assert (Verdict.NOTE, broken.sentence) in list(doctor.findings())


def test_a_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    (text,) = lacking()
    assert text.startswith(f"cannot write in {tmp_path / 'state'}")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt brings its own libraries elsewhere")
def test_missing_system_libraries_name_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(desktop, "_loads", lambda soname: soname not in ("libxcb-cursor.so.0", "libEGL.so.1"))
    (text,) = lacking()
    assert "sudo apt install libegl1 libxcb-cursor0" in text
    assert "sudo dnf install libglvnd-egl xcb-util-cursor" in text


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")
def test_a_machine_without_a_display_is_healthy_but_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    notes = [finding.text for finding in doctor.findings() if finding.verdict is Verdict.NOTE]
    assert lacking() == []
    assert any("no display" in note for note in notes)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux draws through X11")
def test_a_display_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", ":987")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(desktop, "missing_libraries", list)
    assert "The display :987 does not answer" in (desktop.why_no_window() or "")
