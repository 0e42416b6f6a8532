"""The first motions of one event on the lower half of the focal sphere, with the double couples that they allow."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from quakeview.app.drawing import shades
from quakeview.app.drawing.focal_mechanism import quadrants
from quakeview.app.drawing.fonts import Fonts
from quakeview.app.drawing.shades import faded
from quakeview.app.drawing.symbols import round_pen, write_with_halo
from quakeview.app.events.mechanism_texts import mechanism_lines, mechanism_text, motion_text
from quakeview.events.double_couple import Floats, frames, planes, planes_of
from quakeview.events.event import FocalMechanism
from quakeview.events.first_motions import direction
from quakeview.events.focal_mechanism import Solution
from quakeview.events.focal_sphere import nodal_line, projected
from quakeview.simulation.sources.first_motions import tensor_matrix
from quakeview.simulation.sources.moment_tensor import double_couple

RADIUS, SMALLEST_RADIUS, PART = 4.5, 2.5, 0.018
"""Pixels of a symbol at most and at least, and its part of the disc."""
NEAR = 10.0
"""Pixels around the mouse in which a symbol is pointed at."""
LINES = 60
"""Acceptable mechanisms whose planes are drawn."""
MARGIN, GAP, COLUMN = 10.0, 20.0, 330.0
"""Pixels around, between disc and words, and of a column of words where there is room for more than one."""
BESIDE = 1.25
"""Width over height from which words stand beside the disc, else below."""
SMALLEST = 120.0
"""Pixels of the disc; words below it give way."""


class Stereonet(QWidget):
    """A click on a symbol, or Shift and arrows and Enter, chooses its pick.

    Signals:
        pickClicked: id of the pick.
        hoverText: what is under the mouse, in words; empty where there is nothing.
    """

    pickClicked = Signal(str)
    hoverText = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("First motions")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.solution: Solution | None = None
        self.pointed: str | None = None
        self._published: FocalMechanism | None = None
        self._note = ""
        self._places = np.empty((0, 2))

    def show_solution(self, solution: Solution | None, published: FocalMechanism | None = None, note: str = "") -> None:
        """Draw first motions and what they say.

        Args:
            solution: None while it is being computed; the note says so.
            published: a mechanism of somebody else, drawn beside it.
            note: a sentence below the others.
        """
        self.solution, self._published, self._note = solution, published, note
        self._places = np.empty((0, 2))
        if solution is not None:
            self._places = projected(direction(solution.motions.takeoff, solution.motions.azimuth))
            if self.pointed not in solution.motions.pick_ids:
                self.pointed = None
        self.setAccessibleDescription(". ".join(self.lines()))
        self.update()

    def lines(self) -> list[str]:
        """What is written beside the disc; the first is a heading."""
        solution = self.solution
        if solution is None:
            return [self._note]
        found = mechanism_lines(solution) or ["No mechanism", solution.why_none]
        if self._published is not None:
            found.append(f"Dashed, published: {mechanism_text(self._published)}")
        if len(solution.motions):
            found.append("Filled: up, open: down; rays that leave upwards are turned to the opposite side")
        return [*found, self._note] if self._note else found

    def mark_pick(self, pick_id: str | None) -> None:
        """Put a ring around a pick and say what it is."""
        solution = self.solution
        ids = () if solution is None else solution.motions.pick_ids
        pointed = pick_id if pick_id in ids else None
        if pointed == self.pointed:
            return
        self.pointed = pointed
        words = motion_text(solution, ids.index(pointed)) if solution is not None and pointed is not None else ""
        self.setToolTip(words)
        self.hoverText.emit(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 320)

    # --- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), shades.current().base)
        self.paint_picture(painter, QRectF(self.rect()))
        painter.end()

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Paint disc and words into ``area``."""
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        disc, words = self._layout(area)
        if self.solution is not None:
            self._paint_mechanism(painter, disc, self.solution)
        self._paint_frame(painter, disc)
        if self.solution is not None:
            self._paint_motions(painter, disc, self.solution)
        self._paint_words(painter, words)

    def _layout(self, area: QRectF) -> tuple[QRectF, QRectF]:
        """Where the disc and where the words are."""
        line = QFontMetricsF(Fonts.of(self.font()).plain).height()
        inside = area.adjusted(MARGIN, MARGIN + line, -MARGIN, -MARGIN)
        if area.width() >= BESIDE * area.height():
            side = min(inside.height(), 0.55 * inside.width())
            disc = QRectF(inside.left(), inside.center().y() - side / 2, side, side)
            return disc, area.adjusted(disc.right() + GAP - area.left(), MARGIN, -GAP, -MARGIN)
        needed = line * (len(self.lines()) + 3)
        side = max(min(inside.width(), inside.height() - needed), min(SMALLEST, inside.width()))
        disc = QRectF(inside.center().x() - side / 2, inside.top(), side, side)
        return disc, inside.adjusted(0, side + MARGIN, 0, MARGIN)

    def _paint_mechanism(self, painter: QPainter, disc: QRectF, solution: Solution) -> None:
        colors = shades.current()
        mechanism = solution.mechanism
        if mechanism is not None:
            matrix = tensor_matrix(double_couple(mechanism.strike, mechanism.dip, mechanism.rake, 1.0, 0.0))
            painter.drawImage(disc, quadrants(matrix, faded(colors.accent, 0.16), faded(colors.accent, 0.0)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(faded(colors.text, 0.13), 1.0))
        for frame in solution.acceptable[:: max(1, len(solution.acceptable) // LINES)]:
            for strike, dip, _ in planes_of(frame):
                painter.drawPolyline(_line(disc, nodal_line(strike, dip)))
        for each, pen in (
            (self._published, QPen(colors.muted, 1.6, Qt.PenStyle.DashLine)),
            (mechanism, round_pen(colors.accent, 2.2)),
        ):
            if each is not None:
                painter.setPen(pen)
                for strike, dip, _ in planes(each):
                    painter.drawPolyline(_line(disc, nodal_line(strike, dip)))

    def _paint_frame(self, painter: QPainter, disc: QRectF) -> None:
        colors, fonts = shades.current(), Fonts.of(self.font())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colors.line, 1.2))
        painter.drawEllipse(disc)
        for azimuth in range(0, 360, 30):
            angle = math.radians(azimuth)
            out = QPointF(math.sin(angle), -math.cos(angle)) * disc.width() / 2
            painter.drawLine(disc.center() + out, disc.center() + out * (1 - 8 / disc.width()))
        painter.drawLine(disc.center() - QPointF(3, 0), disc.center() + QPointF(3, 0))
        painter.drawLine(disc.center() - QPointF(0, 3), disc.center() + QPointF(0, 3))
        painter.setPen(colors.text)
        painter.setFont(fonts.plain)
        line = QFontMetricsF(fonts.plain).height()
        painter.drawText(
            QRectF(disc.center().x() - 20, disc.top() - line - 1, 40, line), Qt.AlignmentFlag.AlignCenter, "N"
        )

    def _paint_motions(self, painter: QPainter, disc: QRectF, solution: Solution) -> None:
        colors, fonts = shades.current(), Fonts.of(self.font())
        motions, radius = solution.motions, _radius(disc)
        for number, (up, wrong) in enumerate(zip(motions.up.tolist(), solution.disagrees.tolist(), strict=True)):
            at = _point(disc, self._places[number])
            painter.setPen(QPen(colors.base if up else colors.text, 1.0 if up else 1.6))
            painter.setBrush(colors.text if up else colors.base)
            painter.drawEllipse(at, radius, radius)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if wrong:
                painter.setPen(QPen(colors.error, 2.0))
                painter.drawEllipse(at, radius + 3, radius + 3)
                name = motions.stations[number][1]
                write_with_halo(painter, at + QPointF(radius + 6, 4), name, fonts.small, colors.text, colors.base)
            if motions.pick_ids[number] == self.pointed:
                painter.setPen(QPen(colors.accent, 2.0))
                painter.drawEllipse(at, radius + 6, radius + 6)
        if solution.mechanism is not None:
            self._paint_axes(painter, disc, solution.mechanism)

    def _paint_axes(self, painter: QPainter, disc: QRectF, mechanism: FocalMechanism) -> None:
        colors, fonts = shades.current(), Fonts.of(self.font())
        metrics = QFontMetricsF(fonts.bold)
        t, _, p = projected(frames(mechanism.strike, mechanism.dip, mechanism.rake))
        for letter, place in (("T", t), ("P", p)):
            at = _point(disc, place * 0.96)
            base = at + QPointF(-metrics.horizontalAdvance(letter) / 2, metrics.capHeight() / 2)
            write_with_halo(painter, base, letter, fonts.bold, colors.accent, colors.base)

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        colors, fonts = shades.current(), Fonts.of(self.font())
        has_none = self.solution is not None and self.solution.mechanism is None
        width = COLUMN if area.width() >= 2 * COLUMN + GAP else area.width()
        box = QRectF(area.left(), area.top(), width, area.height())
        for number, words in enumerate(self.lines()):
            painter.setFont(fonts.bold if number == 0 and self.solution is not None else fonts.plain)
            painter.setPen(colors.warning if has_none and number == 1 else colors.text if number < 4 else colors.muted)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            used = painter.boundingRect(box, flags, words)
            if used.bottom() > area.bottom():
                box = QRectF(box.right() + GAP, area.top(), width, area.height())
                used = painter.boundingRect(box, flags, words)
            if box.right() > area.right() + 1 or used.bottom() > area.bottom():
                return
            painter.drawText(box, flags, words)
            box.setTop(used.bottom() + 2)

    # --- choosing ------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mark_pick(self._pick_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        pick_id = self._pick_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and pick_id is not None:
            self.pickClicked.emit(pick_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._step(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.pointed is not None:
            self.pickClicked.emit(self.pointed)
        else:
            super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        """To the next symbol around the disc."""
        if self.solution is None or not len(self.solution.motions):
            return
        around = np.argsort(np.arctan2(self._places[:, 0], self._places[:, 1])).tolist()
        ids = [self.solution.motions.pick_ids[number] for number in around]
        here = ids.index(self.pointed) if self.pointed in ids else -1 if step > 0 else 0
        self.mark_pick(ids[(here + step) % len(ids)])

    def place_of(self, pick_id: str) -> QPointF | None:
        """The pixel of a pick's symbol."""
        if self.solution is None or pick_id not in self.solution.motions.pick_ids:
            return None
        disc, _ = self._layout(QRectF(self.rect()))
        return _point(disc, self._places[self.solution.motions.pick_ids.index(pick_id)])

    def _pick_at(self, position: QPointF) -> str | None:
        if self.solution is None or not len(self.solution.motions):
            return None
        disc, _ = self._layout(QRectF(self.rect()))
        away = [
            math.hypot(at.x() - position.x(), at.y() - position.y()) for at in (_point(disc, p) for p in self._places)
        ]
        nearest = int(np.argmin(away))
        return self.solution.motions.pick_ids[nearest] if away[nearest] <= NEAR else None


def _point(disc: QRectF, place: Floats) -> QPointF:
    """The pixel of a place (2,) on the unit disc, east and north."""
    east, north = place.tolist()
    return disc.center() + QPointF(east, -north) * disc.width() / 2


def _radius(disc: QRectF) -> float:
    """Pixels of a symbol."""
    return min(max(PART * disc.width(), SMALLEST_RADIUS), RADIUS)


def _line(disc: QRectF, places: Floats) -> QPolygonF:
    return QPolygonF([_point(disc, place) for place in places])
