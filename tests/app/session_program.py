"""The program as a user starts it, in a process of its own, told what to do over stdin.

``python -m tests.app.session_program FILE...`` runs ``quakeview FILE...``. One JSON list per line comes in, such as
``["pick", 12.5, "P"]``; when all work that follows from it is done, what the window shows goes out as one JSON object.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import numpy as np
from obspy import Trace, UTCDateTime

ROOT = Path(__file__).parents[2]
PATIENCE = 120
"""Seconds after which a program that does not answer is killed, and the test with it."""


class Program:
    """A started program; ``do`` is a user at work. Its settings and state are in ``folder``."""

    def __init__(self, folder: Path, *files: Path) -> None:
        places = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "DATA", "CONFIG", "CACHE")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.app.session_program", *map(str, files)],
            cwd=ROOT,
            env=os.environ | places | {"QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.shown = self.do("look")

    def do(self, *command: Any) -> dict[str, Any]:
        """Do it and return what is shown then. Raises ``EOFError`` if the program died meanwhile."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        watchdog = threading.Timer(PATIENCE, self.process.kill)
        watchdog.start()
        try:
            self.process.stdin.write(json.dumps(command, default=str) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            watchdog.cancel()
        if not answer.endswith("\n"):
            raise EOFError(f"the program died while it was to {command}")
        self.shown = json.loads(answer)
        return self.shown

    def quit(self) -> None:
        """As by Ctrl+Q."""
        self.do("quit")
        assert self.process.wait(PATIENCE) == 0

    def kill(self) -> None:
        """As by a power cut."""
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()


def record(folder: Path, station: str, start: str) -> Path:
    """A minute of noise of one vertical component."""
    header = {"network": "XX", "station": station, "channel": "HHZ", "sampling_rate": 20.0}
    noise = np.random.default_rng(len(station)).normal(0, 1000, 1200).astype(np.int32)
    path = folder / f"{station}.mseed"
    Trace(noise, header | {"starttime": UTCDateTime(start)}).write(str(path), "MSEED")
    return path


def _run(files: Iterable[str]) -> int:
    from PySide6.QtCore import QSettings

    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, os.environ["XDG_CONFIG_HOME"])
    from quakeview import cli
    from quakeview.app import main

    made: list[Any] = []
    build = main.build

    def watched() -> Any:
        from tests.app.program import Program

        controller = build(list)
        made.append(_user(Program(controller)))
        return controller

    main.build = watched  # type: ignore[assignment]
    return cli.main(list(files))


def _user(controller: Any) -> Any:
    from PySide6.QtCore import QObject, QTimer, Signal
    from PySide6.QtWidgets import QFileDialog, QMessageBox

    from quakeview.app.waveforms.framing import shows_any
    from tests.app.program import drop

    class User(QObject):
        """Does one command after the other, each when the window has come to rest."""

        came = Signal(str)

        def __init__(self) -> None:
            super().__init__()
            self.command: list[Any] | None = None
            self.done = False
            self.came.connect(self.take)
            self.clock = QTimer(self, interval=5)
            self.clock.timeout.connect(self.go_on)
            self.clock.start()
            threading.Thread(target=self.listen, daemon=True).start()

        def listen(self) -> None:
            for line in sys.stdin:
                self.came.emit(line)

        def take(self, line: str) -> None:
            self.command, self.done = json.loads(line), False

        def go_on(self) -> None:
            at_rest = controller.workspace is not None and not (
                controller.window.runner.active
                or controller.sessions.is_opening
                or any(thread.is_alive() for thread in controller.window.recent._threads.values())
            )
            if self.command is None or not at_rest:
                return
            if not self.done:
                self.done = True
                name, *values = self.command
                getattr(self, f"do_{name}")(*values)
            else:
                self.command = None
                self.answer()

        def answer(self) -> None:
            print(json.dumps(self.look()), flush=True)

        def look(self) -> dict[str, Any]:
            window, session, view = controller.window, controller.session, controller.workspace.view
            return {
                "title": window.windowTitle(),
                "welcome": window.stack.currentWidget() is window.welcome,
                "entries": [entry.accessibleName() for entry in window.welcome.entries],
                "stations": [station.station for station in session.stations],
                "picks": [f"{p.channel_id.station} {p.phase} {p.time}" for p in session.project.picks()],
                "selected": [session.book.get(key).channel_id.station for key in controller.workspace.review.ids],
                "path": str(session.project.path),
                "shows_data": bool(session.stations) and shows_any(view.view, session.coverage()),
                "seconds": view.view[1] - view.view[0],
                "filter": controller.workspace.picks.search.text(),
                "notice": controller.workspace.notice.sentence.text(),
                "error": controller._dialogs[0].sentence.text() if controller._dialogs else "",
            }

        def do_look(self) -> None:
            """Nothing."""

        def do_open(self, *paths: str) -> None:
            QFileDialog.getOpenFileNames = lambda *_: (list(paths), "")  # type: ignore[method-assign,assignment]
            controller.registry["file.open"].trigger()

        def do_drop(self, *paths: str) -> None:
            drop(controller.window, [Path(path) for path in paths])

        def do_choose(self, name: str) -> None:
            next(entry for entry in controller.window.welcome.entries if entry.accessibleName() == name).click()

        def do_pick(self, seconds: float, phase: str, station: str = "") -> None:
            view, session = controller.workspace.view, controller.session
            channels = [c for c in session.channels if station in ("", c.station)]
            start = session.archive.segments(channels[0])[0].start
            view.pickRequested.emit(channels[0], start.timestamp + seconds, phase)

        def do_trigger(self, action: str) -> None:
            controller.registry[action].trigger()

        def do_close(self, answer: str = "Cancel") -> None:
            QMessageBox.exec = lambda *_: QMessageBox.StandardButton[answer].value  # type: ignore[method-assign,assignment]
            controller.registry["file.close"].trigger()

        def do_save(self, path: str) -> None:
            QFileDialog.getSaveFileName = lambda *_: (path, "")  # type: ignore[method-assign,assignment]
            controller.registry["file.save_project"].trigger()

        def do_remove_file(self, name: str) -> None:
            places = controller.session.project.waveform_places()
            controller.session.remove_files([place.path for place in places if place.path.name == name])

        def do_remove_station(self, station: str) -> None:
            session = controller.session
            controller.workspace._choose_station(next(s for s in session.stations if s.station == station))
            controller.registry["file.remove_station"].trigger()

        def do_search(self, text: str) -> None:
            controller.workspace.picks.search.setText(text)

        def do_quit(self) -> None:
            self.answer()
            controller.window.close()

    return User()


if __name__ == "__main__":
    raise SystemExit(_run(sys.argv[1:]))
