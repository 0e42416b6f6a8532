"""Maps of measures and the plot against distance."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from quakeview.app.wavefield.attenuation_plot import attenuation, source_plane
from quakeview.app.wavefield.measures_panel import AGAINST_DISTANCE, MeasuresPanel
from quakeview.errors import QuakeViewError
from quakeview.simulation.sources.rupture import make_rupture
from quakeview.wavefield.attenuation_relation import RELATIONS
from tests.app.fake_wavefield import append_frames, expanding_wave


@pytest.fixture
def panel(qtbot):
    panel = MeasuresPanel()
    qtbot.addWidget(panel)
    panel.resize(1100, 320)
    panel.show()
    return panel


def is_measured(panel):
    return panel.maps[3].value_at(50_000, 40_000) is not None


def test_the_maps_are_those_of_the_wavefield(panel, qtbot):
    wavefield = expanding_wave()
    panel.set_wavefield(wavefield)
    qtbot.waitUntil(lambda: is_measured(panel))
    ix, iy = wavefield.nearest(61_000, 25_000)
    pgv, t_pgv, mmi, duration = (view.value_at(61_000, 25_000) for view in panel.maps)
    assert pgv == wavefield.pgv[ix, iy]
    assert t_pgv == wavefield.t_pgv[ix, iy]
    assert 4 < mmi < 8
    assert 0 < duration < 10
    assert "PGV and MMI are lower bounds. Illustrative" in panel.caveat.text()


def test_the_mouse_reads_all_maps_at_once(panel, qtbot):
    panel.set_wavefield(expanding_wave())
    qtbot.waitUntil(lambda: is_measured(panel))
    view = panel.maps[2]
    qtbot.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
    qtbot.waitUntil(lambda: "duration" in panel.here.text())
    assert "cm/s" in panel.here.text()
    assert "MMI V" in panel.here.text()


def test_one_map_can_be_shown_large(panel, qtbot):
    panel.set_wavefield(expanding_wave())
    panel.view.setCurrentText("MMI")
    assert [view.isVisible() for view in panel.maps] == [False, False, True, False]


def test_maps_grow_and_the_duration_waits_for_the_end(panel, qtbot):
    wavefield = expanding_wave(n_frames=0)
    panel.set_wavefield(wavefield)
    assert "has not written a frame yet" in panel.empty.text()
    append_frames(wavefield, 30)
    qtbot.waitUntil(lambda: panel.body.isVisible() and panel.maps[0].value_at(50_000, 40_000) is not None)
    assert not is_measured(panel)
    append_frames(wavefield, 82)
    qtbot.waitUntil(lambda: is_measured(panel))


def test_distances_are_those_to_the_rupture(qtbot):
    rupture = make_rupture(6.0, seed=1)
    wavefield = expanding_wave(rupture=rupture)
    assert source_plane(wavefield) == rupture.plane
    shown = attenuation(wavefield, "BSSA14")
    assert shown.distance.min() >= rupture.plane.top_depth
    assert shown.pgv.size == wavefield.pgv.size
    assert (np.diff(shown.median) < 0).all()
    assert 0.3 < shown.sigma.mean() < 1.0


def test_what_is_not_known_is_said():
    assert "does not say the magnitude" in attenuation(expanding_wave(magnitude=None), "BSSA14").problem
    with pytest.raises(QuakeViewError, match="where the source was"):
        attenuation(expanding_wave(hypocentre=None), "BSSA14")


def test_the_relation_is_chosen(panel, qtbot):
    panel.set_wavefield(expanding_wave())
    panel.view.setCurrentText(AGAINST_DISTANCE)
    qtbot.waitUntil(lambda: panel.attenuation.shown is not None, timeout=20_000)
    panel.relation.setCurrentIndex(panel.relation.findData("CY14"))
    qtbot.waitUntil(lambda: panel.attenuation.shown.relation == "CY14", timeout=20_000)
    names = [label.text for _, label in panel.attenuation.plots[0].legend.items]
    assert names == [f"{RELATIONS['CY14'][1]}, ±1 σ", "simulated, median"]


def test_the_picture_holds_what_is_shown(panel, qtbot, tmp_path):
    panel.set_wavefield(expanding_wave())
    qtbot.waitUntil(lambda: is_measured(panel))
    panel.export_picture(tmp_path / "maps.svg")
    drawn = (tmp_path / "maps.svg").read_text()
    assert "T_PGV" in drawn
    assert "Duration" in drawn
