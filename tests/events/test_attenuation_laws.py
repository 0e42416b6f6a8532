import re
from pathlib import Path

import numpy as np
import pytest
from obspy.signal.invsim import estimate_magnitude, estimate_wood_anderson_amplitude

from quakeview.errors import QuakeViewError
from quakeview.events.attenuation_laws import LAWS, MAGNIFICATION, AttenuationLaw, read_attenuation_law
from quakeview.paths import resources_dir

MILLIMETRE = 1e-3 / MAGNIFICATION
"""What a Wood-Anderson seismometer of magnification 1 shows where the real one writes 1 mm."""


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
        ("Southern Korea (Hong 2000)", 10, 17, 3.0, 1e-9),
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


def test_the_guide_lists_every_law_and_its_files_are_laws(tmp_path: Path) -> None:
    page = (resources_dir() / "guide" / "local-magnitude.md").read_text(encoding="utf-8")
    listed = [row.split("|")[1].strip() for row in page.splitlines() if row.startswith("|")]
    assert listed[2:] == list(LAWS)
    files = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    for number, text in enumerate(files):
        (tmp_path / f"{number}.toml").write_text(text)
        assert float(read_attenuation_law(tmp_path / f"{number}.toml").curve(np.array([100.0]))[0]) == 3
    assert len(files) == 2
