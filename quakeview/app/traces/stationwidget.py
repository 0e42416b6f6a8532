"""Bands of stations over a UTC axis: what is shown, and where. No interaction with picks."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.layer import blank_layer
from quakeview.app.drawing.picture import PICTURE_RATIO, draw_picture
from quakeview.app.traces.amplitude import Scaling, amplitude
from quakeview.app.traces.curves import ProbabilityCurve
from quakeview.app.traces.frame import Frame
from quakeview.app.traces.layout import Band, ComponentRow, bands, fitting_stations, most_stations
from quakeview.app.traces.marks import Alignment, Ghost, PickMark, PickSource, StationRow
from quakeview.app.traces.painter import (
    LEFT_MARGIN,
    LETTER_GAP,
    component_width,
    paint_picks,
    paint_scene,
    paint_traces,
)
from quakeview.app.traces.picks_layer import MarkList
from quakeview.app.traces.scene import TraceScene
from quakeview.app.traces.timewidget import TimeWidget
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.columns import DrawnRecord, column_extremes, end_time

WIDEST_LABEL = 150
NARROWEST_LABEL = 56
SCROLL_BAR = 12
AXIS_PADDING = 10
FOLLOW_MARGIN = 0.05
GAIN_RANGE = (0.1, 1000.0)
_COLUMNS = 256
"""In which amplitudes are measured."""


@dataclass(frozen=True)
class Framing:
    """What of the stations is in view, and how large.

    Attributes:
        view: first and last time, seconds since 1970-01-01 UTC.
        stations: how many share the height; None: as many as stay readable.
        first: the number of the uppermost one.
        gain: of all amplitudes.
    """

    view: tuple[float, float]
    stations: int | None
    first: int
    gain: float


class StationWidget(TimeWidget):
    """Paints a ``TraceScene`` once per change and keeps the picture; ``paint_overlay`` adds what follows the mouse."""

    followChanged = Signal(bool)
    refreshed = Signal()  # something else is drawn
    gutterChanged = Signal(float)
    stationsScrolled = Signal(int, int)  # first visible station, how many

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = TraceScene()
        self.placeholder = "No seismograms are open."
        self._shown: int | None = None
        self._whole: tuple[float, float] | None = None  # first and last sample
        self._follow = False
        self._traces: QPixmap | None = None
        self._layer: QPixmap | None = None
        self._bands: tuple[Band, ...] | None = None
        self._label_width = float(NARROWEST_LABEL)
        self._announced_gutter = 0.0
        self._scroll_bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._scroll_bar.setAccessibleName("Stations")
        self._scroll_bar.valueChanged.connect(self._scrolled)
        self.navigated.connect(lambda: self.set_follow(False))
        self.setAccessibleName("Seismograms")
        self.setMinimumSize(320, 160)

    def set_stations(self, rows: Sequence[StationRow]) -> None:
        """Show these stations, from top to bottom; records, picks and curves of others stay for later."""
        self.scene.rows = tuple(rows)
        if self.scene.current not in self.scene.channel_ids():
            self.scene.current = None
        self._measure_labels()
        self._arrange()

    def set_record(self, channel_id: ChannelId, record: DrawnRecord | Sequence[DrawnRecord] | None) -> None:
        """Show a record, or several with long gaps between them; None while they are being read.

        Call it again when a record has grown.
        """
        self.scene.problems.pop(channel_id, None)
        records = () if record is None else tuple(record) if isinstance(record, Sequence) else (record,)
        if records:
            self.scene.records[channel_id] = records
            self._follow_to(max(map(end_time, records)))
        else:
            self.scene.records.pop(channel_id, None)
        self.refresh()

    def set_note(self, channel_id: ChannelId, note: str) -> None:
        """Write on a trace what is special about it; empty: nothing."""
        if note != self.scene.notes.get(channel_id, ""):
            self.scene.notes[channel_id] = note
            self.refresh()

    def set_unsettled(self, channel_id: ChannelId, spans: np.ndarray) -> None:
        """Draw what a filter made without knowing what came before paler: (k, 2) seconds since 1970-01-01 UTC."""
        self.scene.unsettled[channel_id] = spans
        self.refresh()

    def set_problem(self, channel_id: ChannelId, sentence: str) -> None:
        """Say in its row why a channel cannot be shown."""
        self.scene.records.pop(channel_id, None)
        self.scene.problems[channel_id] = sentence
        self.refresh()

    def clear_records(self) -> None:
        """Forget all records: every channel is loading again."""
        self.scene.records.clear()
        self.scene.problems.clear()
        self.refresh()

    def set_picks(self, marks: Iterable[PickMark]) -> None:
        """Show these picks."""
        self.set_pick_source(MarkList(marks))

    def set_pick_source(self, source: PickSource) -> None:
        """Show the picks that are found there; ``refresh_picks`` when they have changed."""
        self.scene.picks.source = source
        self.refresh_picks()

    def refresh_picks(self) -> None:
        """Paint the picks anew, over the same picture of the traces."""
        self._layer = None
        self.update()
        self.refreshed.emit()

    def set_curves(self, station: Instrument, start: float, rate: float, p: np.ndarray, s: np.ndarray) -> None:
        """Probability of P and S at a station.

        Args:
            start: time of the first sample, seconds since 1970-01-01 UTC.
            rate: samples per second.
            p, s: (n,) in 0-1.
        """
        self.scene.curves[station] = (ProbabilityCurve(start, rate, p), ProbabilityCurve(start, rate, s))
        self.refresh()

    def clear_curves(self) -> None:
        """Forget all probability curves."""
        self.scene.curves.clear()
        self.refresh()

    def set_events(self, events: Sequence[tuple[float, str]]) -> None:
        """Mark times, such as origins, by a line through all stations and a label."""
        self.scene.events = tuple(events)
        self.refresh()

    def set_theory(self, marks: Mapping[Instrument, Sequence[PickMark]]) -> None:
        """Show when waves should come at each station."""
        self.scene.theory = marks
        self.refresh_picks()

    def set_ghosts(self, ghosts: Mapping[Instrument, Sequence[Ghost]]) -> None:
        """Show picks that models would make at each station, in time order; they cannot be selected."""
        self.scene.ghosts = ghosts
        self.refresh_picks()

    def set_alignment(self, alignment: Alignment | None) -> None:
        """Move stations in time, or show all of them as it was."""
        if alignment != self.scene.alignment:
            self.scene.alignment = alignment
            if self._whole is not None:
                self.set_limits(*self._whole)
            self.refresh()
            self.viewChanged.emit(*self.view)

    @property
    def whole(self) -> tuple[float, float] | None:
        """First and last sample of any station, seconds since 1970-01-01 UTC; None without data."""
        return self._whole

    def set_limits(self, first: float, last: float) -> None:
        """The whole record, from the first to the last sample of any station as they are shown."""
        self._whole = first, last
        shifts = [0.0] if self.scene.alignment is None else [0.0, *self.scene.alignment.shifts.values()]
        super().set_limits(first - max(shifts), last - min(shifts))

    def shift_of(self, channel_id: ChannelId | None) -> float:
        """Seconds by which a channel is shown too early."""
        return 0.0 if channel_id is None else self.scene.shift(Instrument.of(channel_id))

    def set_unit(self, unit: str) -> None:
        """Of the samples: ``counts``, or an SI unit such as ``m/s``."""
        self.scene.unit = unit
        self._measure_labels()

    def set_units(self, units: Mapping[ChannelId, str]) -> None:
        """Of the samples of channels that have another unit than the others."""
        self.scene.units = dict(units)
        self._measure_labels()

    def set_scaling(self, scaling: Scaling) -> None:
        """Full scale per trace, per station, or common to all in view."""
        self.scene.scaling = scaling
        self.refresh()

    def set_gain(self, gain: float) -> None:
        """Enlarge all amplitudes; 1 fits them into their rows."""
        self.scene.gain = min(max(gain, GAIN_RANGE[0]), GAIN_RANGE[1])
        self.refresh()

    @property
    def framing(self) -> Framing:
        """What is in view, to come back to with ``set_framing``."""
        return Framing(self.view, self._shown, self._first, self.scene.gain)

    def set_framing(self, framing: Framing) -> None:
        """Show what was in view."""
        self.set_visible_stations(framing.stations)
        self._scroll_bar.setValue(framing.first)
        self.set_gain(framing.gain)
        self.set_view(*framing.view)

    def fit_gain(self, channel_id: ChannelId, first: float, last: float) -> None:
        """Enlarge amplitudes until what a trace does from ``first`` to ``last`` on the axis fills its row."""
        shift = self.shift_of(channel_id)
        scales = [
            amplitude(*column_extremes(self.scene.records.get(channel_id, ()), begin + shift, end + shift, _COLUMNS))
            for begin, end in (self.view, (first, last))
        ]
        whole, part = (0.0 if scale is None else scale.full_scale for scale in scales)
        self.set_gain(max(whole / part, 1.0) if part > 0 else 1.0)

    def set_follow(self, on: bool) -> None:
        """Keep the end of the growing records in view; panning by hand ends it."""
        if on != self._follow:
            self._follow = on
            if on and self.scene.records:
                self._follow_to(max(end_time(record) for records in self.scene.records.values() for record in records))
            self.followChanged.emit(on)

    def _follow_to(self, end: float) -> None:
        span = self.view[1] - self.view[0]
        last = end + FOLLOW_MARGIN * span
        if self._follow and last > self.view[1]:
            if self._limits is not None:
                self.set_limits(self._limits[0], max(self._limits[1], end))
            self.set_view(last - span, last)

    def set_visible_stations(self, count: int | None) -> None:
        """How many stations share the height; None: as many as stay readable."""
        self._shown = None if count is None else max(1, count)
        self._arrange()

    @property
    def visible_stations(self) -> int:
        """How many stations share the height."""
        fitting = fitting_stations(self.scene.rows, self.plot_rect().height())
        return max(1, min(self._shown or fitting, self.most_stations))

    @property
    def most_stations(self) -> int:
        """How many stations can share the height with their names still apart."""
        return most_stations(self.scene.rows, self.plot_rect().height(), Fonts.of(self.font()).line)

    @property
    def has_own_height(self) -> bool:
        """Whether the number of stations was chosen: it is not as many as stay readable."""
        return self._shown is not None

    def taller(self) -> None:
        """One fifth fewer stations at once, at least one."""
        self.set_visible_stations(min(self.visible_stations - 1, round(self.visible_stations * 0.8)))

    def flatter(self) -> None:
        """One fourth more stations at once, at least one, until their names would touch."""
        more = max(self.visible_stations + 1, math.ceil(self.visible_stations * 1.25))
        self.set_visible_stations(min(more, self.most_stations))

    def show_station(self, station: Instrument) -> None:
        """Scroll until a station is in view."""
        numbers = [number for number, row in enumerate(self.scene.rows) if row.station == station]
        if numbers and not self._first <= numbers[0] < self._first + self.visible_stations:
            self._scroll_bar.setValue(numbers[0] - self.visible_stations // 2)

    @property
    def _first(self) -> int:
        return self._scroll_bar.value()

    def scroll_stations(self, by: int) -> None:
        """Scroll down by a number of stations; negative: up."""
        self._scroll_bar.setValue(self._first + by)

    def wheel_steps(self, steps: float, time: float) -> None:
        self.scroll_stations(-math.ceil(abs(steps)) * (1 if steps > 0 else -1))

    def _scrolled(self) -> None:
        self.refresh()
        self.stationsScrolled.emit(self._first, self.visible_stations)

    def _arrange(self) -> None:
        count = self.visible_stations
        self._scroll_bar.setRange(0, max(0, len(self.scene.rows) - count))
        self._scroll_bar.setPageStep(count)
        self._scroll_bar.setVisible(count < len(self.scene.rows))
        self.refresh()

    def refresh(self) -> None:
        self._layer = self._traces = self._bands = None
        super().refresh()
        self.refreshed.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._measure_labels()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        plot = self.plot_rect()
        self._scroll_bar.setGeometry(self.width() - SCROLL_BAR, 0, SCROLL_BAR, round(plot.height()))
        self._arrange()
        super().resizeEvent(event)

    def _measure_labels(self) -> None:
        fonts = Fonts.of(self.font())
        bold, small = QFontMetricsF(fonts.bold), QFontMetricsF(fonts.small)
        widths = [bold.horizontalAdvance(row.label) for row in self.scene.rows]
        widths += [small.horizontalAdvance(row.subtitle) for row in self.scene.rows]
        self._label_width = min(max([NARROWEST_LABEL, *widths]) + 1, WIDEST_LABEL)
        if self.gutter_width != self._announced_gutter:
            self._announced_gutter = self.gutter_width
            self.gutterChanged.emit(self._announced_gutter)
        self.refresh()

    @property
    def gutter_width(self) -> float:
        """Of the labels left of the plot; give it to the widgets that share the time axis."""
        fonts = Fonts.of(self.font())
        date = QFontMetricsF(fonts.plain).horizontalAdvance("2000-00-00 UTC")
        names = self._label_width + LETTER_GAP + component_width(fonts, {self.scene.unit, *self.scene.units.values()})
        return round(LEFT_MARGIN + max(names, date + LETTER_GAP))

    def plot_rect(self) -> QRectF:
        axis = Fonts.of(self.font()).line + AXIS_PADDING
        gutter = self.gutter_width
        width = max(1.0, self.width() - gutter - SCROLL_BAR)
        return QRectF(gutter, 0, width, max(1.0, self.height() - round(axis)))

    @property
    def bands(self) -> tuple[Band, ...]:
        """The stations on screen, from top to bottom."""
        if self._bands is None:
            lane = Fonts.of(self.font()).flag_height
            self._bands = tuple(bands(self.scene.rows, self._first, self.visible_stations, self.plot_rect(), lane))
        return self._bands

    def frame(self) -> Frame:
        """What is painted where, now."""
        plot = self.plot_rect()
        return Frame(
            gutter=QRectF(0, plot.top(), plot.left(), plot.height()),
            plot=plot,
            strip=QRectF(plot.left(), plot.bottom(), plot.width(), self.height() - plot.bottom()),
            bands=self.bands,
            view=self.view,
            colors=self.colors,
            fonts=Fonts.of(self.font()),
            label_width=self._label_width,
            right=self.width(),
            pixel_ratio=self.devicePixelRatioF(),
            alignment=self.scene.alignment,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._traces is None or self._traces.devicePixelRatio() != self.devicePixelRatioF():
            self._traces, self._layer = self._painted_traces(), None
            painter.drawPixmap(0, 0, self._traces)
            self._paint_picks(painter)  # while the view moves, a picture with the picks in it would be used once
        else:
            self._layer = self._layer or self._with_picks(self._traces)
            painter.drawPixmap(0, 0, self._layer)
        self.paint_overlay(painter)
        painter.end()

    def _with_picks(self, traces: QPixmap) -> QPixmap:
        layer = traces.copy()
        painter = QPainter(layer)
        self._paint_picks(painter)
        painter.end()
        return layer

    def _paint_picks(self, painter: QPainter) -> None:
        if self.scene.rows:
            painter.save()
            painter.setFont(self.font())
            paint_picks(painter, self.scene, self.frame())
            painter.restore()

    def _painted_traces(self) -> QPixmap:
        layer = blank_layer(self, self.colors.base)
        frame = self.frame()
        painter = QPainter(layer)
        painter.setFont(self.font())
        if self.scene.rows:
            paint_traces(painter, self.scene, frame)
        else:
            painter.setPen(self.colors.muted)
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.placeholder)
        painter.end()
        return layer

    def paint_overlay(self, painter: QPainter) -> None:
        """What changes with the mouse, painted over the kept picture."""

    def band_at(self, position: QPointF) -> Band | None:
        """The station band at a position, gutter included."""
        return next((band for band in self.bands if band.rect.top() <= position.y() < band.rect.bottom()), None)

    def component_at(self, position: QPointF) -> ComponentRow | None:
        """The trace at, or nearest to, a position inside a band."""
        band = self.band_at(position)
        if band is None or not band.components:
            return None
        return min(band.components, key=lambda row: abs(row.rect.center().y() - position.y()))

    def component_of(self, channel_id: ChannelId | None) -> ComponentRow | None:
        """Where a channel is on screen; None if it is not."""
        rows = (row for band in self.bands for row in band.components)
        return next((row for row in rows if row.channel_id == channel_id), None)

    def picture(self, suffix: str) -> bytes:
        """What is shown, without the cursor, as the content of a ``.png`` or ``.svg``.

        Raises:
            QuakeViewError: for another suffix.
        """
        frame = replace(self.frame(), pixel_ratio=PICTURE_RATIO, vector=suffix == ".svg")

        def paint(painter: QPainter) -> None:
            painter.fillRect(self.rect(), frame.colors.base)
            paint_scene(painter, self.scene, frame)

        content = draw_picture(suffix, self.size(), paint, "QuakeView seismograms")
        self.refresh()
        return content
