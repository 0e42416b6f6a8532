from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from quakeview.colours import DARK, LIGHT, Colours
from quakeview.errors import QuakeViewError
from quakeview.geography import Station
from quakeview.jobs import Cancelled, Progress
from quakeview.wavefield.components import Component
from quakeview.wavefield.forecasting import figures
from quakeview.wavefield.forecasting.figures import write_comparison_figure, write_comparison_film
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.samples import sample_scenario
from quakeview.wavefield.scenarios.scenario import Scenario
from tests.wavefield.fields import header, velocity
from tests.wavefield.forecasting.fakes import fake_forecast


@pytest.fixture(scope="module")
def sample() -> Scenario:
    return Scenario.open(sample_scenario())


@pytest.fixture
def truth() -> LiveWavefield:
    wavefield = LiveWavefield(header())
    values = velocity()
    for index in range(40):
        wavefield.append(index, values[..., index])
    return wavefield


def test_maps_show_truth_forecast_and_error_in_the_same_colours(sample: Scenario) -> None:
    forecast = fake_forecast(sample, noise=0.3)
    comparison = figures._Comparison(sample, forecast, Component.X, 2)
    comparison.show(0, 60)
    true, said, error = (np.asarray(image.get_array()) for image in comparison._images[0])
    np.testing.assert_allclose(true, 100 * sample.frame(60)[0].T, rtol=1e-5)
    np.testing.assert_allclose(said, 100 * forecast.frame(60)[0].T, rtol=1e-5)
    np.testing.assert_allclose(error, said - true, atol=1e-6)
    assert len({image.get_clim() for row in comparison._images for image in row}) == 1
    assert [axes.get_title() for axes in comparison._axes[0]] == ["Truth, 31.2 s", "Forecast, 31.2 s", "Error, 31.2 s"]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("component", [Component.Y, Component.HORIZONTAL])
def test_the_colours_are_those_of_the_window(truth: LiveWavefield, component: Component, colours: Colours[str]) -> None:
    comparison = figures._Comparison(truth, fake_forecast(truth, 10.0), component, 1, 0.02, colours)
    comparison.show(0, 30)
    image, scale, values = comparison._images[0][0], component.scale(0.02), component.values(truth.frame(30))
    drawn = image.to_rgba(image.get_array(), bytes=True).astype(int)
    on_screen = scale.rgba(values.T, colours.is_dark).astype(int)
    assert np.abs(drawn - on_screen).max() <= 6  # a neighbour in the table of 256
    picture = next(comparison.pictures([30]))
    assert picture[0, 0].tolist() == [int(colours.base[i : i + 2], 16) for i in (1, 3, 5)]


def test_the_error_of_the_horizontal_velocity_is_the_length_of_the_difference(sample: Scenario) -> None:
    forecast = fake_forecast(sample, noise=0.3)
    comparison = figures._Comparison(sample, forecast, Component.HORIZONTAL, 1)
    comparison.show(0, 60)
    difference = forecast.frame(60) - sample.frame(60)
    error = np.asarray(comparison._images[0][2].get_array())
    np.testing.assert_allclose(error, 100 * np.hypot(*difference[:2]).T, rtol=1e-5)


def test_the_input_shows_what_was_known_and_no_error(sample: Scenario) -> None:
    station = Station("AAA", float(sample.x[50]), float(sample.y[40]))
    comparison = figures._Comparison(sample, fake_forecast(sample, stations=(station,)), Component.Z, 1)
    comparison.show(0, 20)
    _, known, error = (np.ma.filled(image.get_array(), np.nan) for image in comparison._images[0])
    assert np.isfinite(known).sum() == 1
    assert known[40, 50] == pytest.approx(100 * sample.frame(20)[2, 50, 40], rel=1e-5)
    assert np.isnan(error).all()
    assert comparison._axes[0, 1].get_title() == "Input, 10.4 s"


@pytest.mark.parametrize("name", ["a.png", "a.pdf", "a.svg"])
def test_figures_as_files(truth: LiveWavefield, tmp_path: Path, name: str) -> None:
    write_comparison_figure(truth, fake_forecast(truth, 10.0), [5.0, 15.0], tmp_path / name)
    start = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml"}[Path(name).suffix]
    assert (tmp_path / name).read_bytes().startswith(start)
    if name.endswith("png"):
        with Image.open(tmp_path / name) as picture:
            assert picture.width == 2560
            assert len(picture.convert("RGB").getcolors(1 << 24)) > 50


def test_a_film_of_the_frames_so_far(truth: LiveWavefield, tmp_path: Path) -> None:
    forecast = fake_forecast(truth, 10.0, complete=False)
    write_comparison_film(truth, forecast, tmp_path / "a.mp4", speed=5.0)
    film = imageio_ffmpeg.read_frames(str(tmp_path / "a.mp4"))
    meta = next(film)
    pictures = [np.frombuffer(picture, np.uint8).astype(int) for picture in film]
    assert (meta["fps"], len(pictures)) == (10.0, 30)
    assert np.abs(pictures[5] - pictures[29]).mean() > 0.3


def test_pictures_of_a_film_are_those_of_the_figure(truth: LiveWavefield) -> None:
    """What is drawn only once is as if everything were drawn anew."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    forecast = fake_forecast(truth, 10.0)
    (_, last) = figures._Comparison(truth, forecast, Component.HORIZONTAL, 1).pictures([5, 25])
    comparison = figures._Comparison(truth, forecast, Component.HORIZONTAL, 1)
    comparison.show(0, 25)
    canvas = FigureCanvasAgg(comparison.figure)
    canvas.draw()
    anew = np.asarray(canvas.buffer_rgba())[..., :3].astype(int)
    assert (np.abs(last - anew).max(axis=-1) > 30).mean() < 0.002


def test_bad_questions_are_explained(truth: LiveWavefield, tmp_path: Path) -> None:
    forecast = fake_forecast(truth, 10.0)
    with pytest.raises(QuakeViewError, match=r"must end in \.png"):
        write_comparison_figure(truth, forecast, [15.0], tmp_path / "a.bmp")
    with pytest.raises(QuakeViewError, match=r"frames from 0 to 19\.5 s"):
        write_comparison_figure(truth, forecast, [25.0], tmp_path / "a.png")
    with pytest.raises(QuakeViewError, match="choose one or more"):
        write_comparison_figure(truth, forecast, [], tmp_path / "a.png")
    other = LiveWavefield(header(nx=10))
    with pytest.raises(QuakeViewError, match="choose a forecast of this scenario"):
        write_comparison_film(other, forecast, tmp_path / "a.mp4")
    assert not any(tmp_path.iterdir())


def test_a_cancelled_film_leaves_nothing(truth: LiveWavefield, tmp_path: Path) -> None:
    progress = Progress()
    progress.on_advance = lambda done, total, message: progress.cancel() if done == 3 else None  # type: ignore[method-assign]
    with pytest.raises(Cancelled):
        write_comparison_film(truth, fake_forecast(truth, 10.0), tmp_path / "a.gif", progress=progress)
    assert not any(tmp_path.iterdir())
