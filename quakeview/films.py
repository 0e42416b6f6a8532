"""Films: MP4 (H.264) and GIF."""

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.atomic import written_whole
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress

Picture = NDArray[np.uint8]

SUFFIXES = (".mp4", ".gif")
_QUALITY = 18  # constant rate factor of H.264: 0 is lossless, 23 is usual
_ENCODING = f"-an -c:v libx264 -preset faster -crf {_QUALITY} -pix_fmt yuv420p -movflags +faststart"
_COLOURS = "-vf scale=out_color_matrix=bt709 -colorspace bt709 -color_primaries bt709 -color_trc bt709"
_NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows


def write_film(
    path: Path, pictures: Iterable[Picture], fps: float, n_pictures: int, progress: Progress = Progress()
) -> None:
    """Write pictures (height, width, 3), all of one size, as .mp4 or .gif. Nothing is left of a film that fails.

    An MP4 has even sizes: an odd last row or column is doubled. A GIF is for short films: each picture has 256 colours
    of its own, lasts a whole number of hundredths of a second and stays in memory until the end.

    Args:
        pictures: as they come.
        fps: pictures a second.
        n_pictures: how many will come, for the progress.

    Raises:
        QuakeViewError: for another suffix, no picture, pictures of different sizes, or a film that cannot be written.
        Cancelled: through ``progress``; what was at ``path`` before is intact.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise QuakeViewError(f"“{path.name}” must end in {' or '.join(SUFFIXES)}, the films that QuakeView writes.")
    write = _write_mp4 if suffix == ".mp4" else _write_gif
    with written_whole(path) as part:
        write(part, _checked(pictures, n_pictures, progress), fps)


def _checked(pictures: Iterable[Picture], n_pictures: int, progress: Progress) -> Iterator[Picture]:
    shape: tuple[int, ...] = ()
    for number, picture in enumerate(pictures):
        progress.advance(number, n_pictures, "Film")
        shape = shape or picture.shape
        if picture.shape != shape:
            raise QuakeViewError("The pictures of the film differ in size; leave the window as it is and try again.")
        yield picture
    if not shape:
        raise QuakeViewError("There is no picture to make a film of.")
    progress.advance(n_pictures, n_pictures, "Film")


def _write_mp4(path: Path, pictures: Iterator[Picture], fps: float) -> None:
    first = _even(next(pictures))
    height, width, _ = first.shape
    source = f"-f rawvideo -pix_fmt rgb24 -s {width}x{height} -r {fps:.6g} -i -"
    options = f"-y -v error {source} {_ENCODING} {_COLOURS}".split()
    with tempfile.TemporaryFile() as messages:
        encoder = subprocess.Popen(
            [_ffmpeg(), *options, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=messages,
            creationflags=_NO_CONSOLE,
        )
        assert encoder.stdin is not None
        try:
            for picture in chain([first], map(_even, pictures)):
                encoder.stdin.write(picture.tobytes())
        except BrokenPipeError:
            pass  # the encoder gave up; its messages say why
        except BaseException:
            encoder.kill()
            raise
        finally:
            with suppress(BrokenPipeError):
                encoder.stdin.close()
            failed = encoder.wait()
        if failed:
            messages.seek(0)
            reasons = messages.read().decode(errors="replace").split("\n")
            raise OSError(failed, next((line for line in reasons if line.strip()), "ffmpeg failed"))


def _ffmpeg() -> str:
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise QuakeViewError("MP4 films need ffmpeg, which is missing; install it, or write a .gif.") from error


def _even(picture: Picture) -> Picture:
    height, width, _ = picture.shape
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _write_gif(path: Path, pictures: Iterator[Picture], fps: float) -> None:
    from PIL import Image

    images = (Image.fromarray(picture).quantize(dither=Image.Dither.NONE) for picture in pictures)
    hundredths = max(round(100 / fps), 2)  # browsers slow down anything faster
    next(images).save(
        path, save_all=True, append_images=images, duration=10 * hundredths, loop=0, optimize=True, disposal=1
    )
