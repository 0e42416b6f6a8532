from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.events.velocity_models import (
    PUBLISHED,
    VelocityModel,
    cautions,
    layers_csv,
    of_layers,
    read_velocity_model,
)

LAYERS = "depth_km, vp, vs\n0, 5.5, 3.2\n# a comment\n16, 6.7, 3.9\n"


def test_published_models_have_a_source_and_grow_with_depth() -> None:
    for model in PUBLISHED.values():
        assert model.source
        assert model.slow_layers == []
        assert 7000 < model.vp[-1] < 8500


def test_a_model_is_read_from_csv_and_from_toml(tmp_path: Path) -> None:
    (tmp_path / "valley.csv").write_text(LAYERS)
    (tmp_path / "valley.toml").write_text(
        'name = "Valley"\nvp_vs = 1.7\n[[layers]]\ndepth_km = 0\nvp = 5.1\n[[layers]]\ndepth_km = 9\nvp = 6.8\nvs = 4\n'
    )
    model = read_velocity_model(tmp_path / "valley.csv")
    assert (model.name, model.tops.tolist(), model.vs.tolist()) == ("valley", [0, 16_000], [3200, 3900])
    model = read_velocity_model(tmp_path / "valley.toml")
    assert (model.name, model.vs.tolist()) == ("Valley", [pytest.approx(3000), 4000])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "depth, vp\n0, 5\n", "needs the columns depth_km"),
        ("a.csv", "depth_km, vp, vs\n", "holds no layer"),
        ("a.csv", "depth_km, vp, vs\n0, 5500, 3200\n", "give them in km/s"),
        ("a.csv", "depth_km, vp, vs\n0, 5.5, 5\n", "Vp/Vs"),
        ("a.csv", "depth_km, vp, vs\n5, 5.5, 3\n0, 6, 3.5\n", "must go down"),
        ("a.csv", "depth_km, vp, vs\n0, nan, 3\n", "not a number"),
        ("a.csv", "depth_km, vp, vs\ninf, 5, 3\ninf, 6, 3.5\n", "not a number"),
        ("a.toml", "[[layers]]\ndepth_km = 0\nvp = 5.5\n", "has no vs"),
        ("a.toml", "[[layers]]\ndepth = 0\n", "depth_km"),
    ],
)
def test_what_is_wrong_with_a_model_is_one_sentence(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(QuakeViewError, match=said):
        read_velocity_model(tmp_path / name)


def test_slow_layers_are_found() -> None:
    model = VelocityModel("x", "x", np.array([0.0, 1e3, 2e3]), np.array([5e3, 4e3, 6e3]), np.array([3e3, 2.3e3, 3.5e3]))
    assert model.slow_layers == [1]


def test_what_a_model_cannot_do_is_told() -> None:
    iasp91 = PUBLISHED["iasp91"]
    assert cautions(iasp91) == cautions(iasp91, 20e3) == []
    assert cautions(iasp91, 42e3) == ["The deepest earthquake is at 42 km; below 35 km velocities stay the same."]
    (inversion,) = cautions(of_layers("x", "x", [(0, 5, 3), (1.5, 4, 2.3), (4, 6, 3.5)]))
    assert inversion.startswith("1 layer is slower than one above (from 1.5 km)")
    (single,) = cautions(of_layers("x", "x", [(0, 6, 3.5)]), 10e3)
    assert single.startswith("There is one layer")


def test_layers_come_back_from_csv_as_they_were(tmp_path: Path) -> None:
    for model in PUBLISHED.values():
        (tmp_path / "copy.csv").write_text(layers_csv(model))
        copy = read_velocity_model(tmp_path / "copy.csv")
        np.testing.assert_allclose([copy.tops, copy.vp, copy.vs], [model.tops, model.vp, model.vs], rtol=1e-8)


def test_a_file_does_not_pass_for_a_published_model(tmp_path: Path) -> None:
    for file, text in (("iasp91.csv", LAYERS), ("my.csv", LAYERS)):
        (tmp_path / file).write_text(text)
    names = [read_velocity_model(tmp_path / file).name for file in ("iasp91.csv", "my.csv")]
    assert names == ["iasp91.csv", "my"]
