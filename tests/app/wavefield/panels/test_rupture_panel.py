"""The source drawn: fault plane, rupture front, focal mechanism, numbers."""

import numpy as np
import pytest

from quakeview.app.wavefield.panels.rupture_panel import RupturePanel, scientific
from quakeview.app.wavefield.stage import Stage
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.rupture import make_rupture
from tests.app.fake_wavefield import expanding_wave

AZIMUTH = HAYWARD.x_azimuth


@pytest.fixture
def panel(qtbot):
    panel = RupturePanel(Stage())
    qtbot.addWidget(panel)
    panel.resize(1100, 320)
    panel.show()
    return panel


@pytest.fixture(scope="module")
def rupture():
    return make_rupture(6.0, seed=2)


def test_slip_rise_time_and_onset_are_drawn_on_the_plane(panel, rupture):
    panel.stage.open(expanding_wave(1, rupture=rupture, hypocentre=tuple(rupture.hypocentre)))
    slip, rise_time, onset = (view.scene for view in panel.maps)
    np.testing.assert_array_equal(slip.values, rupture.slip.T)
    slips = rupture.slip.T > 0
    np.testing.assert_array_equal(rise_time.values[slips], rupture.rise_time.T[slips])
    assert np.isnan(onset.values[~slips]).all()
    assert (slip.area.width, slip.area.height) == (rupture.plane.length / 1000, rupture.plane.width / 1000)
    assert panel.facts["Magnitude"] == "Mw 6.00"
    assert panel.facts["Mean, max slip"] == f"{rupture.slip.mean():.2f}, {rupture.slip.max():.2f} m"
    assert panel.facts["Moment"].startswith("1.26 × 10¹⁸")


def test_a_point_source_has_a_mechanism_and_no_plane(panel):
    panel.stage.open(expanding_wave(1))
    assert not any(view.isVisible() for view in panel.maps)
    assert panel.mechanism.isVisible()
    assert "strike 144°, dip 90°, rake 180°" in panel.mechanism.accessibleName()
    assert panel.facts["Depth"] == "8.0 km"


def test_what_is_not_known_is_said(panel):
    panel.stage.open(expanding_wave(1, source={"kind": "unknown"}))
    assert panel.empty.text() == "The file does not say what the source was."
    panel.stage.open(None)
    assert "Open or simulate a scenario" in panel.empty.text()


def test_powers_of_ten_are_written_out():
    assert scientific(1.2589e18) == "1.26 × 10¹⁸"


def test_the_picture_holds_plane_and_mechanism(panel, rupture, tmp_path):
    panel.stage.open(expanding_wave(1, rupture=rupture))
    (tmp_path / "rupture.svg").write_bytes(panel.picture(".svg"))
    drawn = (tmp_path / "rupture.svg").read_text()
    assert all(f">{words}<" in drawn for words in ("Rise time", "Onset", "Along strike (km)", "N", "T"))
