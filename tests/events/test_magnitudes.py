from pathlib import Path

import numpy as np
import pytest
from obspy import UTCDateTime
from obspy.signal.invsim import estimate_magnitude, estimate_wood_anderson_amplitude

from quakeview.errors import QuakeViewError
from quakeview.events.event import Amplitude, Event, Magnitude, Origin
from quakeview.events.magnitudes import (
    AUTHOR,
    LAWS,
    MAGNIFICATION,
    OUTSIDE,
    UNPLACED,
    AttenuationLaw,
    PowerLaw,
    distances,
    local_magnitude,
    read_attenuation_law,
    sized,
    station_corrections,
    station_magnitudes,
    with_magnitude,
)
from quakeview.stations.coordinates import Coordinates
from quakeview.waveforms.channels import ChannelId

HUTTON_BOORE = LAWS["Southern California (Hutton & Boore 1987)"]
TIME = UTCDateTime("2024-05-01T12:00:00")
ORIGIN = Origin(TIME, 35.0, -117.0, 8000.0)
PLACES = {("XX", f"S{n}"): Coordinates(35.0 + 0.15 * (n + 1), -117.0 + 0.05 * n, 100.0 * n) for n in range(8)}
MILLIMETRE = 1e-3 / MAGNIFICATION
"""What a Wood-Anderson seismometer of magnification 1 shows where the real one writes 1 mm."""


def hypocentral(station: tuple[str, str]) -> float:
    place = PLACES[station]
    return float(np.hypot(distances(ORIGIN, [place])[0], ORIGIN.depth + place.elevation))


def recorded(
    station: tuple[str, str],
    magnitude: float,
    channel: str = "HHN",
    comment: str = "",
    law: AttenuationLaw = HUTTON_BOORE,
) -> Amplitude:
    """The amplitude that an earthquake of a magnitude has by a law."""
    value = 10 ** (magnitude - float(law.magnitude(1.0, hypocentral(station))))
    return Amplitude(ChannelId(*station, "", channel), TIME + 20, value, 0.4, comment=comment)


@pytest.mark.parametrize(
    ("name", "millimetres", "kilometres", "magnitude", "within"),
    [
        ("IASPEI", 1, 100, 3.0, 0.002),
        ("IASPEI", 10, 17, 3.0, 0.02),
        ("Southern California (Hutton & Boore 1987)", 1, 100, 3.0, 1e-9),
        ("Southern California (Hutton & Boore 1987)", 10, 17, 3.0, 0.02),
        ("California (CISN)", 1, 100, 3.0, 0.01),
        ("Central California (Bakun & Joyner 1984)", MAGNIFICATION / 2800, 100, 3.0, 1e-9),
        ("Richter (1958)", 1, 100, 3.0, 1e-9),
        ("Richter (1958)", 1, 200, 3.5, 1e-9),
        ("United Kingdom (Luckett et al. 2019)", 1, 100, 3.0, 1e-6),
        ("United Kingdom (Luckett et al. 2019)", 10, 3, 1.4905, 0.002),
        ("Norway (Alsaker et al. 1991)", 1, 60, 2.68, 1e-9),
        ("South-western Germany (Stange 2006)", 1, 100, 3.005, 1e-9),
        ("Southern Korea (Hong et al. 2000)", 10, 17, 3.0, 1e-9),
    ],
)
def test_laws_meet_the_anchors_of_their_publications(
    name: str, millimetres: float, kilometres: float, magnitude: float, within: float
) -> None:
    found = LAWS[name].magnitude(millimetres * MILLIMETRE, 1000 * kilometres)
    assert float(found) == pytest.approx(magnitude, abs=within)


@pytest.mark.parametrize(
    ("name", "decay", "loss", "constant"),
    [("IASPEI", 1.11, 0.00189, -2.09), ("Norway (Alsaker et al. 1991)", 0.91, 0.00087, -1.67)],
)
def test_laws_for_nanometres_are_the_same_in_metres(name: str, decay: float, loss: float, constant: float) -> None:
    km = np.array([20.0, 150.0, 600.0])
    expected = np.log10(35.0) + decay * np.log10(km) + loss * km + constant
    assert LAWS[name].magnitude(35e-9, 1000 * km) == pytest.approx(expected, abs=0.005)


def test_bakun_and_joyner_is_what_obspy_computes() -> None:
    flat = {"poles": [], "zeros": [0j], "gain": 1.0, "sensitivity": 1e6}
    millimetres = estimate_wood_anderson_amplitude(flat, 5e4, 0.2)
    expected = estimate_magnitude(flat, 5e4, 0.2, 73.0)
    found = LAWS["Central California (Bakun & Joyner 1984)"].magnitude(millimetres / 2800 / 1000, 73e3)
    assert float(found) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_amplitudes_get_smaller_with_distance(law: AttenuationLaw) -> None:
    km = np.linspace(max(law.nearest, 1e3), law.farthest, 2000) / 1000
    steps = np.diff(law.curve(km))
    assert (steps >= 0).all()
    assert (steps > 0).any()
    assert law.source


def test_a_station_is_the_mean_of_its_horizontals_and_the_network_the_median_of_its_stations() -> None:
    stations = list(PLACES)
    amplitudes = [recorded(station, 2.4, channel) for station in stations[:5] for channel in ("HHN", "HHE")]
    amplitudes += [recorded(stations[5], 2.0, "HHN"), recorded(stations[5], 2.6, "HHE"), recorded(stations[6], 5.0)]
    sized, magnitude = local_magnitude(Event(ORIGIN), amplitudes, PLACES, HUTTON_BOORE)
    assert station_magnitudes(sized)[stations[5]] == (pytest.approx(2.3), False)
    assert magnitude == Magnitude("ML", pytest.approx(2.4), pytest.approx(0.0, abs=1e-9), 7, HUTTON_BOORE.name, AUTHOR)


def test_the_spread_is_that_of_one_station_and_needs_two() -> None:
    rng = np.random.default_rng(1)
    many = {("YY", f"N{n}"): PLACES["XX", "S2"] for n in range(400)}
    distance = hypocentral(("XX", "S2"))
    size = 10 ** (rng.normal(3.0, 0.2, 400) - float(HUTTON_BOORE.magnitude(1.0, distance)))
    amplitudes = [Amplitude(ChannelId(*code, "", "HHE"), TIME, each) for code, each in zip(many, size, strict=True)]
    _, magnitude = local_magnitude(Event(ORIGIN), amplitudes, many, HUTTON_BOORE)
    assert magnitude is not None
    assert magnitude.spread == pytest.approx(0.2, abs=0.03)
    _, one = local_magnitude(Event(ORIGIN), amplitudes[:1], many, HUTTON_BOORE)
    assert one is not None
    assert (one.spread, one.stations) == (None, 1)


def test_a_vertical_counts_only_where_there_is_no_horizontal_and_this_is_said() -> None:
    first, second, *_ = PLACES
    amplitudes = [recorded(first, 3.0, "HHE"), recorded(first, 2.0, "HHZ"), recorded(second, 2.8, "EHZ")]
    _, magnitude = local_magnitude(Event(ORIGIN), amplitudes, PLACES, HUTTON_BOORE)
    assert magnitude is not None
    assert magnitude.value == pytest.approx(2.9)
    assert magnitude.method == f"{HUTTON_BOORE.name}, vertical at 1 of 2"


def test_what_does_not_count_says_why_and_counts_again_by_a_law_that_holds() -> None:
    first, second, *_ = PLACES
    amplitudes = [recorded(first, 3.0), recorded(second, 6.0, comment="clipped")]
    amplitudes.append(Amplitude(ChannelId("ZZ", "NOWHERE", "", "HHE"), TIME, 1e-6))
    short = AttenuationLaw("short", "x", PowerLaw(1, 0), 0.0, 5e3)
    sized, magnitude = local_magnitude(Event(ORIGIN), amplitudes, PLACES, short)
    assert magnitude is None
    assert [each.comment for each in sized] == [OUTSIDE, "clipped", UNPLACED]
    again, magnitude = local_magnitude(Event(ORIGIN), sized, PLACES, HUTTON_BOORE)
    assert magnitude is not None
    assert magnitude.value == pytest.approx(3.0)
    assert [each.comment for each in again] == ["", "clipped", UNPLACED]
    assert [each.magnitude is None for each in again] == [False, True, True]


def test_without_a_depth_only_laws_of_the_epicentre_apply() -> None:
    event = Event(Origin(TIME, 35.0, -117.0, None))
    amplitudes = [recorded(station, 3.0) for station in PLACES]
    sized, magnitude = local_magnitude(event, amplitudes, PLACES, HUTTON_BOORE)
    assert magnitude is None
    assert {each.comment for each in sized} == {UNPLACED}
    _, magnitude = local_magnitude(event, amplitudes, PLACES, LAWS["Richter (1958)"])
    assert magnitude is not None


def test_distances_are_on_the_ellipsoid() -> None:
    assert distances(ORIGIN, [Coordinates(36.0, -117.0, 0.0)])[0] == pytest.approx(110_950, abs=50)
    assert distances(ORIGIN, [Coordinates(35.0, -116.0, 0.0)])[0] == pytest.approx(91_290, abs=50)


def test_what_a_person_read_stays_when_the_magnitude_is_made_anew() -> None:
    first, *_ = PLACES
    read = Amplitude(ChannelId(*first, "", "HHN"), TIME + 3, 4e-6, 0.3, manual=True)
    (sized,), magnitude = local_magnitude(Event(ORIGIN), [read], PLACES, HUTTON_BOORE)
    assert magnitude is not None
    assert (sized.value, sized.time, sized.manual) == (4e-6, TIME + 3, True)


def test_station_corrections_are_learned_and_do_not_shift_the_scale() -> None:
    rng = np.random.default_rng(2)
    true = dict(zip(PLACES, (-0.4, -0.2, -0.1, 0.0, 0.0, 0.1, 0.3, 0.5), strict=True))
    events, sizes = [], rng.uniform(1, 4, 60)
    for size in sizes:
        some = [station for station in PLACES if rng.random() < 0.7]
        amplitudes = [recorded(station, size - true[station] + rng.normal(0, 0.05)) for station in some]
        events.append(sized(Event(ORIGIN, amplitudes=tuple(amplitudes)), PLACES, HUTTON_BOORE))
    learned = station_corrections(events)
    apart = np.array([learned[station] - true[station] for station in PLACES])
    assert apart == pytest.approx(apart.mean(), abs=0.05)
    again = [sized(event, PLACES, HUTTON_BOORE, learned) for event in events]
    shifts = [after.magnitude.value - before.magnitude.value for after, before in zip(again, events, strict=True)]
    assert np.median(shifts) == pytest.approx(0, abs=0.02)
    _, plain = local_magnitude(events[0], events[0].amplitudes[:2], PLACES, HUTTON_BOORE)
    _, corrected = local_magnitude(events[0], events[0].amplitudes[:2], PLACES, HUTTON_BOORE, learned)
    assert plain is not None
    assert corrected is not None
    assert abs(corrected.value - sizes[0]) < abs(plain.value - sizes[0])


def test_a_station_of_few_earthquakes_is_not_corrected() -> None:
    amplitudes = [recorded(station, 2.0 + 0.5 * n) for n, station in enumerate(PLACES)]
    events = [sized(Event(ORIGIN, amplitudes=tuple(amplitudes)), PLACES, HUTTON_BOORE)] * 4
    assert station_corrections(events) == {}
    assert len(station_corrections(events, least_events=4)) == len(PLACES)


def test_our_magnitude_replaces_our_own_beside_that_of_a_network() -> None:
    network = Magnitude("Mw", 4.1, author="XX")
    ours, newer = (Magnitude("ML", value, 0.1, 5, "IASPEI", AUTHOR) for value in (4.0, 4.2))
    assert with_magnitude(Event(ORIGIN, (network, ours)), (), newer).magnitudes == (network, newer)
    assert with_magnitude(Event(ORIGIN, (ours, network)), (), newer).magnitudes == (newer, network)
    assert with_magnitude(Event(ORIGIN, (ours,)), (), None).magnitudes == ()
    assert with_magnitude(Event(ORIGIN), (), newer).magnitudes == (newer,)


def test_a_law_is_read_from_toml(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('nearest_km = 5\nfarthest_km = 200\ndecay = 1.2\nloss = 0.001\nname = "Mine"\n')
    law = read_attenuation_law(tmp_path / "mine.toml")
    assert (law.name, law.nearest, law.farthest, law.source) == ("Mine", 5e3, 200e3, "mine.toml")
    assert float(law.magnitude(MILLIMETRE, 50e3)) == pytest.approx(1.2 * np.log10(0.5) - 0.05 + 3)
    (tmp_path / "rows.toml").write_text(
        "nearest_km = 0\nfarthest_km = 100\nepicentral = true\nmagnification = 2800\ntable = [[0, 1.4], [100, 3.0]]\n"
    )
    law = read_attenuation_law(tmp_path / "rows.toml")
    assert (law.name, law.epicentral) == ("rows", True)
    assert float(law.magnitude(1e-3 / 2800, 50e3)) == pytest.approx(2.2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nearest_km = 0\nfarthest_km = 9\n", "give either decay"),
        ("nearest_km = 0\nfarthest_km = 9\ndecay = 1\ntable = [[0, 1], [9, 2]]\n", "give either decay"),
        ("nearest_km = 9\nfarthest_km = 9\ndecay = 1\n", "smaller one first"),
        ("nearest_km = 0\nfarthest_km = 9\ntable = [[0, 1], [0, 2]]\n", "must increase"),
        ("nearest_km = 0\nfarthest_km = 9\ntable = [[0, 1], [8, 2]]\n", "must reach"),
        ("nearest_km = 0\nfarthest_km = 9\ndecay = nan\n", "not a number"),
        ("nearest_km = 0\nfarthest_km = 9\ndecay = 1\nmagnification = 0\n", "above 0"),
        ("nearest_km = 0\nfarthest_km = 9\ndecline = 1\n", "'decline' in law.toml is unknown"),
        ("farthest_km = 9\n", "'nearest_km' in law.toml is missing"),
    ],
)
def test_what_is_wrong_with_a_law_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "law.toml").write_text(text)
    with pytest.raises(QuakeViewError, match=said):
        read_attenuation_law(tmp_path / "law.toml")
