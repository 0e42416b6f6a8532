"""Progress on the terminal."""

import os
import pty
import signal
import subprocess
import sys
import termios

import pytest

from quakeview.jobs import Cancelled
from quakeview.progressbar import TerminalProgress, terminal_progress

PROGRAM = (
    "from quakeview.progressbar import terminal_progress\n"
    "with terminal_progress() as progress:\n"
    "    for phase in ('indexing', 'picking'):\n"
    "        for done in range(5): progress.advance(done, 4, phase); progress._bar.refresh()\n"
    "    progress.log('a line')\n"
)


def test_nothing_but_the_log_reaches_a_file() -> None:
    result = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("", "a line\n")


def test_a_terminal_shows_every_phase_from_the_start() -> None:
    master, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    subprocess.run([sys.executable, "-c", PROGRAM], stderr=terminal, check=True)
    os.close(terminal)
    text = os.read(master, 100_000).decode()
    os.close(master)
    for phase in ("indexing", "picking"):
        assert f"{phase}   0%" in text
        assert f"{phase} 100%" in text
    assert "a line" in text


def test_results_are_handed_on() -> None:
    heard: list[str] = []
    progress = TerminalProgress(heard.append)
    progress.publish("first")
    progress.publish("second")
    assert heard == ["first", "second"]
    progress.close()


def test_the_first_interrupt_cancels_and_the_handler_is_given_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with terminal_progress() as progress:
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Cancelled):
            progress.advance(0, 1)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
