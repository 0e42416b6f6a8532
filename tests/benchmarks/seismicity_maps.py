"""The slider over the days of a forecast of 108 x 109 cells, beside pyqtgraph's and matplotlib's images of the cells.

QuakeView: the map of the catalogue with shorelines, borders and cities, 25,000 earthquakes of which those of the days
are shown, the cells in the projection of the map, what came, a legend, and a region. The peers show an image of the
same numbers with logarithmic colours and nothing over it. Offscreen; each picture is painted before the next is asked
for. Time of the wall, and of the processor for the window's thread, since other programs may run beside.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSlider

from quakeview.app.seismicity.catalogue_map import CatalogueMap
from quakeview.app.seismicity.catalogue_shown import CatalogueShown
from quakeview.app.seismicity.forecasts.days_ahead import DaysAhead
from quakeview.app.seismicity.forecasts.forecast_layer import ForecastLayer
from quakeview.app.seismicity.forecasts.making import ForecastMaking
from quakeview.app.seismicity.state import OpenCatalogue, SeismicityState
from quakeview.app.work.running import JobRunner
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.choices import Choices
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.region import Region
from quakeview.seismicity.windows import NEXT_DAY, Window

SIZE = (900, 700)
FIRST, EARTHQUAKES = 10_000, 25_000


@dataclass(frozen=True)
class _Changing:
    """Other numbers every day."""

    grid: CellGrid
    name: str = "changing"
    magnitude: float = 4.5
    window: Window = NEXT_DAY
    trained_days: tuple[int, int] | None = None

    def expected(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[NDArray[np.float64]]:
        usual = np.random.default_rng(0).gamma(0.3, 3e-4, self.grid.number)
        for day in days:
            yield usual * np.random.default_rng(day).gamma(2.0, 0.5, self.grid.number)


def run(quick: bool) -> dict:
    """Quick: 60 days instead of 300."""
    days = 60 if quick else 300
    app = QApplication.instance() or QApplication([])
    peers = {"QuakeView": _window, "pyqtgraph": _pyqtgraph, "matplotlib": _matplotlib}
    figures = {}
    for name, make in peers.items():
        wall, processor = _rates(*make(app, days), days)
        figures[f"{name}_days_per_s"], figures[f"{name}_days_per_processor_s"] = round(wall, 1), round(processor, 1)
        print(f"{name:12} {wall:8.1f} days/s  {processor:8.1f} days per second of the processor")
    return figures


def _rates(show: Callable[[int], None], close: Callable[[], None], days: int) -> tuple[float, float]:
    show(0)
    began, used = time.perf_counter(), time.thread_time()
    for day in range(days):
        show(day)
    wall, processor = time.perf_counter() - began, time.thread_time() - used
    close()
    return days / wall, days / processor


def _catalogue(days: int) -> Catalogue:
    random = np.random.default_rng(1)
    return Catalogue.of(
        (FIRST + days * random.random(EARTHQUAKES)) * DAY,
        random.uniform(24, 47, EARTHQUAKES),
        random.uniform(124, 152, EARTHQUAKES),
        4.0 + random.exponential(0.43, EARTHQUAKES),
    )


def _window(app: QApplication, days: int) -> tuple[Callable[[int], None], Callable[[], None]]:
    state, catalogue = SeismicityState(), _catalogue(days)
    grid = CellGrid.around([24.0, 47.0, 24.0, 47.0], [124.0, 152.0, 152.0, 124.0])
    state.add(OpenCatalogue(catalogue, "made", choices=Choices(day=FIRST + days - 1)))
    runner = JobRunner()
    making = ForecastMaking(state, runner)
    ahead, target = DaysAhead(making), CatalogueMap(CatalogueShown(state, by_region=False))
    layer, slider = ForecastLayer(target, ahead), QSlider(Qt.Orientation.Horizontal)
    target.resize(*SIZE)
    target.show()
    state.use(_Changing(grid))
    state.choose(region=Region.box(34.0, 138.0, 39.0, 143.0))
    assert ahead.kept is not None
    while len(ahead.kept) < days:
        app.processEvents()
    slider.setRange(FIRST, FIRST + days - 1)
    slider.valueChanged.connect(lambda day: state.choose(day=day))

    def show(day: int) -> None:
        slider.setValue(FIRST + day)
        app.processEvents()
        assert ahead.shown is not None
        assert ahead.shown.day == FIRST + day or day == 0
        assert layer.scale is not None

    def close() -> None:
        for each in (making, ahead):
            each.shut_down()
        target.ground.forget()
        target.close()

    return show, close


def _images(days: int) -> NDArray[np.float64]:
    forecaster = _Changing(CellGrid.around([24.0, 47.0, 24.0, 47.0], [124.0, 152.0, 152.0, 124.0]))
    expected = list(forecaster.expected(_catalogue(days), range(FIRST, FIRST + days)))
    return np.log10(np.maximum(np.stack(expected), 1e-7)).reshape(days, *forecaster.grid.shape)


def _pyqtgraph(app: QApplication, days: int) -> tuple[Callable[[int], None], Callable[[], None]]:
    import pyqtgraph as pg

    images, widget = _images(days), pg.PlotWidget()
    item = pg.ImageItem(colorMap="inferno")
    widget.addItem(item)
    widget.resize(*SIZE)
    widget.show()

    def show(day: int) -> None:
        item.setImage(images[day], levels=(-6.0, 0.0))
        app.processEvents()

    def close() -> None:
        widget.close()

    return show, close


def _matplotlib(app: QApplication, days: int) -> tuple[Callable[[int], None], Callable[[], None]]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    canvas, images = FigureCanvasAgg(figure), _images(days)
    image = figure.subplots().imshow(images[0].T, origin="lower", cmap="inferno", vmin=-6, vmax=0)

    def show(day: int) -> None:
        image.set_data(images[day].T)
        canvas.draw()

    return show, figure.clear
