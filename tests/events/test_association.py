import numpy as np

from quakeview.events.association import Picks, Rules, associate

from .network import BOX, ELEVATION, TIMES, X, Y, recorded

ORIGINS = (20.0, 24.0, 700.0)
"""Two earthquakes within seconds of each other, and one in the next chunk."""
PLACES = ((10e3, 5e3, 8e3), (-20e3, -15e3, 12e3), (0.0, 20e3, 5e3))


def gathered(noise: int) -> tuple[Picks, np.ndarray]:
    """Picks by time, and the earthquake that each is of; -1 for one that came from nothing."""
    rng = np.random.default_rng(2)
    rows = []
    for number, (origin, place) in enumerate(zip(ORIGINS, PLACES, strict=True)):
        read = recorded(place, origin, rng, 0.0)
        rows += [
            (time, int(np.flatnonzero(x == X)[0]), phase, sigma, number)
            for time, x, phase, sigma in zip(read.time, read.x, read.phase, read.sigma, strict=True)
        ]
    rows += [(rng.uniform(0, 800), int(rng.integers(len(X))), "PS"[rng.integers(2)], 0.1, -1) for _ in range(noise)]
    time, station, phase, sigma, of = zip(*sorted(rows), strict=True)
    picks = Picks(np.array(station), np.array(phase), np.array(time), np.array(sigma), X, Y, ELEVATION)
    return picks, np.array(of)


def test_picks_of_one_earthquake_find_each_other_among_noise() -> None:
    picks, of = gathered(noise=60)
    found = associate(picks, TIMES, BOX, Rules(picks=8))
    assert [round(event.time) for event in found] == [round(origin) for origin in ORIGINS]
    for number, event in enumerate(found):
        assert np.hypot(event.place[0] - PLACES[number][0], event.place[1] - PLACES[number][1]) < 3e3
        own = of[event.picks] == number
        assert own.sum() >= 0.9 * (of == number).sum()
        assert (~own).sum() <= 2
    assert len({pick for event in found for pick in event.picks.tolist()}) == sum(len(event.picks) for event in found)


def test_noise_alone_makes_no_earthquake() -> None:
    rng = np.random.default_rng(4)
    time = np.sort(rng.uniform(0, 600, 60))
    picks = Picks(rng.integers(len(X), size=60), rng.choice(["P", "S"], 60), time, np.full(60, 0.1), X, Y, ELEVATION)
    assert associate(picks, TIMES, BOX, Rules(picks=8)) == []


def test_no_picks_make_no_earthquake() -> None:
    none = np.empty(0)
    picks = Picks(np.empty(0, int), np.empty(0, str), none, none, X, Y, ELEVATION)
    assert associate(picks, TIMES, BOX) == []
