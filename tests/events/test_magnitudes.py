import numpy as np
import pytest
from obspy import UTCDateTime

from quakeview.events.amplitudes import size
from quakeview.events.attenuation_laws import LAWS, AttenuationLaw, PowerLaw
from quakeview.events.event import Amplitude, Event, Magnitude, Origin
from quakeview.events.magnitudes import (
    AUTHOR,
    OUTSIDE,
    STILL,
    UNPLACED,
    distances,
    local_magnitude,
    sized,
    station_corrections,
    station_magnitudes,
    why_unsized,
    with_magnitude,
)
from quakeview.stations.coordinates import Coordinates
from quakeview.waveforms.channels import ChannelId
from tests.benchmarks.magnitudes import catalogue, ridgecrest_records
from tests.shared import needs_shared

HUTTON_BOORE = LAWS["Southern California (Hutton & Boore 1987)"]
TIME = UTCDateTime("2024-05-01T12:00:00")
ORIGIN = Origin(TIME, 35.0, -117.0, 8000.0)
PLACES = {("XX", f"S{n}"): Coordinates(35.0 + 0.15 * (n + 1), -117.0 + 0.05 * n, 100.0 * n) for n in range(8)}


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


def test_why_there_is_no_magnitude_is_one_sentence() -> None:
    assert why_unsized(Event(ORIGIN)).startswith("No amplitude: no horizontal")
    comments = ("clipped", "clipped", "a gap in the record")
    amplitudes = tuple(recorded(("XX", "S1"), 3.0, comment=comment) for comment in comments)
    said = "None of 3 amplitudes counts: 2 clipped, 1 a gap in the record."
    assert why_unsized(sized(Event(ORIGIN, amplitudes=amplitudes), PLACES, HUTTON_BOORE)) == said


@pytest.mark.parametrize("value", [0.0, float("nan")])
def test_an_amplitude_of_nothing_has_no_magnitude(value: float) -> None:
    nothing = Amplitude(ChannelId("XX", "S1", "", "HHE"), TIME, value)
    (still,), magnitude = local_magnitude(Event(ORIGIN), [nothing], PLACES, HUTTON_BOORE)
    assert (still.magnitude, still.comment, magnitude) == (None, STILL, None)


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
    for true_size in sizes:
        some = [station for station in PLACES if rng.random() < 0.7]
        amplitudes = [recorded(station, true_size - true[station] + rng.normal(0, 0.05)) for station in some]
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


@needs_shared
def test_ridgecrest_has_the_magnitudes_of_the_network() -> None:
    events, published = catalogue()
    found = [
        (event.magnitude, value)
        for event, value in zip(size(ridgecrest_records(), events, HUTTON_BOORE), published, strict=True)
    ]
    assert all(magnitude is not None for magnitude, _ in found)
    apart = np.array([magnitude.value - value for magnitude, value in found])
    assert np.abs(apart).mean() < 0.25
    assert abs(np.median(apart)) < 0.1
