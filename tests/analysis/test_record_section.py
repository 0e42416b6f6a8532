"""Record sections: components, distances, scales, reduced times, and what is left out."""

import csv

import numpy as np
import pytest

from quakeview.analysis.record_section import DEGREE, SectionStyle, record_section, section_table, wiggles
from quakeview.analysis.shown_components import Shown, component
from quakeview.errors import QuakeViewError
from quakeview.stations.coordinates import EpicentralPath
from quakeview.waveforms.channels import ChannelId, Instrument
from tests.app.traces.records import record

ORIGIN = 1_562_259_749.0
RATE = 50.0


def made(
    samples: dict[str, np.ndarray], distance: float = 50_000.0, back_azimuth: float = 200.0, name: str = "AAA", **kw
):
    channels = {letter: ChannelId("XX", name, "", f"HH{letter}") for letter in samples}
    records = {letter: (record(data, ORIGIN, RATE),) for letter, data in samples.items()}
    known = {"N": (1.0, 0.0), "E": (0.0, 1.0)}
    directions = {letter: known[letter] for letter in samples if letter in known}
    path = EpicentralPath(distance, (back_azimuth + 180) % 360, back_azimuth)
    station = Instrument.of(next(iter(channels.values())))
    return Shown(station, path, channels, records, kw.pop("directions", directions), **kw)


def pulse(at: float, height: float = 1.0, n: int = 3000) -> np.ndarray:
    times = np.arange(n) / RATE - at
    return (height * np.exp(-((times / 0.3) ** 2))).astype(np.float32)


def test_radial_and_transverse_are_away_from_the_epicentre_and_across():
    azimuth = np.radians(200.0 + 180.0)
    away, across = pulse(10.0), pulse(20.0, 0.5)
    north = away * np.cos(azimuth) - across * np.sin(azimuth)
    east = away * np.sin(azimuth) + across * np.cos(azimuth)
    shown = made({"Z": pulse(5), "N": north, "E": east})
    np.testing.assert_allclose(component(shown, "R", ORIGIN, ORIGIN + 60).data, away, atol=1e-6)
    np.testing.assert_allclose(component(shown, "T", ORIGIN, ORIGIN + 60).data, across, atol=1e-6)


def test_north_and_east_come_from_rotated_and_from_odd_components():
    north, east = pulse(10.0), pulse(20.0, 0.5)
    turned = np.radians(30.0)
    one, two = north * np.cos(turned) + east * np.sin(turned), -north * np.sin(turned) + east * np.cos(turned)
    directions = {"1": (np.cos(turned), np.sin(turned)), "2": (-np.sin(turned), np.cos(turned))}
    shown = made({"1": one, "2": two}, directions=directions)
    np.testing.assert_allclose(component(shown, "N", ORIGIN, ORIGIN + 60).data, north, atol=1e-6)
    np.testing.assert_allclose(component(shown, "E", ORIGIN, ORIGIN + 60).data, east, atol=1e-6)


@pytest.mark.parametrize(
    ("samples", "letter", "said"),
    [
        ({"N": pulse(1)}, "Z", "no vertical component"),
        ({"Z": pulse(1), "N": pulse(1)}, "R", "two horizontal components"),
        ({"Z": pulse(1), "1": pulse(1), "2": pulse(2)}, "T", "directions are not known"),
    ],
)
def test_what_an_instrument_does_not_have_is_said(samples, letter, said):
    with pytest.raises(QuakeViewError, match=said):
        component(made(samples), letter, ORIGIN, ORIGIN + 60)


def test_traces_are_by_distance_and_those_left_out_are_named_once():
    shown = [
        made({"Z": pulse(20)}, 90_000.0, name="FAR"),
        made({"Z": pulse(10)}, 30_000.0, name="NEAR"),
        made({"N": pulse(10)}, 40_000.0, name="DEAF"),
        made({"Z": np.full(3000, np.nan, np.float32)}, 50_000.0, name="GAP"),
    ]
    section = record_section(shown, "Z", ORIGIN, -5, 60)
    assert [trace.station.station for trace in section.traces] == ["NEAR", "FAR"]
    assert len(section.left_out) == 2
    assert "DEAF" in section.left_out[0]
    assert "GAP" in section.left_out[1]
    assert not section.in_degrees
    assert section.nearest(85_000.0).station.station == "FAR"


def test_a_second_instrument_of_a_station_stands_in_for_the_first_one_only():
    silent = made({"Z": np.full(3000, np.nan, np.float32)}, name="ONE")
    section = record_section(
        [silent, made({"Z": pulse(9)}, name="ONE"), made({"Z": pulse(9)}, name="ONE")], "Z", ORIGIN, 0, 60
    )
    assert len(section.traces) == 1
    assert section.left_out == ()


def test_reduced_times_put_a_wave_of_that_speed_on_a_line():
    speed = 6000.0
    shown = [made({"Z": pulse(2 + d / speed)}, d, name=f"S{d:.0f}") for d in (30_000.0, 90_000.0, 150_000.0)]
    section = record_section(shown, "Z", ORIGIN, 0, 60)
    for wiggle in wiggles(section, SectionStyle(velocity=speed), (-30, 60), 100_000):
        assert wiggle.times[np.argmax(wiggle.offsets)] == pytest.approx(2.0, abs=1 / RATE)
    plain = wiggles(section, SectionStyle(), (0, 60), 100_000)
    assert plain[2].times[np.argmax(plain[2].offsets)] == pytest.approx(27.0, abs=1 / RATE)


def test_normalised_traces_are_equally_high_and_true_ones_are_corrected_for_distance_alone():
    shown = [made({"Z": pulse(10, 100_000.0 / d)}, d, name=f"S{d:.0f}") for d in (50_000.0, 100_000.0, 200_000.0)]
    section = record_section(shown, "Z", ORIGIN, 0, 60)

    def heights(style: SectionStyle) -> list[float]:
        return [float(np.max(each.offsets)) for each in wiggles(section, style, (0, 60), 2000)]

    assert heights(SectionStyle()) == pytest.approx([1, 1, 1], rel=1e-3)
    assert heights(SectionStyle(normalised=False)) == pytest.approx([1, 0.5, 0.25], rel=1e-3)
    assert heights(SectionStyle(normalised=False, power=1.0)) == pytest.approx([1, 1, 1], rel=1e-3)


def test_few_points_keep_every_peak_and_gaps_stay_open():
    data = pulse(10, n=30_000)
    data[7000:7200] = np.nan
    data[12_345] = -3.0
    section = record_section([made({"Z": data})], "Z", ORIGIN, 0, 600)
    (wiggle,) = wiggles(section, SectionStyle(), (0, 600), 300)
    assert len(wiggle.times) <= 2 * 310
    assert np.nanmin(wiggle.offsets) == pytest.approx(-1.0)
    assert wiggle.times[np.nanargmin(wiggle.offsets)] == pytest.approx(12_345 / RATE, abs=1e-6)
    inside = (wiggle.times > 141) & (wiggle.times < 143)
    assert np.isnan(wiggle.offsets[inside]).all()


def test_far_sections_are_in_degrees():
    section = record_section([made({"Z": pulse(10)}, 30 * DEGREE)], "Z", ORIGIN, 0, 60)
    assert section.in_degrees
    assert section.traces[0].distance / section.unit == pytest.approx(30.0)


def test_the_table_has_distances_peaks_and_picks_with_units():
    section = record_section(
        [made({"Z": pulse(10, 7.0)}), made({"Z": pulse(10)}, 70_000.0, name="BBB")], "Z", ORIGIN, 0, 60
    )
    rows = list(csv.DictReader(section_table(section, {section.traces[0].station: {"P": 8.25}}).decode().splitlines()))
    assert rows[0]["station"] == "XX.AAA"
    assert float(rows[0]["distance_km"]) == 50.0
    assert float(rows[0]["peak"]) == pytest.approx(7.0, rel=1e-3)
    assert rows[0]["unit"] == "counts"
    assert rows[0]["P_after_origin_s"] == "8.250"
    assert rows[1]["P_after_origin_s"] == ""
