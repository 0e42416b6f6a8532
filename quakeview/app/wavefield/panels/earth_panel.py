"""The ground of a model: a horizontal slice, a section through it and a profile under a point."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QSlider, QWidget

from quakeview.app.drawing import theme
from quakeview.app.drawing.plane import Bounds
from quakeview.app.drawing.planeview import PlaneScene, PlaneView
from quakeview.app.drawing.plots import Plots, curve_pen
from quakeview.app.texts import captioned
from quakeview.app.wavefield.panels.panel import NARROWEST_CHOICE, Panel
from quakeview.app.wavefield.stage import Stage
from quakeview.scales import property_scale
from quakeview.simulation.earth.models import MODEL_NAMES, earth_model
from quakeview.simulation.earth.slices import (
    ALONG,
    DEPTH_STEP,
    PROPERTIES,
    SECTIONS,
    EarthSlices,
    SlicedPlace,
    slice_earth,
)
from quakeview.simulation.region import HAYWARD, Region

START, START_DEPTH = (50_000.0, 38_000.0), 3000.0
"""Where the profile is as long as no point was clicked: in the middle of the Hayward fault, m."""
ILLUSTRATIVE = "Illustrative: the bodies of this model are drawn by us, not measured; it says nothing about hazard."
_FILE = "GeoModelGrids file…"


class EarthPanel(Panel):
    """A click into the slice moves the section and the profile, one into the section the depth."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "Earth model", "")
        self._point: tuple[float, float] = START
        self._answer: EarthSlices | None = None
        self._slicing = self.background("Looking at the Earth model")
        self._slicing.ready.connect(self._show)
        self._slicing.failed.connect(self._say)
        self.model = _choice("Earth model")
        for name in MODEL_NAMES:
            self.model.addItem(earth_model(name).name, name)
        self.model.addItem(_FILE)
        self.quantity = _choice("Property")
        for quantity in PROPERTIES:
            self.quantity.addItem(quantity.title, quantity)
        self.section_line = _choice("Section")
        self.section_line.addItems(list(SECTIONS))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Depth of the slice")
        self.slider.setMinimumWidth(60)
        self.slider.setMaximumWidth(160)
        self.depth_text = captioned("", "")
        self.here = captioned("", "caption")
        self.note = captioned("", "caption")
        self.plan, self.section = PlaneView("Slice"), PlaneView("Section")
        self.plots = Plots("Profile")
        self._profile = self.plots.add(0, 0, "Speed (km/s)", "Depth (km)", title="Profile at the ring")
        self._profile.vb.invertY(True)
        self._profile.setMouseEnabled(False, False)
        self._arrange()
        self.show_body()

    @property
    def answer(self) -> EarthSlices | None:
        """What is drawn."""
        return self._answer

    def show_wavefield(self) -> None:
        wavefield = self.wavefield
        if wavefield is None:
            return
        known = self.model.findText(wavefield.model_name)
        if known >= 0:
            self.model.setCurrentIndex(known)
        if wavefield.hypocentre is not None:
            self._point = wavefield.hypocentre[:2]
        self._set_depth_range()
        self._ask()

    def grow(self) -> None:
        if self._answer is None:
            self._ask()

    def open_file(self, path: Path) -> None:
        """Look at a GeoModelGrids HDF5 file."""
        self.model.insertItem(self.model.count() - 1, path.name, str(path))
        self.model.setCurrentIndex(self.model.count() - 2)

    def restyle(self) -> None:
        self.plan.restyle()
        self.section.restyle()
        if self._answer is not None:
            self._draw_profile(self._answer)

    def picture_parts(self) -> Sequence[QWidget]:
        return [self.plan, self.section, self.plots]

    @property
    def _region(self) -> Region:
        return HAYWARD if self.wavefield is None else self.wavefield.region

    def _arrange(self) -> None:
        tools = self.add_tools()
        for widget in (self.model, self.quantity, self.section_line):
            tools.addWidget(widget)
        tools.addSpacing(8)
        tools.addWidget(self.slider)
        tools.addWidget(self.depth_text)
        tools.addSpacing(8)
        tools.addWidget(self.here, 1)
        tools.addWidget(self.picture_button())
        pictures = QHBoxLayout()
        pictures.setSpacing(0)
        for picture, share in ((self.plan, 3), (self.section, 3), (self.plots, 2)):
            pictures.addWidget(picture, share)
        self.note.setContentsMargins(12, 4, 12, 8)
        self.rows.addLayout(pictures, 1)
        self.rows.addWidget(self.note)
        self._set_depth_range()
        self.slider.setValue(round(START_DEPTH / DEPTH_STEP))
        self.model.activated.connect(self._choose_model)
        for box in (self.model, self.quantity, self.section_line):
            box.currentIndexChanged.connect(self._ask)
        self.slider.valueChanged.connect(self._ask)
        self.plan.clicked.connect(self._move_point)
        self.section.clicked.connect(lambda _, depth: self.slider.setValue(round(1000 * depth / DEPTH_STEP)))
        self.plan.hovered.connect(lambda x, y: self._say_value(self.plan, f"X {x:.1f} km, Y {y:.1f} km", x, y))
        self.section.hovered.connect(lambda x, y: self._say_value(self.section, f"{x:.1f} km, depth {y:.1f} km", x, y))

    def _set_depth_range(self) -> None:
        self.slider.setRange(0, round(self._region.depth / DEPTH_STEP))
        self.slider.setPageStep(round(1000 / DEPTH_STEP))

    def _choose_model(self, _: int) -> None:
        if self.model.currentText() != _FILE:
            return
        before = self._answer.place.model if self._answer is not None else MODEL_NAMES[0]
        path, _filter = QFileDialog.getOpenFileName(self, "Open an Earth model", "", "GeoModelGrids (*.h5)")
        if path:
            self.open_file(Path(path))
        else:
            self.model.setCurrentIndex(self.model.findData(before))

    def _move_point(self, x: float, y: float) -> None:
        self._point = (1000 * x, 1000 * y)
        self._ask()

    def _ask(self) -> None:
        depth = self.slider.value() * DEPTH_STEP
        self.depth_text.setText(f"{depth / 1000:.1f} km deep")
        if not self.isVisible() or self.model.currentData() is None:
            return
        clamp = self.wavefield.minimum_vs if self.wavefield is not None else None
        place = SlicedPlace(
            model=self.model.currentData(),
            region=self._region,
            minimum_vs=clamp or 1000.0,
            quantity=self.quantity.currentData(),
            depth=depth,
            section=self.section_line.currentText(),
            point=self._point,
        )
        self._slicing.ask(lambda progress: slice_earth(place, progress))

    def _show(self, answer: EarthSlices) -> None:
        self._answer = answer
        place, quantity, region = answer.place, answer.place.quantity, answer.place.region
        x, y = (value / 1000 for value in place.point)
        depth, length, width, deep = (
            value / 1000 for value in (place.depth, region.length, region.width, region.depth)
        )
        along = place.section == ALONG
        word = "  illustrative" if answer.model.illustrative else ""
        self.plan.show_scene(
            PlaneScene(
                title=f"{quantity.title}, {depth:.1f} km deep",
                subtitle=word,
                values=answer.slice.values,
                scale=property_scale(quantity.title, answer.slice.values, quantity.unit, quantity.factor),
                area=Bounds(0.0, 0.0, length, width),
                x_title="X, along the fault (km)",
                y_title="Y (km)",
                downward=False,
                guides=[np.array([[0, y], [length, y]] if along else [[x, 0], [x, width]])],
                ring=(x, y),
            )
        )
        across = length if along else width
        self.section.show_scene(
            PlaneScene(
                title=f"{quantity.title}, section at {'Y' if along else 'X'} = {y if along else x:.1f} km",
                subtitle=word,
                values=answer.section.values,
                scale=property_scale(quantity.title, answer.section.values, quantity.unit, quantity.factor),
                area=Bounds(0.0, 0.0, across, deep),
                x_title="X, along the fault (km)" if along else "Y, across the fault (km)",
                y_title="Depth (km)",
                guides=[
                    np.array([[0, depth], [across, depth]]),
                    np.array([[x if along else y, 0], [x if along else y, deep]]),
                ],
                stretched=True,
            )
        )
        self._draw_profile(answer)
        clamp = f"Vs is nowhere below {place.minimum_vs:.0f} m/s, as in the simulation. " if self.wavefield else ""
        self.note.setText(clamp + (ILLUSTRATIVE if answer.model.illustrative else ""))

    def _draw_profile(self, answer: EarthSlices) -> None:
        quantity, colors, plot = answer.place.quantity, theme.current(), self._profile
        both = quantity.name in ("vp", "vs")
        drawn = PROPERTIES[:2] if both else (quantity,)
        plot.clear()
        highest = 0.0
        for each in drawn:
            values = each.factor * getattr(answer.profile, each.name)
            highest = max(highest, float(values.max()))
            colour = {"vp": colors.p, "vs": colors.s}.get(each.name, colors.text)
            plot.plot(values, answer.depths / 1000, pen=curve_pen(colour, 1.8), antialias=True)
        words = "  ".join(f'<span style="color:{c}"><b>{w}</b></span>' for w, c in (("Vp", colors.p), ("Vs", colors.s)))
        self.plots.write(plot, words if both else "", colors.text, (0.0, 1.0))
        plot.vb.set_home(0.0, 1.08 * highest, 0.0, float(answer.depths[-1]) / 1000)
        self.plots.set_axis_title(plot, "bottom", "Speed (km/s)" if both else quantity.axis)

    def _say_value(self, view: PlaneView, place: str, x: float, y: float) -> None:
        value = view.value_at(x, y)
        if value is not None and view.scene is not None:
            self.here.setText(f"{place}  ·  {view.scene.title.split(',')[0]} {view.scene.scale.text(value)}")

    def _say(self, sentence: str) -> None:
        """Show nothing, and why: what was drawn before was asked for another place."""
        self._answer = None
        self.plan.show_scene(None)
        self.section.show_scene(None)
        self._profile.clear()
        self.note.setText(sentence)


def _choice(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMinimumWidth(NARROWEST_CHOICE)
    return box
