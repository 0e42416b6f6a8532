"""The network for one station that ships with QuakeView."""

import numpy as np

from quakeview.paths import shipped_models_dir
from quakeview.registry import CHARACTERISATION, chosen_model
from quakeview.single_station.calibration import read_calibration
from quakeview.single_station.estimates import NETWORK, RULE
from quakeview.single_station.networks import chosen_network
from tests.single_station.test_rules import wave

FOLDER = shipped_models_dir() / "SeisMoLLM-S-station"


def test_it_is_ours_and_was_measured_with_the_weights_that_ship() -> None:
    assert chosen_model(None, CHARACTERISATION).name == FOLDER.name
    measured = read_calibration(FOLDER)
    assert set(measured.scores) == {"magnitude", "distance", "back_azimuth", "polarity"}
    assert measured.default_of("polarity") == RULE
    assert measured.default_of("distance") == NETWORK


def test_it_says_what_was_put_into_a_record() -> None:
    network = chosen_network(None)
    assert network is not None
    data = wave(75.0)
    said = network.values(data, np.ones(data.shape, bool), 4.0)
    assert 20e3 < said["distance"].value < 50e3  # 8 km/s times 4 s
    assert abs(said["back_azimuth"].value - 75.0) < 20
    assert said["polarity"].polarity.value == "up"
    assert said["polarity"].polarity != network.values(-data, np.ones(data.shape, bool), 4.0)["polarity"].polarity
