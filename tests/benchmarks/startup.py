"""From the start of the process to the first picture of the window, beside a bare PySide6 + pyqtgraph window."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

_REPORT = """
import sys, time
from PySide6.QtCore import QEvent, QObject

class FirstPicture(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(time.time() - float(sys.argv[1]), flush=True)
            import os
            os._exit(0)
        return False
"""

_QUAKEVIEW = """
from quakeview.cli import main
from quakeview.app.main import application, build, start_log
app = application()
start_log()
controller = build()
watcher = FirstPicture()
app.installEventFilter(watcher)
controller.window.show()
app.exec()
"""

_BARE = """
import pyqtgraph
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget())
watcher = FirstPicture()
app.installEventFilter(watcher)
window.show()
app.exec()
"""


def run(quick: bool) -> dict:
    """Median seconds of several starts of each, taken in turn."""
    seconds: dict[str, list[float]] = {"quakeview": [], "bare_window": []}
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {f"XDG_{name}_HOME": folder for name in ("STATE", "DATA", "CONFIG")}
        for _ in range(1 + (3 if quick else 9)):
            for name, code in (("quakeview", _QUAKEVIEW), ("bare_window", _BARE)):
                seconds[name].append(_first_picture(code, environment))
    medians = {name: round(statistics.median(values[1:]), 3) for name, values in seconds.items()}
    ratio = round(medians["quakeview"] / medians["bare_window"], 2)
    print(f"{'QuakeView':28} {medians['quakeview']:6.2f} s")
    print(f"{'bare PySide6 + pyqtgraph':28} {medians['bare_window']:6.2f} s     ratio {ratio}")
    return {"quakeview_s": medians["quakeview"], "bare_window_s": medians["bare_window"], "ratio": ratio}


def _first_picture(code: str, environment: dict[str, str]) -> float:
    command = [sys.executable, "-c", _REPORT + code, str(time.time())]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    return float(found.stdout.split()[-1])
