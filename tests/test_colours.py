"""Colour tables are even, and begin at the page where what is at rest shows nothing."""

import numpy as np
import pytest

from quakeview.colours import BATLOW, DIVERGING, FIRE, VIRIDIS, Palette


def lightness(table: np.ndarray) -> np.ndarray:
    """CIE 1976 L* of (n, 4) sRGB colours."""
    rgb = table[:, :3] / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return 116 * np.cbrt(np.maximum(linear @ [0.2126, 0.7152, 0.0722], 0.008856)) - 16


@pytest.mark.parametrize("palette", [VIRIDIS, BATLOW])
def test_sequential_colours_grow_evenly_lighter(palette: Palette) -> None:
    steps = np.diff(lightness(palette.light_table)[::16])
    assert (steps > 0).all()
    assert steps.max() < 3 * np.median(steps)


@pytest.mark.parametrize(("table", "sign"), [(FIRE.light_table, -1), (FIRE.dark_table, 1)])
def test_amounts_go_further_and_further_from_the_page(table: np.ndarray, sign: int) -> None:
    assert (sign * np.diff(lightness(table)[::16]) > 1.5).all()


def test_viridis_is_viridis() -> None:
    pyqtgraph = pytest.importorskip("pyqtgraph")
    expected = pyqtgraph.colormap.get("viridis").getLookupTable(nPts=256)
    assert np.abs(VIRIDIS.light_table[:, :3].astype(int) - expected[:, :3]).max() <= 8


@pytest.mark.parametrize("dark", [False, True])
def test_opposite_velocities_are_equally_far_from_the_page(dark: bool) -> None:
    table = DIVERGING.dark_table if dark else DIVERGING.light_table
    light = lightness(table)
    blue, red = light[:128][::-1], light[128:]
    assert np.abs(blue - red).max() < 14
    towards_ends = np.diff(light[128::16])
    assert (towards_ends > 0).all() if dark else (towards_ends < 0).all()
