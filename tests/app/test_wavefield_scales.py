"""From values to colours: limits that are round, colours that are even, and what is not a number."""

import numpy as np
import pytest

from quakeview.app.wavefield.scales import (
    BATLOW,
    DIVERGING,
    FIRE,
    VIRIDIS,
    Palette,
    Scale,
    diverging,
    log_ticks,
    mmi_scale,
    number,
    pgv_scale,
    property_scale,
    round_ticks,
    round_up,
    speed_scale,
    time_scale,
    wave_limit,
)
from quakeview.wavefield.intensity import colours as mmi_colours

RANDOM = np.random.default_rng(3)


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


@pytest.mark.parametrize(("dark", "page"), [(False, "#ffffff"), (True, "#14181d")])
def test_ground_at_rest_is_the_page(dark: bool, page: str) -> None:
    expected = [int(page[i : i + 2], 16) for i in (1, 3, 5)]
    for scale in (diverging(0.1), speed_scale(0.1)):
        rgb = scale.rgba(np.zeros(1), dark)[0, :3]
        assert np.abs(rgb.astype(int) - expected).max() <= 3


@pytest.mark.parametrize("dark", [False, True])
def test_opposite_velocities_are_equally_far_from_the_page(dark: bool) -> None:
    table = DIVERGING.dark_table if dark else DIVERGING.light_table
    light = lightness(table)
    blue, red = light[:128][::-1], light[128:]
    assert np.abs(blue - red).max() < 14
    towards_ends = np.diff(light[128::16])
    assert (towards_ends > 0).all() if dark else (towards_ends < 0).all()


def test_values_beyond_the_limits_take_the_last_colours() -> None:
    scale = diverging(0.1)
    colours = scale.rgba(np.array([-5.0, -0.1, 0.1, 5.0]))
    table = scale.colours()
    assert (colours == table[[0, 0, 255, 255]]).all()


def test_what_is_not_a_number_is_transparent() -> None:
    values = np.array([[0.0, np.nan], [np.inf, -np.inf]], np.float32)
    colours = diverging(0.1).rgba(values)
    assert colours.shape == (2, 2, 4)
    assert colours[0, 1].tolist() == [0, 0, 0, 0]
    assert (colours[..., 3] == [[255, 0], [255, 255]]).all()


def test_shape_and_memory_order_do_not_matter() -> None:
    scale, values = diverging(1.0), RANDOM.normal(size=(7, 5)).astype(np.float32)
    expected = np.array([[scale.rgba(value) for value in row] for row in values])
    assert (scale.rgba(values) == expected).all()
    assert (scale.rgba(values.T) == expected.swapaxes(0, 1)).all()


def test_intensities_have_the_colours_of_shakemap() -> None:
    intensities = np.linspace(1, 10, 40)
    ours = mmi_scale().rgba(intensities)[:, :3].astype(int)
    assert np.abs(ours - mmi_colours(intensities)).max() <= 5
    assert [text for _, text in mmi_scale().ticks(10)] == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    assert [text for _, text in mmi_scale().ticks(6)] == ["I", "III", "V", "VII", "IX"]


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0123, 0.015), (0.9, 1.0), (1.0, 1.0), (61, 80), (0, 1.0), (7e-9, 8e-9)]
)
def test_round_up(value: float, expected: float) -> None:
    assert round_up(value) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 120, 7, [0, 20, 40, 60, 80, 100, 120]),
        (0, 80, 3, [0, 50]),
        (-20, 20, 5, [-20, -10, 0, 10, 20]),
        (26.7, 66.7, 5, [30, 40, 50, 60]),
        (1.2, 1.3, 3, [1.2, 1.25, 1.3]),
        (0, 4, 2, [0, 4]),
        (1, 9, 2, [2, 8]),
    ],
)
def test_round_ticks(low: float, high: float, most: int, expected: list[float]) -> None:
    assert round_ticks(low, high, most) == pytest.approx(expected)


def test_no_more_ticks_than_wanted() -> None:
    for low, width in zip(RANDOM.uniform(-100, 100, 50), 10 ** RANDOM.uniform(-3, 4, 50), strict=True):
        for most in (1, 2, 3, 5, 8):
            assert len(round_ticks(low, low + width, most)) <= most
            assert len(log_ticks(width, width * 300, most)) <= most


def test_a_logarithmic_axis_has_two_ticks_wherever_it_can() -> None:
    assert log_ticks(0.017, 0.3, 2) == pytest.approx([0.03, 0.3])
    assert log_ticks(0.017, 0.3, 4) == pytest.approx([0.02, 0.05, 0.1, 0.2])


def test_zero_has_no_sign_and_minus_is_a_minus() -> None:
    assert number(round_ticks(-1, 1, 3)[1]) == "0"
    assert number(-2.5) == "−2.5"


def test_limits_are_round_in_screen_units() -> None:
    pgv = np.append(RANDOM.uniform(0, 0.1, 10_000), 3.0)
    limit = wave_limit(pgv)
    assert 100 * limit == pytest.approx(10)
    assert diverging(limit).ticks(5)[-1] == (pytest.approx(0.1), "10")


def test_pgv_is_logarithmic_over_at_most_two_decades() -> None:
    pgv = 10 ** RANDOM.uniform(-7, -1, 10_000)
    scale = pgv_scale(pgv)
    assert scale.high / scale.low == pytest.approx(100)
    assert scale.fraction(np.sqrt(scale.low * scale.high)) == pytest.approx(0.5, abs=1e-5)
    assert scale.rgba(np.array([0.0])).tolist() == [scale.colours()[0].tolist()]
    assert [text for _, text in scale.ticks(3)] == ["0.1", "1", "10"]
    assert scale.text(0.1234) == "12.3 cm/s"


def test_even_values_still_make_a_scale() -> None:
    for scale in (
        pgv_scale(np.full(9, 0.02)),
        pgv_scale(np.zeros(9)),
        time_scale(np.zeros(9)),
        property_scale("Vs", np.full(9, 2500.0), "km/s", 1e-3),
        property_scale("Vs", np.full(9, np.nan), "km/s", 1e-3),
        diverging(wave_limit(np.zeros(9))),
    ):
        assert scale.low < scale.high
        assert scale.ticks(4)
        assert scale.rgba(np.array([scale.low])).shape == (1, 4)


def test_properties_between_round_numbers() -> None:
    scale = property_scale("Vs", RANDOM.uniform(1012, 3480, 5000), "km/s", 1e-3)
    assert (scale.low, scale.high) == (1000, 3500)
    assert [text for _, text in scale.ticks(6)] == ["1", "1.5", "2", "2.5", "3", "3.5"]


def test_times_never_arrived_are_left_out() -> None:
    scale: Scale = time_scale(np.array([3.0, np.nan, 47.0]))
    assert (scale.low, scale.high) == (0, 50)
    assert scale.text(np.nan) == "no data"
