"""Slices, sections and profiles of Earth models."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from quakeview.app.wavefield.panels.earth_panel import EarthPanel
from quakeview.app.wavefield.stage import Stage
from quakeview.simulation.earth.models import earth_model
from tests.app.fake_wavefield import expanding_wave


@pytest.fixture
def panel(qtbot):
    panel = EarthPanel(Stage())
    qtbot.addWidget(panel)
    panel.resize(1100, 300)
    panel.show()
    qtbot.waitUntil(lambda: panel.answer is not None, timeout=20_000)
    return panel


def wait_for(qtbot, panel, **question):
    def answered():
        return all(getattr(panel.answer.place, name) == value for name, value in question.items())

    qtbot.waitUntil(answered, timeout=20_000)


def choose(panel, model):
    panel.model.setCurrentIndex(panel.model.findData(model))


def test_the_values_are_the_models(panel, qtbot):
    choose(panel, "gil7")
    panel.slider.setValue(40)
    wait_for(qtbot, panel, model="gil7", depth=4000.0)
    expected = earth_model("gil7").at(60_000.0, 40_000.0, 4000.0).vs
    assert panel.plan.value_at(60.0, 40.0) == expected
    assert panel.section.value_at(60.0, 20.1) == earth_model("gil7").at(60_000.0, 40_000.0, 20_000.0).vs
    vs, depth = panel.plots.plots[0].listDataItems()[0].getData()
    assert vs[depth.searchsorted(20.0)] == pytest.approx(earth_model("gil7").at(0.0, 0.0, 20_000.0).vs / 1000)
    assert panel.note.text() == ""


def test_the_built_in_model_says_that_it_is_illustrative(panel, qtbot):
    choose(panel, "bay-area")
    wait_for(qtbot, panel, model="bay-area")
    assert panel.plan.scene.subtitle.strip() == "illustrative"
    assert panel.section.scene.subtitle.strip() == "illustrative"
    assert panel.note.text().startswith("Illustrative: the bodies of this model are drawn by us")


def test_a_click_moves_section_and_profile_and_one_into_the_section_the_depth(panel, qtbot):
    before = panel.answer.place.point
    qtbot.mouseClick(panel.plan, Qt.MouseButton.LeftButton, pos=QPoint(panel.plan.width() // 2, 90))
    qtbot.waitUntil(lambda: panel.answer.place.point != before, timeout=20_000)
    _, y = panel.answer.place.point
    assert panel.section.scene.title.endswith(f"Y = {y / 1000:.1f} km")
    section = panel.section
    qtbot.mouseClick(section, Qt.MouseButton.LeftButton, pos=QPoint(section.width() // 2, section.height() // 2))
    assert 5 < panel.slider.value() / 10 < 25
    wait_for(qtbot, panel, depth=panel.slider.value() * 100.0)


def test_other_properties_have_their_unit(panel, qtbot):
    panel.quantity.setCurrentText("Density")
    qtbot.waitUntil(lambda: panel.answer.place.quantity.name == "density", timeout=20_000)
    assert panel.plan.scene.scale.text(2700.0) == "2.7 g/cm³"
    assert panel.plots.plots[0].getAxis("bottom").labelText == "Density (g/cm³)"
    density, _ = panel.plots.plots[0].listDataItems()[0].getData()
    np.testing.assert_allclose(density, panel.answer.profile.density / 1000, rtol=1e-6)


def test_the_model_and_the_clamp_are_those_of_the_scenario(panel, qtbot):
    wavefield = expanding_wave(1, model_name=earth_model("bay-area").name, minimum_vs=1500.0)
    panel.stage.open(wavefield)
    wait_for(qtbot, panel, minimum_vs=1500.0, model="bay-area", point=(45_000.0, 38_000.0))
    assert panel.answer.slice.values.min() >= 1500.0
    assert "nowhere below 1500 m/s" in panel.note.text()


def test_a_file_that_is_no_model_is_refused_in_a_sentence(panel, qtbot, tmp_path):
    path = tmp_path / "no_model.h5"
    path.write_bytes(b"nothing")
    panel.open_file(path)
    qtbot.waitUntil(lambda: "no_model.h5" in panel.note.text(), timeout=20_000)


def test_the_picture_is_saved(panel, tmp_path):
    (tmp_path / "earth.svg").write_bytes(panel.picture(".svg"))
    drawn = (tmp_path / "earth.svg").read_text()
    assert "illustrative" in drawn
    assert "Depth (km)" in drawn
