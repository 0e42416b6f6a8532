"""A workspace is a plug: one of a few lines is in the rail, in the menus, and opens its files."""

import subprocess
import sys

TOY = """
import os, tempfile
from pathlib import Path
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel

QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, tempfile.mkdtemp())
from quakeview.app import workspaces
from quakeview.app.shell.action_spec import ActionSpec, WorkspaceActions
from quakeview.app.shell.plug import WorkspacePlug

SHOW = ActionSpec("view.toy", "Toy", "View", "A workspace for a test", "brain", ("Ctrl+9",), checkable=True)
PLAY = ActionSpec("toy.play", "Play Toy", "Toys", "Play with it", workspace="view.toy")


class ToyPlug(WorkspacePlug):
    actions = WorkspaceActions(SHOW, (PLAY,), ("Toys",))
    played = 0

    def bind(self):
        self.label = QLabel("nothing yet")
        self.registry.bind("toy.play", self._play)

    def _play(self):
        self.played += 1

    def page(self):
        return self.label

    def files(self, paths):
        return [path for path in paths if path.suffix == ".toy"]

    def open(self, paths):
        self.label.setText(paths[0].name)


workspaces.PLUGS = (*workspaces.PLUGS, ToyPlug)
from quakeview.app.main import build

controller = build(list)
window = controller.window
window.show()
controller.start()
play = controller.registry["toy.play"]
assert not play.isEnabled() and "Only in the Toy workspace" in play.toolTip()
controller.open([Path("a.toy")])
assert window.stack.currentWidget().text() == "a.toy"
assert window.rail_button("view.toy").isChecked()
play.trigger()
assert controller.workspaces["view.toy"].played == 1
assert "&Toys" in [action.text() for action in window.menuBar().actions()]
window.close()
print("played")
"""


def test_a_new_workspace_is_its_folder_and_one_line(user_folders):
    ran = subprocess.run([sys.executable, "-c", TOY], capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "played", ran.stderr
