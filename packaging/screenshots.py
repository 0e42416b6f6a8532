"""Pictures of the window for the README and the guide, light and dark, of real data.

    python packaging/screenshots.py [FILES OR FOLDER]              writes resources/guide/pictures/*.png
    python packaging/screenshots.py --events FILES OR FOLDER       the pictures of events alone
    python packaging/screenshots.py --views FILES OR FOLDER        those of views of a record alone
    python packaging/screenshots.py --first-motions FILES          the picture of a focal mechanism alone
    python packaging/screenshots.py --wizard                       those of the training wizard alone
    python packaging/screenshots.py --models                       the picture of the models alone
    python packaging/screenshots.py --report MODEL DATASETS        the picture of a report alone
    python packaging/screenshots.py --seismicity [FILES]           those of a catalogue and its forecast alone
    python packaging/screenshots.py --training                     those of a run that learns from the sample records

Without arguments it opens the two Bavarian earthquakes that come with ObsPy. Events need records of a network, with
its station list; views need an event with its picks besides, a focal mechanism a catalogue with polarities and the
station list. Other picks are made by the model that the window would use; without one the pictures show none.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HOME = tempfile.TemporaryDirectory()
for _name in ("STATE", "CONFIG", "DATA"):
    os.environ[f"XDG_{_name}_HOME"] = _HOME.name

import numpy as np  # noqa: E402
from PySide6.QtCore import QSettings, Qt  # noqa: E402
from PySide6.QtGui import QKeySequence  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QWidget  # noqa: E402

from quakeview.app.main import build  # noqa: E402
from quakeview.app.shell.controller import Controller  # noqa: E402
from quakeview.app.traces import TimeSelection  # noqa: E402
from quakeview.app.training.actions import TRAINING  # noqa: E402
from quakeview.app.training.workspace import TrainingWorkspace  # noqa: E402
from quakeview.app.wavefield.workspace import WavefieldWorkspace  # noqa: E402
from quakeview.app.waveforms.workspace import WaveformsWorkspace  # noqa: E402
from quakeview.registry import read_card  # noqa: E402
from quakeview.seismicity.catalogue import Catalogue  # noqa: E402
from quakeview.seismicity.region import Region  # noqa: E402
from quakeview.training.planning.sample import sample_plan  # noqa: E402
from quakeview.training.reports.evaluating import Request  # noqa: E402
from quakeview.waveforms.sample_data import SAMPLES  # noqa: E402

FOLDER = Path(__file__).parents[1] / "resources" / "guide" / "pictures"
SIZE, SMALL = (1360, 860), (1100, 700)
LONGEST_WAIT = 600.0


def main(arguments: list[str]) -> int:
    """Open the data, pick, review a little, and take the pictures."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, _HOME.name)
    FOLDER.mkdir(exist_ok=True)
    controller = build()
    window = controller.window
    window.resize(*SIZE)
    window.show()
    controller.start()
    settle(controller)
    parts = {
        "--events": show_events,
        "--views": show_views,
        "--first-motions": show_first_motions,
        "--wizard": show_wizard,
        "--models": show_models,
        "--report": show_report,
        "--training": show_training,
        "--seismicity": show_seismicity,
    }
    alone = parts.get("".join(arguments[:1]))
    if alone is not None:
        alone(controller, [Path(text).absolute() for text in arguments[1:]])
        window.close()
        return 0
    take(controller, "welcome", window)
    controller.open([Path(text).absolute() for text in arguments] or SAMPLES[0].paths())
    settle(controller)
    show_earthquake(controller)
    take(controller, "waveforms", window)
    _waveforms(controller).tabs.setCurrentWidget(_waveforms(controller).stations)
    take(controller, "stations", window)
    show_scenario(controller)
    show_models(controller, [])
    controller.registry["help.shortcuts"].trigger()
    take(controller, "shortcuts", controller._dialogs[0])
    show_keys(controller)
    window.close()
    return 0


def show_models(controller: Controller, _: list[Path]) -> None:
    """Show the page of the picker, with its speed on this machine."""
    controller.registry["view.models"].trigger()
    settle(controller)
    controller.registry["models.speed"].trigger()
    settle(controller)
    take(controller, "models", controller.window)


def show_keys(controller: Controller) -> None:
    """Give a key to an action that another one has."""
    controller.registry["edit.keys"].trigger()
    dialog = controller._dialogs[0]
    dialog.select("traces.page_forward")
    dialog.recorder.setKeySequence(QKeySequence("Space"))
    take(controller, "own-keys", dialog)


def show_wizard(controller: Controller, _: list[Path]) -> None:
    """A picker is to be fine-tuned on the sample records."""
    controller.registry["training.new"].trigger()
    settle(controller)
    wizard = controller.workspaces[TRAINING].page().wizard
    wizard.start(replace(sample_plan(), name=""))
    for page in wizard.steps_now[:-2]:  # the last two show the speed and the folders of this machine
        wizard.go_to(page)
        settle(controller)
        take(controller, f"wizard-{page.title.lower()}", controller.window)


def show_earthquake(controller: Controller) -> None:
    """Filter, pick with the model if there is one, and go to the first pick."""
    _waveforms(controller).filter.choose(1.0, 10.0)
    settle(controller)
    if controller.registry["picks.all"].isEnabled():
        controller.registry["picks.all"].trigger()
        settle(controller)
        controller.registry["view.sort_distance"].trigger()
        controller.registry["picks.next"].trigger()
        picks = _waveforms(controller).session.project.picks()
        if picks:
            first = float(picks[0].time)
            _waveforms(controller).view.set_view(first - 3.0, first + 9.0)


def show_events(controller: Controller, paths: list[Path]) -> None:
    """Find the events in the records of a network, and open one with many picks."""
    controller.open(paths)
    settle(controller)
    _waveforms(controller).filter.choose(1.0, 10.0)
    controller.registry["events.find"].trigger()
    settle(controller)
    views = _waveforms(controller).events
    if not len(_waveforms(controller).session.book.events):
        return
    largest = max(_waveforms(controller).session.book.events, key=lambda event: len(event.origin.used))
    views.review.select([largest.resource_id])
    settle(controller, 2.0)
    take(controller, "events", controller.window)
    controller.registry["events.open"].trigger()
    settle(controller, 2.0)
    take(controller, "event-on-traces", controller.window)
    show_review(controller)
    controller.registry["view.picker"].trigger()
    controller.registry["picks.next"].trigger()
    settle(controller, 2.0)
    take(controller, "picking-view", controller.window)
    controller.registry["view.picker"].trigger()
    views.show_plots()
    settle(controller, 2.0)
    take(controller, "event-plots", controller.window)
    controller.registry["view.large_map"].trigger()
    settle(controller, 2.0)
    take(controller, "event-map", controller.window)
    controller.registry["events.method"].trigger()
    settle(controller, 1.0)
    for dialog in controller.window.findChildren(QDialog):
        if dialog.isVisible():
            take(controller, "event-method", dialog)


def show_review(controller: Controller) -> None:
    """A pick of the open event that was moved, all of it over distance, and what one station says alone."""
    review, registry = _waveforms(controller).review, controller.registry
    registry["view.zoom_pick"].trigger()
    settle(controller, 1.0)
    pick = _waveforms(controller).session.book.get(review.ids[0])
    if pick is not None:
        review.editor.move(pick.resource_id, float(pick.time) + 0.08)
    settle(controller, 2.0)
    take(controller, "review", controller.window)
    registry["edit.undo"].trigger()
    registry["view.zoom_pick"].trigger()
    registry["view.record_section"].trigger()
    settle(controller, 4.0)
    take(controller, "event-section", controller.window)
    registry["view.record_section"].trigger()
    registry["picks.next_station"].trigger()
    registry["picks.characterise"].trigger()
    settle(controller, 6.0)
    take(controller, "single-station", controller.window)


def show_views(controller: Controller, paths: list[Path]) -> None:
    """Particle motion after the first P of an event, and the spectra of what follows it."""
    controller.open(paths)
    settle(controller)
    workspace, session = _waveforms(controller), _waveforms(controller).session
    workspace.filter.choose(1.0, 10.0)
    event = next(iter(session.book.events))
    workspace.events.review.open(event.resource_id)
    settle(controller, 2.0)
    first = next(pick for pick in session.book.find(event.pick_ids) if session.has_data(pick))
    onset = float(first.time)
    workspace.view.set_view(onset - 4.0, onset + 12.0)
    workspace.review.select([first.resource_id])
    controller.registry["view.particle_motion"].trigger()
    settle(controller, 2.0)
    take(controller, "particle-motion", controller.window)
    workspace.view.set_selection(TimeSelection(first.channel_id, onset, onset + 8.0))
    controller.registry["view.spectrum"].trigger()
    workspace.analysis.spectrum.choice.setCurrentText("Power")
    settle(controller, 4.0)
    take(controller, "spectrum", controller.window)
    workspace.view.set_selection(None)
    controller.registry["view.spectrogram"].trigger()
    settle(controller, 2.0)
    take(controller, "spectrogram", controller.window)


def show_first_motions(controller: Controller, paths: list[Path]) -> None:
    """Locate the largest event of a catalogue again, with its mechanism, and plot its first motions."""
    controller.open(paths)
    settle(controller, 2.0)
    views = _waveforms(controller).events
    largest = max(_waveforms(controller).session.book.events, key=lambda event: len(event.pick_ids))
    views.review.select([largest.resource_id])
    for action in ("view.map", "events.relocate", "events.first_motions"):
        controller.registry[action].trigger()
        settle(controller, 2.0)
    tables = _waveforms(controller).findChild(QDockWidget, "Tables")
    _waveforms(controller).resizeDocks([tables], [420], Qt.Orientation.Vertical)
    settle(controller)
    take(controller, "first-motions", controller.window)


def show_report(controller: Controller, paths: list[Path]) -> None:
    """Evaluate a model, named by its folder, on the held-out part of data sets."""
    evaluations = controller.workspaces["view.models"].evaluations
    evaluations.evaluate(Request([read_card(paths[0])], paths[1:]))
    settle(controller, 2.0)
    take(controller, "report", evaluations.view)


def show_training(controller: Controller, _: list[Path]) -> None:
    """The run of the sample records, once it has ended."""
    controller.registry["training.sample"].trigger()
    settle(controller)
    (workspace,) = controller.window.stack.findChildren(TrainingWorkspace)
    workspace.wizard.page.begin.click()
    _wait(lambda: workspace.chosen is not None and workspace.chosen.has_model and not workspace.chosen.status.lives)
    settle(controller, 2.0)
    workspace.page.facts.hide()  # it names a folder of this machine
    take(controller, "training", controller.window)


def show_seismicity(controller: Controller, paths: list[Path]) -> None:
    """A catalogue, by default the simulated one, with tomorrow's forecast, a region, and what is told of it."""
    controller.registry["view.seismicity"].trigger()
    workspace = controller.workspaces["view.seismicity"].page()
    if paths:
        workspace.open(paths)
    else:
        workspace.open_sample()
    settle(controller, 2.0)
    _wait(lambda: workspace.forecasts.making.worth is not None and not workspace.forecasts.making.busy)
    workspace.notice.clear()
    south, west, north, east = _middle(workspace.state.catalogue)
    workspace.state.choose(region=Region.box(south, west, north, east))
    for index in range(workspace.tabs.count()):
        workspace.tabs.setCurrentIndex(index)
        settle(controller, 2.0)
        take(controller, f"seismicity-{workspace.tabs.tabText(index).lower()}", controller.window)
    workspace.tabs.setCurrentIndex(0)
    controller.window.resize(*SMALL)
    settle(controller, 2.0)
    take(controller, "seismicity", controller.window)


def _middle(catalogue: Catalogue) -> tuple[float, float, float, float]:
    """South, west, north and east of a box with a part of the earthquakes."""
    sides = [np.quantile(each, (0.3, 0.7)) for each in (catalogue.latitude, catalogue.longitude)]
    (south, north), (west, east) = np.round(sides, 1).tolist()
    return south, west, north, east


def show_scenario(controller: Controller) -> None:
    """The scenario that ships with QuakeView, its panels, and the dialog that makes another."""
    window = controller.window
    controller.registry["wavefield.sample"].trigger()
    settle(controller)
    workspace = _wavefield(controller)
    assert workspace is not None
    workspace.player.seek_time(18.0)
    for x, y in ((47_000.0, 37_000.0), (30_000.0, 20_000.0), (97_000.0, 42_000.0)):
        workspace.stage.choose_point(x, y)
        settle(controller)
    take(controller, "wavefield", window)
    for panel, name in (
        (workspace.section, "record-section"),
        (workspace.measures, "measures"),
        (workspace.rupture, "rupture"),
        (workspace.earth, "earth-model"),
    ):
        _show_panel(controller, panel, name)
    show_forecast(controller)
    controller.registry["wavefield.close"].trigger()
    settle(controller, 1.5)
    take(controller, "scenarios", window)
    controller.registry["wavefield.new"].trigger()
    assert workspace.dialog is not None
    _wait(workspace.dialog.simulate.isEnabled)
    take(controller, "new-scenario", workspace.dialog)
    workspace.dialog.reject()


def show_forecast(controller: Controller) -> None:
    """Forecasts of the scenario with longer and longer input, if there is a forecaster."""
    workspace, registry = _wavefield(controller), controller.registry
    assert workspace is not None
    if not registry["forecast.run"].isEnabled():
        return
    for until in (7.8, 10.4, 15.6, 20.8):
        workspace.stage.choose_input(until)
        registry["forecast.run"].trigger()
        settle(controller, 1.5)
    workspace.stage.choose_input(15.6)
    registry["forecast.run"].trigger()
    settle(controller)
    workspace.player.seek_time(28.6)
    for panel, name in (
        (workspace.traces, "forecast"),
        (workspace.warning, "warning"),
        (workspace.measures, "forecast-measures"),
    ):
        _show_panel(controller, panel, name)
    workspace.tabs.setCurrentWidget(workspace.scores)
    settle(controller, 2.0)
    _wait(lambda: not workspace.scores.work.text())
    take(controller, "forecast-scores", controller.window)


def _show_panel(controller: Controller, panel: QWidget, name: str) -> None:
    _wavefield(controller).tabs.setCurrentWidget(panel)
    settle(controller, 2.0)
    take(controller, name, controller.window)


def take(controller: Controller, name: str, widget: QWidget) -> None:
    """``name.png`` and ``name-dark.png``."""
    for choice, ending in (("light", ""), ("dark", "-dark")):
        controller.window.theme.choose(choice)
        settle(controller, 0.3)
        widget.grab().save(str(FOLDER / f"{name}{ending}.png"))
    controller.window.theme.choose("light")


def _waveforms(controller: Controller) -> WaveformsWorkspace:
    (workspace,) = controller.window.stack.findChildren(WaveformsWorkspace)
    return workspace


def _wavefield(controller: Controller) -> WavefieldWorkspace:
    (workspace,) = controller.window.stack.findChildren(WavefieldWorkspace)
    return workspace


def settle(controller: Controller, seconds: float = 0.5) -> None:
    """Wait until no job has been under way for ``seconds``; one often begins when another ends."""
    quiet_since = time.monotonic()

    def rested() -> bool:
        nonlocal quiet_since
        if controller.window.runner.active:
            quiet_since = time.monotonic()
        return time.monotonic() - quiet_since > seconds

    _wait(rested)


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_WAIT
    while not condition() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
