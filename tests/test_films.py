"""Films, decoded again."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from quakeview.errors import QuakeViewError
from quakeview.films import write_film
from quakeview.jobs import Cancelled, Progress

N = 12


def pictures(height: int = 61, width: int = 85, n: int = N) -> Iterator[np.ndarray]:
    """A red bar that moves down over blue."""
    for index in range(n):
        picture = np.zeros((height, width, 3), np.uint8)
        picture[..., 2] = 200
        picture[4 * index : 4 * index + 8] = (220, 30, 20)
        yield picture


def decoded(path: Path) -> tuple[dict, np.ndarray]:
    film = imageio_ffmpeg.read_frames(str(path))
    meta = next(film)
    width, height = meta["size"]
    return meta, np.stack([np.frombuffer(picture, np.uint8).reshape(height, width, 3) for picture in film])


def test_mp4(tmp_path: Path) -> None:
    path = tmp_path / "waves.mp4"
    write_film(path, pictures(), 15.0, N)
    meta, film = decoded(path)
    assert (meta["codec"], meta["fps"], meta["size"]) == ("h264", 15.0, (86, 62))
    assert film.shape[0] == N
    for index, picture in enumerate(pictures()):
        difference = film[index, :61, :85].astype(int) - picture
        assert np.abs(difference).mean() < 8
    assert list(tmp_path.iterdir()) == [path]


def test_gif(tmp_path: Path) -> None:
    path = tmp_path / "waves.GIF"
    write_film(path, pictures(), 12.5, N)
    with Image.open(path) as film:
        assert (film.n_frames, film.size) == (N, (85, 61))
        for index, picture in enumerate(pictures()):
            film.seek(index)
            assert film.info["duration"] == 80
            np.testing.assert_allclose(np.asarray(film.convert("RGB")), picture, atol=2)
        assert film.info["loop"] == 0
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["waves.mp4", "waves.gif"])
def test_a_cancelled_film_leaves_what_was_there(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("an older film")
    progress = Progress()

    def cancelled_on_the_way() -> Iterator[np.ndarray]:
        for index, picture in enumerate(pictures()):
            if index == 5:
                progress.cancel()
            yield picture

    with pytest.raises(Cancelled):
        write_film(path, cancelled_on_the_way(), 10, N, progress)
    assert path.read_text() == "an older film"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["waves.mp4", "waves.gif"])
def test_films_that_cannot_be(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with pytest.raises(QuakeViewError, match="no picture"):
        write_film(path, [], 10, 0)
    with pytest.raises(QuakeViewError, match="differ in size"):
        write_film(path, [*pictures(n=2), *pictures(height=30, n=1)], 10, 3)
    with pytest.raises(QuakeViewError, match="choose another place"):
        write_film(tmp_path / "nowhere" / name, pictures(), 10, N)
    with pytest.raises(ZeroDivisionError):
        write_film(path, (picture // 0 if i else 1 / 0 for i, picture in enumerate(pictures())), 10, N)
    assert not any(tmp_path.iterdir())


def test_other_suffixes(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match=r"must end in \.mp4 or \.gif"):
        write_film(tmp_path / "waves.avi", pictures(), 10, N)


def test_without_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", missing)
    with pytest.raises(QuakeViewError, match=r"write a \.gif"):
        write_film(tmp_path / "waves.mp4", pictures(), 10, N)
    assert not any(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for ffmpeg")
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ffmpeg fails after a while and leaves a part."""
    broken = tmp_path / "ffmpeg"
    broken.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        "sys.stdin.buffer.read(100)\n"
        "open(sys.argv[-1], 'w').write('part')\n"
        "sys.exit('No space left on device')\n"
    )
    broken.chmod(0o700)
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", lambda: str(broken))
    folder = tmp_path / "films"
    folder.mkdir()
    with pytest.raises(QuakeViewError, match=r"waves\.mp4 could not be written \(No space left on device\)"):
        write_film(folder / "waves.mp4", pictures(300, 400), 10, N)
    assert not any(folder.iterdir())


def test_progress_counts_pictures(tmp_path: Path) -> None:
    seen: list[tuple[float, float]] = []
    progress = Progress()
    progress.on_advance = lambda done, total, message: seen.append((done, total))  # type: ignore[method-assign]
    write_film(tmp_path / "waves.gif", pictures(n=3), 10, 3, progress)
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
