"""Playback of a scenario file of 344 x 224 nodes and 448 frames, beside pyqtgraph's and matplotlib's images.

QuakeView: the player reads the file and three linked maps with coastline, faults, cities and stations show X, Y and Z;
and the replay of the workspace plays a file with a forecast of it: truth, forecast and error. The peers show three
components, from an array that is in memory, without anything over them. Offscreen.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from quakeview.app.maps.mapview import MapView
from quakeview.app.wavefield.playback.playbackbar import PlaybackBar
from quakeview.app.wavefield.playback.player import AS_FAST_AS_IT_CAN, Player
from quakeview.app.wavefield.playback.replay import Replay
from quakeview.app.wavefield.region_map import region_map
from quakeview.app.wavefield.stage import Stage
from quakeview.geography import geography
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.forecasting.forecast import Forecast, ForecastModel
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.ground_motion.motion_scales import diverging
from quakeview.wavefield.scenarios.header import Header, Wavefield
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter

NX, NY, FRAME_STEP = 344, 224, 0.26
SIZE = (1600, 460)
LIMIT = 0.2
COMPONENTS = "XYZ"
ISSUE_TIME = 15.6
MOST_COMPARED = 256
"""Frames; mean and spread of a forecast are in memory."""
OVER = {
    "QuakeView": "with coastline, faults, cities, stations",
    "forecast": "truth, forecast and their difference, with the same",
}
X, Y = np.linspace(0, HAYWARD.length, NX), np.linspace(0, HAYWARD.width, NY)


def run(quick: bool) -> dict:
    """Quick: 96 frames and fewer seeks."""
    n_frames, n_seeks = (96, 20) if quick else (448, 100)
    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        path = _scenario(Path(folder) / "waves.h5", n_frames)
        figures = _playing(app, path, n_seeks)
        figures |= _comparing(app, _scenario(Path(folder) / "compared.h5", min(n_frames, MOST_COMPARED)))
    frames = np.stack(list(_waves(24)))
    bare = {
        "QuakeView": _frame_ms(app, *_quakeview_maps(), frames, 96),
        "forecast": _frame_ms(app, *_forecast_maps(), np.stack((frames, 0.9 * frames), axis=1), 96),
        "pyqtgraph": _frame_ms(app, *_pyqtgraph(), frames, 96),
        "matplotlib": _frame_ms(app, *_matplotlib(), frames, 8),
    }
    print(f"{NX} x {NY} nodes, {n_frames} frames, three maps in {SIZE[0]} x {SIZE[1]} pixels, offscreen")
    print(f"{'playing the file':28} {figures['fps']:6.0f} frames/s painted (its clock asks for 125)")
    print(f"{'  with a forecast':28} {figures['forecast_fps']:6.0f} frames/s painted: truth, forecast, error")
    print(f"{'':28} {'median':>9} {'95 %':>9}")
    for where in ("file", "memory"):
        median, high = figures[f"scrub_{where}_ms"], figures[f"scrub_{where}_ms_95"]
        print(f"{'scrub to a frame in the ' + where:28} {median:6.1f} ms {high:6.1f} ms")
    print("one frame from memory to three painted maps:")
    for name, milliseconds in bare.items():
        median, high = np.percentile(milliseconds, [50, 95])
        figures[f"{name.lower()}_frame_ms"] = float(median)
        over = OVER.get(name, "images alone")
        print(f"{'  ' + name:28} {median:6.1f} ms {high:6.1f} ms   {over}")
    print(f"memory: {figures['memory_mb']:.0f} MB more than before the file was open;", end=" ")
    print(f"{figures['frames_mb']:.0f} MB would all frames take")
    return figures | {"ratio_pyqtgraph": figures["pyqtgraph_frame_ms"] / figures["quakeview_frame_ms"]}


def _waves(n_frames: int) -> Iterator[NDArray[np.float32]]:
    """Rings of P and S waves around a point on the fault, (3, nx, ny), m/s."""
    x, y = np.meshgrid(X / 1000, Y / 1000, indexing="ij")
    distance, angle = np.hypot(x - 40, y - 38), np.arctan2(y - 38, x - 40)
    for index in range(n_frames):
        t = index * FRAME_STEP
        p, s = (
            np.exp(-(((distance - speed * t) / 5) ** 2)) * np.cos(1.5 * (distance - speed * t)) for speed in (6.0, 3.4)
        )
        radial = 0.3 * p * np.sin(2 * angle) / (1 + distance / 20)
        transverse = s * np.cos(2 * angle) / (1 + distance / 20)
        parts = (
            radial * np.cos(angle) - transverse * np.sin(angle),
            radial * np.sin(angle) + transverse * np.cos(angle),
        )
        yield (0.5 * np.stack([*parts, radial])).astype(np.float32)


def _header(n_frames: int) -> Header:
    return Header(
        name="rings",
        region=HAYWARD,
        x=X,
        y=Y,
        frame_step=FRAME_STEP,
        planned_frames=n_frames,
        frequency=0.5,
        model_name="formula",
        illustrative=True,
    )


def _scenario(path: Path, n_frames: int) -> Path:
    with ScenarioWriter(path, _header(n_frames)) as writer:
        for index, frame in enumerate(_waves(n_frames)):
            writer.write(index, frame)
    return path


class _Screen(QWidget):
    """Three maps, as in the workspace. ``painted`` holds when each picture of the last map was made."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(*SIZE)
        self.painted: list[float] = []
        self.maps = [region_map(f"{component} component") for component in COMPONENTS]
        row = QHBoxLayout(self)
        for view in self.maps:
            view.set_geography(geography())
            view.set_scale(diverging(LIMIT))
            view.set_nodes(X, Y)
            self.maps[0].link(view)
            row.addWidget(view)
        self.maps[-1].installEventFilter(self)

    def show_frame(self, frame: NDArray[np.float32]) -> None:
        for view, values in zip(self.maps, frame, strict=True):
            view.set_image(values)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.painted.append(time.perf_counter())
        return False


def _playing(app: QCoreApplication, path: Path, n_seeks: int) -> dict[str, float]:
    """The player reads the file, the maps and the playback bar show it."""
    player, screen = Player(Stage()), _Screen()
    player.frameChanged.connect(lambda index: screen.show_frame(player.frames.frame(index)))
    bar = PlaybackBar(player)
    bar.show()
    screen.show()
    app.processEvents()
    before = _resident_mb()
    with Scenario.open(path) as scenario:
        player.stage.open(scenario)
        _wait(app, lambda: screen.maps[0].scene.values is not None)
        _process(app, 0.1)
        fps, memory = _play(app, player, screen.painted)
        random = np.random.default_rng(0)
        far = [_seek_ms(app, player, screen, index) for index in random.permutation(player.n_frames)[:n_seeks].tolist()]
        player.seek(player.n_frames // 2)
        _process(app, 0.5)
        near = [_seek_ms(app, player, screen, player.index + step) for step in (3, -3) * (n_seeks // 2)]
        memory = max(memory, _resident_mb())
        player.close()
    screen.close()
    bar.close()
    seeks = {"file": far, "memory": near}
    return {
        "fps": fps,
        **{f"scrub_{where}_ms": float(np.median(values)) for where, values in seeks.items()},
        **{f"scrub_{where}_ms_95": float(np.percentile(values, 95)) for where, values in seeks.items()},
        "memory_mb": memory - before,
        "frames_mb": scenario.n_frames * 3 * NX * NY * 4 / 1e6,
    }


class _Painted(QObject):
    """When each picture of a map was made."""

    def __init__(self, view: MapView) -> None:
        super().__init__()
        self.painted: list[float] = []
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.painted.append(time.perf_counter())
        return False


def _comparing(app: QCoreApplication, path: Path) -> dict[str, float]:
    """The workspace's replay plays the file and a forecast in memory."""
    with Scenario.open(path) as scenario:
        replay = _replay(scenario, _forecast(scenario))
        replay.show()
        screen = _Painted(replay.waves.error)
        _wait(app, lambda: replay.map.scene.values is not None)
        replay.player.seek_time(ISSUE_TIME)
        _process(app, 0.3)
        fps, _ = _play(app, replay.player, screen.painted)
        replay.stage.open(None)
        replay.close()
    return {"forecast_fps": fps}


def _replay(truth: Wavefield, forecast: Forecast) -> Replay:
    replay = Replay(Stage())
    replay.resize(*SIZE)
    replay.stage.open(truth)
    replay.stage.show_forecasts(forecast, [forecast])
    return replay


def _forecast(scenario: Scenario) -> Forecast:
    """Nine tenths of what happened, everywhere."""
    observation = observe(scenario, ISSUE_TIME)
    forecast = Forecast(observation, scenario.n_frames - observation.stop, ForecastModel("formula", 1))
    forecast.append(0.9 * scenario.frames(observation.stop, scenario.n_frames)[None])
    return forecast


def _play(app: QCoreApplication, player: Player, painted: list[float]) -> tuple[float, float]:
    """Pictures per second while every frame is played once, and the largest memory meanwhile, MB."""
    player.set_speed(AS_FAST_AS_IT_CAN)
    painted.clear()
    player.play()
    begin, memory, looked = time.perf_counter(), 0.0, 0
    while player.playing:
        app.processEvents()
        if player.index - looked >= 32:
            looked = player.index
            memory = max(memory, _resident_mb())
    return len(painted) / (time.perf_counter() - begin), memory


def _seek_ms(app: QCoreApplication, player: Player, screen: _Screen, index: int) -> float:
    """From the seek until all maps are painted."""
    screen.painted.clear()
    begin = time.perf_counter()
    player.seek(index)
    _wait(app, lambda: bool(screen.painted))
    return 1000 * (time.perf_counter() - begin)


def _process(app: QCoreApplication, seconds: float) -> None:
    """Let the thread that reads ahead finish."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        app.processEvents()


def _wait(app: QCoreApplication, until: Callable[[], bool]) -> None:
    end = time.perf_counter() + 20
    while not until():
        app.processEvents()
        if time.perf_counter() > end:
            raise TimeoutError("nothing was painted")


def _resident_mb() -> float:
    """Memory of this process now; where the system does not say, the largest so far."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _quakeview_maps() -> tuple[QWidget, Callable[[NDArray[np.float32]], None]]:
    """The maps of the workspace."""
    screen = _Screen()
    screen.show()

    def show(frame: NDArray[np.float32]) -> None:
        screen.show_frame(frame)
        screen.repaint()

    return screen, show


def _forecast_maps() -> tuple[QWidget, Callable[[NDArray[np.float32]], None]]:
    """The maps of the workspace with a forecast; frames are (2, 3, nx, ny)."""
    truth = LiveWavefield(_header(2))
    for index, frame in enumerate(_waves(2)):
        truth.append(index, frame)
    forecast = Forecast(observe(truth, FRAME_STEP), 1, ForecastModel("formula", 1))
    forecast.append(np.zeros((1, 3, NX, NY, 1), np.float32))
    replay = _replay(truth, forecast)
    replay.stage.choose_limit(LIMIT)
    replay.show()

    def show(pair: NDArray[np.float32]) -> None:
        replay.waves.show(1, pair)

    return replay, show


def _pyqtgraph() -> tuple[QWidget, Callable[[NDArray[np.float32]], None]]:
    """``ImageItem.setImage`` with levels and a colour map, aspect locked."""
    import pyqtgraph as pg

    plots = pg.GraphicsLayoutWidget()
    plots.resize(*SIZE)
    items = []
    for component in COMPONENTS:
        plot = plots.addPlot(title=component)
        plot.setAspectLocked()
        item = pg.ImageItem(np.zeros((NX, NY), np.float32), levels=(-LIMIT, LIMIT))
        item.setColorMap("CET-D1")
        plot.addItem(item)
        items.append(item)
    plots.show()

    def show(frame: NDArray[np.float32]) -> None:
        for item, values in zip(items, frame, strict=True):
            item.setImage(values, levels=(-LIMIT, LIMIT))
        plots.viewport().repaint()

    return plots, show


def _matplotlib() -> tuple[QWidget, Callable[[NDArray[np.float32]], None]]:
    """``imshow`` and ``set_data``, everything drawn again for each frame."""
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
    from matplotlib.figure import Figure

    canvas = FigureCanvasQTAgg(Figure())
    canvas.resize(*SIZE)
    axes = canvas.figure.subplots(1, 3)
    images = [ax.imshow(np.zeros((NY, NX)), vmin=-LIMIT, vmax=LIMIT, cmap="RdBu_r", origin="lower") for ax in axes]
    canvas.show()

    def show(frame: NDArray[np.float32]) -> None:
        for image, values in zip(images, frame, strict=True):
            image.set_data(values.T)
        canvas.draw()
        canvas.repaint()

    return canvas, show


def _frame_ms(
    app: QCoreApplication,
    widget: QWidget,
    show: Callable[[NDArray[np.float32]], None],
    frames: NDArray[np.float32],
    count: int,
) -> NDArray[np.float64]:
    """Milliseconds of ``count`` frames, painted; the first does not count."""
    app.processEvents()
    seconds = []
    for index in range(count + 1):
        begin = time.perf_counter()
        show(frames[index % len(frames)])
        app.processEvents()
        seconds.append(time.perf_counter() - begin)
    widget.close()
    return 1000 * np.array(seconds[1:])
