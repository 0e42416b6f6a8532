from pathlib import Path

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.wavefield.scenarios.official import import_official
from quakeview.wavefield.scenarios.scenario import Scenario

WAVES = np.random.default_rng(0).normal(size=(3, 344, 224, 3)).astype(np.float32)


def saved(path: Path, array: np.ndarray) -> Path:
    np.save(path, array)
    return path


def test_nothing_is_cut_and_nothing_is_turned(tmp_path: Path) -> None:
    path = saved(tmp_path / "all.npy", WAVES)
    assert import_official(path, tmp_path / "a.h5") == tmp_path / "a.h5"
    with Scenario.open(tmp_path / "a.h5") as scenario:
        assert scenario.complete
        assert scenario.shape == (3, 344, 224, 3)
        assert scenario.frame_step == 0.26
        np.testing.assert_allclose(scenario.frames(0, 3), WAVES, rtol=1e-3, atol=1e-6)
        assert scenario.region.contains(scenario.x[-1], scenario.y[-1])
        assert "assumed" in scenario.name
        assert (scenario.magnitude, scenario.hypocentre, scenario.source["kind"]) == (None, None, "unknown")


def test_normalised_arrays_become_velocities_again(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    mean, deviation = rng.normal(size=(3, 344, 224, 1)), rng.uniform(0.1, 2, (3, 344, 224))
    path = saved(tmp_path / "n.npy", WAVES.astype(np.float16))
    files = saved(tmp_path / "mean.npy", mean), saved(tmp_path / "std.npy", deviation)
    import_official(path, tmp_path / "a.h5", *files)
    with Scenario.open(tmp_path / "a.h5") as scenario:
        expected = WAVES * deviation[..., None] + mean
        np.testing.assert_allclose(scenario.frames(0, 3), expected, rtol=2e-3, atol=1e-2)
    with pytest.raises(QuakeViewError, match="needs both"):
        import_official(path, tmp_path / "b.h5", mean=files[0])
    with pytest.raises(QuakeViewError, match="3 x 344 x 224 values"):
        import_official(path, tmp_path / "b.h5", path, files[1])
    turned = saved(tmp_path / "turned.npy", np.moveaxis(deviation, 0, -1))
    with pytest.raises(QuakeViewError, match="shape 344 x 224 x 3"):
        import_official(path, tmp_path / "b.h5", files[0], turned)
    nothing = saved(tmp_path / "nan.npy", np.full_like(deviation, np.nan))
    with pytest.raises(QuakeViewError, match=r"nan\.npy holds values that are not numbers"):
        import_official(path, tmp_path / "b.h5", files[0], nothing)


def test_one_of_many_events(tmp_path: Path) -> None:
    path = saved(tmp_path / "many.npy", np.stack([WAVES, 2 * WAVES]))
    import_official(path, tmp_path / "a.h5", event=1)
    with Scenario.open(tmp_path / "a.h5") as scenario:
        np.testing.assert_allclose(scenario.frame(2), 2 * WAVES[..., 2], rtol=1e-3, atol=1e-6)
    with pytest.raises(QuakeViewError, match="holds 2 events"):
        import_official(path, tmp_path / "b.h5")
    with pytest.raises(QuakeViewError, match="holds no events"):
        import_official(saved(tmp_path / "none.npy", np.empty((0, *WAVES.shape))), tmp_path / "b.h5", event=0)
    with pytest.raises(QuakeViewError, match="already cropped"):
        import_official(saved(tmp_path / "short.npy", WAVES[None, ..., :0]), tmp_path / "b.h5", event=0)


@pytest.mark.parametrize(
    "shape", [(3, 384, 256, 2), (3, 304, 192, 2), (344, 224, 3, 2), (3, 344, 224), (3, 344, 224, 0)]
)
def test_wrong_shapes_are_explained(tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = saved(tmp_path / "x.npy", np.zeros(shape, np.float32))
    with pytest.raises(QuakeViewError, match="already cropped"):
        import_official(path, tmp_path / "a.h5")
    assert not (tmp_path / "a.h5").exists()


def test_what_is_no_array_is_explained(tmp_path: Path) -> None:
    (tmp_path / "text.npy").write_text("no")
    for path, sentence in (
        (tmp_path / "none.npy", "no NumPy array"),
        (tmp_path / "text.npy", "no NumPy array"),
        (saved(tmp_path / "whole.npy", np.zeros((3, 344, 224, 1), int)), "no floating-point"),
        (saved(tmp_path / "nan.npy", np.full((3, 344, 224, 1), np.nan, np.float16)), "not numbers"),
    ):
        with pytest.raises(QuakeViewError, match=sentence):
            import_official(path, tmp_path / "a.h5")
        assert not (tmp_path / "a.h5").exists()
    whole = saved(tmp_path / "cut.npy", WAVES).read_bytes()
    (tmp_path / "cut.npy").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(QuakeViewError, match="no NumPy array"):
        import_official(tmp_path / "cut.npy", tmp_path / "a.h5")
