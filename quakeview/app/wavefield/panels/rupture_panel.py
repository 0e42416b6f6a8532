"""The source: slip, rise time and onset on the fault, or the mechanism of a point source."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFormLayout, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from quakeview.app.drawing.focal_mechanism import FocalMechanism
from quakeview.app.drawing.plane import Bounds
from quakeview.app.drawing.planeview import PlaneScene, PlaneView
from quakeview.app.texts import captioned
from quakeview.app.wavefield.panels.panel import Panel
from quakeview.app.wavefield.stage import Stage
from quakeview.scales import property_scale, round_ticks
from quakeview.simulation.sources.fronts import rupture_fronts
from quakeview.simulation.sources.moment_tensor import double_couple
from quakeview.simulation.sources.rupture import Rupture
from quakeview.wavefield.scenarios.header import Wavefield

_NONE = "Open or simulate a scenario to see its source here."
_UNKNOWN = "The file does not say what the source was."
MOST_FRONTS = 12
FACTS_WIDTH, LOW = 255, 400
AROUND = (95, 55)
"""Pixels of a map beside its plot, across and down."""
QWIDGETSIZE_MAX = 16777215
Facts = list[tuple[str, str]]


class RupturePanel(Panel):
    """Maps of the fault plane with the rupture front, the mechanism, and the numbers."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "Rupture", _NONE)
        self.maps = [PlaneView(name) for name in ("Slip", "Rise time", "Onset")]
        self._grid = QGridLayout()
        self._board = QWidget()
        self.mechanism = FocalMechanism()
        self._facts = QFormLayout()
        self._beside = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._side = QScrollArea()
        self._written: Facts = []
        self._arrange()
        self.show_empty()

    @property
    def facts(self) -> dict[str, str]:
        """The numbers as they are written."""
        return dict(self._written)

    def show_wavefield(self) -> None:
        wavefield = self.wavefield
        if wavefield is None:
            self.show_empty()
            return
        mechanism = _mechanism(wavefield)
        if wavefield.rupture is None and mechanism is None:
            self.show_empty(_UNKNOWN)
            return
        facts = _source_facts(wavefield)
        if wavefield.rupture is not None:
            facts += _rupture_facts(wavefield.rupture)
        self._write(facts)
        self.mechanism.setVisible(mechanism is not None)
        if mechanism is not None:
            words = "strike {:.0f}°, dip {:.0f}°, rake {:.0f}°".format(*mechanism)
            azimuth = wavefield.region.x_azimuth
            self.mechanism.show_tensor(double_couple(*mechanism, 1.0, azimuth), azimuth, words)
        self._board.setVisible(wavefield.rupture is not None)
        self._place()
        self._draw()
        self.show_body()

    def restyle(self) -> None:
        for view in self.maps:
            view.restyle()

    def picture_parts(self) -> Sequence[QWidget]:
        return [*self.maps, self.mechanism]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < LOW
        direction = QBoxLayout.Direction.LeftToRight if low else QBoxLayout.Direction.TopToBottom
        self._beside.setDirection(direction)
        self._place()

    def _arrange(self) -> None:
        side = QWidget()
        self._beside.setContentsMargins(12, 8, 12, 8)
        self._beside.setSpacing(12)
        self._beside.addWidget(self.mechanism, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        side.setLayout(self._beside)
        self._facts.setHorizontalSpacing(14)
        self._facts.setVerticalSpacing(3)
        self._beside.addLayout(self._facts)
        self._beside.addStretch()
        scroll = self._side
        scroll.setWidget(side)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Numbers of the source")
        buttons = QVBoxLayout()
        buttons.setContentsMargins(0, 6, 10, 6)
        buttons.addWidget(self.picture_button())
        buttons.addStretch()
        row = QHBoxLayout()
        row.setSpacing(0)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._board.setLayout(self._grid)
        self._board.setBackgroundRole(QPalette.ColorRole.Base)
        self._board.setAutoFillBackground(True)
        row.addWidget(self._board, 1)
        row.addWidget(scroll)
        row.addLayout(buttons)
        self.rows.addLayout(row)

    def _write(self, facts: Facts) -> None:
        self._written = facts
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for name, value in facts:
            self._facts.addRow(captioned(name, "caption"), captioned(value, ""))

    @property
    def _side_width(self) -> int:
        return FACTS_WIDTH + (self.mechanism.width() if self.height() < LOW else 0)

    def _place(self) -> None:
        """The maps in as many columns as draw the plane largest."""
        rupture = self.wavefield.rupture if self.wavefield is not None else None
        self._side.setMinimumWidth(self._side_width)
        self._side.setMaximumWidth(self._side_width if rupture else QWIDGETSIZE_MAX)
        if rupture is None:
            return
        width, height = self.width() - self._side_width, self.height()

        def scale(columns: int) -> float:
            """Pixels per metre."""
            rows = -(-len(self.maps) // columns)
            return min(
                (width / columns - AROUND[0]) / rupture.plane.length, (height / rows - AROUND[1]) / rupture.plane.width
            )

        columns = max((3, 2, 1), key=scale)
        for number, view in enumerate(self.maps):
            self._grid.addWidget(view, number // columns, number % columns)

    def _draw(self) -> None:
        rupture = self.wavefield.rupture if self.wavefield is not None else None
        if rupture is None:
            return
        slips = rupture.slip > 0
        onset = np.where(slips, rupture.onset, np.nan)
        times = round_ticks(0.0, float(np.nanmax(onset)), MOST_FRONTS)[1:]
        fronts = [line / 1000 for line in rupture_fronts(rupture, times)]
        step = f"front every {times[1] - times[0]:g} s" if len(times) > 1 else ""
        risen = np.where(slips, rupture.rise_time, np.nan)
        slip, rise_time, front = self.maps
        slip.show_scene(_plane(rupture, rupture.slip, "Slip", "m", step, fronts))
        rise_time.show_scene(_plane(rupture, risen, "Rise time", "s", "where it slips"))
        front.show_scene(_plane(rupture, onset, "Onset", "s", "after origin", fronts))


def _plane(
    rupture: Rupture,
    values: NDArray[np.floating],
    name: str,
    unit: str,
    subtitle: str = "",
    lines: Sequence[NDArray[np.floating]] = (),
) -> PlaneScene:
    along, down = rupture.plane.project(rupture.hypocentre)
    return PlaneScene(
        title=name,
        subtitle=subtitle,
        values=values.T,
        scale=property_scale(name, values, unit),
        area=Bounds(0.0, 0.0, rupture.plane.length / 1000, rupture.plane.width / 1000),
        x_title="Along strike (km)",
        y_title="Down dip (km)",
        lines=lines,
        star=(along / 1000, down / 1000),
    )


def _mechanism(wavefield: Wavefield) -> tuple[float, float, float] | None:
    """Strike, dip and rake, degrees; of a rupture the rake is weighted by slip."""
    rupture = wavefield.rupture
    if rupture is not None:
        rake = np.average(rupture.rake, weights=rupture.slip)
        return rupture.plane.strike, rupture.plane.dip, float(rake)
    source = wavefield.source
    if not {"strike", "dip", "rake"} <= source.keys():
        return None
    return float(source["strike"]), float(source["dip"]), float(source["rake"])


def _source_facts(wavefield: Wavefield) -> Facts:
    facts: Facts = []
    if wavefield.magnitude is not None:
        facts.append(("Magnitude", f"Mw {wavefield.magnitude:.2f}"))
    moment = wavefield.rupture.moment if wavefield.rupture else wavefield.source.get("moment")
    if moment is not None:
        facts.append(("Moment", scientific(float(moment)) + " N·m"))
    if mechanism := _mechanism(wavefield):
        facts.append(("Strike, dip, rake", "{:.0f}°, {:.0f}°, {:.0f}°".format(*mechanism)))
    if wavefield.hypocentre is not None:
        x, y, depth = (value / 1000 for value in wavefield.hypocentre)
        facts += [("Hypocentre X, Y", f"{x:.1f}, {y:.1f} km"), ("Depth", f"{depth:.1f} km")]
    return facts


def _rupture_facts(rupture: Rupture) -> Facts:
    plane, slips = rupture.plane, rupture.slip > 0
    top, bottom = plane.top_depth, plane.top_depth + plane.width * np.sin(np.radians(plane.dip))
    facts = [
        ("Length, width", f"{plane.length / 1000:.1f}, {plane.width / 1000:.1f} km"),
        ("Top, bottom", f"{top / 1000:.1f}, {bottom / 1000:.1f} km deep"),
        ("Mean, max slip", f"{rupture.slip.mean():.2f}, {rupture.slip.max():.2f} m"),
        ("Mean rise time", f"{rupture.rise_time[slips].mean():.2f} s"),
        ("Duration", f"{rupture.duration:.1f} s"),
    ]
    return facts if rupture.seed is None else [*facts, ("Seed", str(rupture.seed))]


def scientific(value: float) -> str:
    """``1.26 × 10¹⁸``."""
    mantissa, exponent = f"{value:.2e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa} × 10{raised}"
