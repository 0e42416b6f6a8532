"""A forecast as a figure or a film, made without a window: the map of a day, the earthquakes before it and after it."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.atomic import write_atomically
from quakeview.colours import LIGHT, Colours
from quakeview.errors import QuakeViewError
from quakeview.films import Picture, write_film
from quakeview.jobs import Progress
from quakeview.scales import Scale
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.maps.day_forecast import DayForecast, Quantity, scale_of
from quakeview.seismicity.maps.ground import ground, net
from quakeview.seismicity.maps.kept_days import KeptDays

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

SUFFIXES = (".png", ".pdf", ".svg")
BEFORE = 30
"""Days before the forecast whose earthquakes are drawn faintly."""
FPS = 12.0
_WIDTH, _DPI, _FIGURE_DPI = 7.6, 100, 200
_KILOMETRE = 1e3
_MOST_TICKS = 7


def write_figure(
    path: Path,
    forecast: DayForecast,
    catalogue: Catalogue | None = None,
    quantity: Quantity = Quantity.PROBABILITY,
    colours: Colours[str] = LIGHT,
) -> None:
    """Write the map of a day: PNG, PDF or SVG.

    Args:
        catalogue: whose earthquakes are drawn: those in the days that are forecast, and faintly those before.
        quantity: what the colours tell.
        colours: of the page.

    Raises:
        QuakeViewError: for another suffix, or a file that cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise QuakeViewError(f"“{path.name}” must end in {', '.join(SUFFIXES)}, the figures that QuakeView writes.")
    picture = _Picture(forecast, catalogue, quantity, colours)
    picture.show(forecast)
    data = io.BytesIO()
    picture.figure.savefig(data, format=path.suffix[1:].lower(), dpi=_FIGURE_DPI)
    write_atomically(path, data.getvalue())


def write_forecast_film(
    path: Path,
    kept: KeptDays,
    days: Sequence[int],
    quantity: Quantity = Quantity.PROBABILITY,
    colours: Colours[str] = LIGHT,
    fps: float = FPS,
    progress: Progress = Progress(),
) -> None:
    """Write a film, .mp4 or .gif, a picture for each of the days; those that are not there are computed first.

    Args:
        days: the last known days, ascending, as numbers since 1 January 1970.
        fps: days a second.

    Raises:
        QuakeViewError: for more days than are kept, or as ``write_film``.
        Cancelled: through ``progress``; what was at ``path`` before is intact.
    """
    if not len(days) or len(days) > kept.most:
        raise QuakeViewError(f"A film can have 1 to {kept.most:,} days of this forecast; choose other days.")
    kept.get(days[-1])
    kept.compute(range(days[0], days[-1] + 1), progress.part(0, 0.5))
    shown = [forecast for day in days if (forecast := kept.get(day)) is not None]
    picture = _Picture(shown[0], kept.catalogue, quantity, colours)
    write_film(path, picture.pictures(shown), fps, len(shown), progress.part(0.5, 1.0))


class _Picture:
    """A map with a colour bar, words above it, and what moves with the days."""

    def __init__(
        self, forecast: DayForecast, catalogue: Catalogue | None, quantity: Quantity, colours: Colours[str]
    ) -> None:
        typical = forecast.expected if forecast.long_term is None else forecast.long_term
        self._scale = scale_of(quantity, forecast.grid, typical)
        self._quantity, self._colours, self._catalogue = quantity, colours, catalogue
        self.figure = _drawn(forecast, colours)
        self._axes = self.figure.axes[0]
        self._image = self._map(forecast)
        ink, base = colours.ink, colours.base
        (self._before,) = self._axes.plot([], [], "o", color=ink, alpha=0.35, markersize=2.5, markeredgewidth=0)
        (self._after,) = self._axes.plot([], [], "o", color=colours.p, markeredgecolor=base, markersize=7)
        self._title = self._axes.set_title(" ", loc="left", color=colours.text)
        self._add_words(forecast)

    def show(self, forecast: DayForecast) -> None:
        """Put a day on the map."""
        values = self._scale.factor * np.maximum(forecast.values(self._quantity), self._scale.low)
        self._image.set_data(values.T)
        happened = 0
        if self._catalogue is not None:
            recent = self._catalogue.between((forecast.day + 1 - BEFORE) * DAY, (forecast.day + 1) * DAY)
            self._before.set_data(*_kilometres(forecast, recent.above(forecast.magnitude)))
            then = forecast.happened(self._catalogue)
            self._after.set_data(*_kilometres(forecast, then))
            happened = len(then)
        came = f", {happened} came" if self._catalogue is not None and self._known(forecast) else ""
        self._title.set_text(f"{forecast.when} UTC: {forecast.total:.2g} expected{came}")

    def pictures(self, forecasts: Sequence[DayForecast]) -> Iterator[Picture]:
        """(height, width, 3) of each day. What does not move is drawn once."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        canvas = FigureCanvasAgg(self.figure)
        moving: list[Artist] = [self._image, self._before, self._after, *self._still_over(), self._title]
        for artist in moving:
            artist.set_animated(True)
        self.show(forecasts[0])
        canvas.draw()
        still = canvas.copy_from_bbox(self.figure.bbox)
        for forecast in forecasts:
            self.show(forecast)
            canvas.restore_region(still)
            for artist in moving:
                self.figure.draw_artist(artist)
            yield np.asarray(canvas.buffer_rgba())[..., :3].copy()

    def _known(self, forecast: DayForecast) -> bool:
        """Whether the catalogue goes on to the end of the days that are forecast."""
        times = self._catalogue.time if self._catalogue is not None else np.empty(0)
        return bool(len(times)) and times[-1] >= forecast.last * DAY

    def _still_over(self) -> "list[Artist]":
        """Lines that lie over the colours and have to be drawn after them."""
        return [line for line in self._axes.lines if line not in (self._before, self._after)]

    def _map(self, forecast: DayForecast) -> "AxesImage":
        from matplotlib.colors import ListedColormap, LogNorm

        grid, scale, colours = forecast.grid, self._scale, self._colours
        edges = np.array(
            [
                grid.west,
                grid.west + grid.size * grid.shape[0],
                grid.south,
                grid.south + grid.size * grid.shape[1],
            ]
        )
        image = self._axes.imshow(
            np.ones(grid.shape[::-1]),
            cmap=ListedColormap(scale.colours(colours.is_dark) / 255),
            norm=LogNorm(scale.factor * scale.low, scale.factor * scale.high),
            origin="lower",
            extent=tuple(edges / _KILOMETRE),
            interpolation="nearest",
        )
        lines = net(grid)
        for line in (*lines.longitudes, *lines.latitudes):
            self._axes.plot(*(line.points.T / _KILOMETRE), color=colours.line, linewidth=0.4, alpha=0.6)
        for shore in ground(grid).coastlines:
            self._axes.plot(*(shore.T / _KILOMETRE), color=colours.ink, linewidth=0.6)
        self._axes.set_xlim(*edges[:2] / _KILOMETRE)
        self._axes.set_ylim(*edges[2:] / _KILOMETRE)
        return image

    def _add_words(self, forecast: DayForecast) -> None:
        colours = self._colours
        bar = self.figure.colorbar(self._image, ax=self._axes, pad=0.01, extend="both")
        ticks = self._scale.ticks(_MOST_TICKS)
        bar.set_ticks([self._scale.factor * value for value, _ in ticks], labels=[text for _, text in ticks])
        bar.ax.minorticks_off()
        bar.set_label(_bar_title(self._scale), color=colours.muted)
        bar.outline.set_edgecolor(colours.line)
        bar.ax.tick_params(color=colours.line, labelcolor=colours.muted)
        self.figure.suptitle(
            f"Forecast of {forecast.what}\n{forecast.provenance}", fontsize=9, color=colours.muted, wrap=True
        )


def _bar_title(scale: Scale) -> str:
    return f"{scale.name} ({scale.unit})" if scale.unit == "%" else scale.name


def _drawn(forecast: DayForecast, colours: Colours[str]) -> "Figure":
    from matplotlib.figure import Figure

    nx, ny = forecast.grid.shape
    height = float(np.clip(_WIDTH * 0.82 * ny / nx + 1.0, 3.5, 14.0))
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, layout="constrained", facecolor=colours.base)
    axes = figure.subplots()
    axes.set_facecolor(colours.base)
    axes.set_aspect("equal")
    axes.set_xlabel("East (km)", color=colours.muted)
    axes.set_ylabel("North (km)", color=colours.muted)
    axes.tick_params(color=colours.line, labelcolor=colours.muted)
    for edge in axes.spines.values():
        edge.set_color(colours.line)
    return figure


def _kilometres(forecast: DayForecast, earthquakes: Catalogue) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = forecast.grid.project(earthquakes.latitude, earthquakes.longitude)
    return x / _KILOMETRE, y / _KILOMETRE
