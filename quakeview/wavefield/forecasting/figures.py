"""Truth, forecast and error side by side, as figures and films made without a window, in the colours of the window.

All maps of a figure have one colour bar. The error is forecast − truth of a component, or the length of that vector for
the horizontal velocity; there is none before the forecast is issued, when its map shows what was known.
"""

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
from quakeview.geography import geography
from quakeview.jobs import Progress
from quakeview.texts import counted
from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.ground_motion.measures import lower_bound
from quakeview.wavefield.ground_motion.motion_scales import wave_limit
from quakeview.wavefield.scenarios.header import Wavefield

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

SUFFIXES = (".png", ".pdf", ".svg")
_COLUMNS = ("Truth", "Forecast", "Error")
_WIDTH = 12.8  # inches; 1280 pixels
_DPI = 100
_FIGURE_DPI = 200
_MOST_FPS = 30.0


def write_comparison_figure(
    truth: Wavefield,
    forecast: Forecast,
    times: Sequence[float],
    path: Path,
    component: Component = Component.HORIZONTAL,
    limit: float | None = None,
    progress: Progress = Progress(),
) -> None:
    """Write a figure with a row of maps for each time, s after the origin time: PNG, PDF or SVG.

    Args:
        limit: where the colours end, m/s; None: as the truth asks.

    Raises:
        QuakeViewError: for another suffix, no times, times beyond the frames so far, truth and forecast on different
            nodes or time axes, or a file that cannot be written.
        Cancelled: through ``progress``.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise QuakeViewError(f"“{path.name}” must end in {', '.join(SUFFIXES)}, the figures that QuakeView writes.")
    indices = [_index(truth, forecast, time) for time in times]
    figure = _Comparison(truth, forecast, component, len(indices), limit)
    for row, index in enumerate(indices):
        progress.advance(row, len(indices), "Figure")
        figure.show(row, index)
    data = io.BytesIO()
    figure.figure.savefig(data, format=path.suffix[1:].lower(), dpi=_FIGURE_DPI)
    write_atomically(path, data.getvalue())
    progress.advance(len(indices), len(indices), "Figure")


def write_comparison_film(
    truth: Wavefield,
    forecast: Forecast,
    path: Path,
    component: Component = Component.HORIZONTAL,
    speed: float = 5.0,
    limit: float | None = None,
    colours: Colours[str] = LIGHT,
    progress: Progress = Progress(),
) -> None:
    """Write a film, .mp4 or .gif, of the frames so far that truth and forecast both have.

    Args:
        speed: a multiple of real time.
        limit: where the colours end, m/s; None: as the truth asks.
        colours: of the page.

    Raises:
        QuakeViewError: if truth and forecast are on different nodes or time axes, or as ``write_film``.
        Cancelled: through ``progress``; what was at ``path`` before is intact.
    """
    comparison = _Comparison(truth, forecast, component, 1, limit, colours)
    step = max(1, int(np.ceil(speed / forecast.frame_step / _MOST_FPS)))
    indices = range(0, min(truth.n_frames, forecast.n_frames), step)
    fps = speed / (forecast.frame_step * step)
    write_film(path, comparison.pictures(indices), fps, len(indices), progress)


class _Comparison:
    """A figure with three maps in each row."""

    def __init__(
        self,
        truth: Wavefield,
        forecast: Forecast,
        component: Component,
        rows: int,
        limit: float | None = None,
        colours: Colours[str] = LIGHT,
    ) -> None:
        if rows < 1:
            raise QuakeViewError("There is no time to show; choose one or more.")
        _check_alike(truth, forecast)
        self._truth, self._forecast, self._component = truth, forecast, component
        self._scale = component.scale(wave_limit(truth.pgv) if limit is None else limit)
        self._colours = colours
        self.figure, self._axes = self._drawn(rows)
        self._images = [[self._map(axes) for axes in row] for row in self._axes]
        self._add_words()

    def show(self, row: int, index: int) -> None:
        """Put the frames of one moment into a row."""
        is_input = index < self._forecast.issued
        true, said = self._truth.frame(index), self._forecast.frame(index)
        shown = [self._component.values(true), self._component.values(said)]
        if is_input:
            shown[1] = np.where(_known(self._forecast, index), shown[1], np.nan)
            shown.append(np.full_like(shown[0], np.nan))
        else:
            enough = self._forecast.support.enough
            shown[1] = np.where(enough, shown[1], np.nan)
            shown.append(np.where(enough, self._component.values(said - true), np.nan))
        for image, values in zip(self._images[row], shown, strict=True):
            image.set_data(self._scale.factor * values.T)
        time = self._truth.start_time + index * self._truth.frame_step
        titles = (
            "Recorded" if self._truth.recorded else "Truth",
            "Input" if is_input else "Forecast",
            "" if is_input else "Error",
        )
        for axes, title in zip(self._axes[row], titles, strict=True):
            axes.set_title(f"{title}, {time:.1f} s" if title else "", color=self._colours.text)

    def pictures(self, indices: Sequence[int]) -> Iterator[Picture]:
        """(height, width, 3) of each moment, in the first row. What does not move is drawn once."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        canvas = FigureCanvasAgg(self.figure)
        moving = [
            artist
            for axes in self._axes[0]
            for artist in (*axes.images, *axes.lines, *axes.spines.values(), axes.title)
        ]
        for artist in moving:
            artist.set_animated(True)
        self.show(0, indices[0])
        canvas.draw()
        still = canvas.copy_from_bbox(self.figure.bbox)
        for index in indices:
            self.show(0, index)
            canvas.restore_region(still)
            for artist in moving:
                self.figure.draw_artist(artist)
            yield np.asarray(canvas.buffer_rgba())[..., :3].copy()

    def _drawn(self, rows: int) -> "tuple[Figure, NDArray[np.object_]]":
        from matplotlib.figure import Figure

        region = self._truth.region
        height = _WIDTH / 3.4 * region.width / region.length * rows + 1.3
        figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, layout="constrained", facecolor=self._colours.base)
        axes = figure.subplots(rows, len(_COLUMNS), sharex=True, sharey=True, squeeze=False)
        for ax in axes[-1]:
            ax.set_xlabel("X (km)", color=self._colours.muted)
        for ax in axes[:, 0]:
            ax.set_ylabel("Y (km)", color=self._colours.muted)
        return figure, axes

    def _map(self, axes: "Axes") -> "AxesImage":
        from matplotlib.colors import ListedColormap

        header = self._truth.header
        half_x, half_y = ((values[1] - values[0]) / 2 for values in (header.x, header.y))
        extent = np.array([header.x[0] - half_x, header.x[-1] + half_x, header.y[0] - half_y, header.y[-1] + half_y])
        colours, scale = self._colours, self._scale
        image = axes.imshow(
            np.zeros((len(header.y), len(header.x))),
            cmap=ListedColormap(scale.colours(colours.is_dark) / 255),
            vmin=scale.factor * scale.low,
            vmax=scale.factor * scale.high,
            origin="lower",
            extent=tuple(extent / 1000),
            interpolation="nearest",
        )
        axes.set_facecolor(colours.base)
        _dress(axes, colours)
        for line in geography(header.region).coastlines:
            axes.plot(*(line.T / 1000), color=colours.ink, linewidth=0.6)
        if header.hypocentre is not None:
            x, y = (value / 1000 for value in header.hypocentre[:2])
            axes.plot(x, y, "*", color=colours.star, markeredgecolor="black", markersize=9)
        axes.set_xlim(0, header.region.length / 1000)
        axes.set_ylim(0, header.region.width / 1000)
        return image

    def _add_words(self) -> None:
        truth, forecast = self._truth, self._forecast
        extend = "both" if self._component.is_signed else "max"
        bar = self.figure.colorbar(self._images[0][0], ax=self._axes, pad=0.01, extend=extend)
        bar.set_label(f"{self._scale.name} ({self._scale.unit})", color=self._colours.muted)
        bar.outline.set_edgecolor(self._colours.line)
        _dress(bar.ax, self._colours)
        members = counted(forecast.model.members, "member")
        model = forecast.support.reason or f"{truth.model_name}; {lower_bound(truth.frequency)}"
        self.figure.suptitle(
            f"{truth.name}  ·  {forecast.model.name}, {members}, issued at {forecast.issue_time:.1f} s\n{model}",
            fontsize=10,
            color=self._colours.muted,
        )


def _dress(axes: "Axes", colours: Colours[str]) -> None:
    """Ticks and edges as on screen."""
    axes.tick_params(color=colours.line, labelcolor=colours.muted)
    for edge in axes.spines.values():
        edge.set_color(colours.line)


def _known(forecast: Forecast, index: int) -> NDArray[np.bool_]:
    """(nx, ny), where the frame of the input has data."""
    seen = forecast.observation
    within = index - seen.start
    return seen.known[..., within] if within >= 0 else np.zeros(seen.known.shape[:2], np.bool_)


def _index(truth: Wavefield, forecast: Forecast, time: float) -> int:
    index = round((time - truth.start_time) / truth.frame_step)
    n_frames = min(truth.n_frames, forecast.n_frames)
    if not 0 <= index < n_frames:
        end = truth.start_time + (n_frames - 1) * truth.frame_step
        raise QuakeViewError(f"There are frames from {truth.start_time:g} to {end:.1f} s; choose times between.")
    return index


def _check_alike(truth: Wavefield, forecast: Forecast) -> None:
    one, other = truth.header, forecast.header
    axes = (one.frame_step, one.start_time), (other.frame_step, other.start_time)
    if not (np.array_equal(one.x, other.x) and np.array_equal(one.y, other.y) and np.allclose(*axes)):
        raise QuakeViewError(f"“{forecast.name}” was not made of {truth.name}; choose a forecast of this scenario.")
