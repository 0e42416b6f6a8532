"""Scenario files, read and written. What is in them is described in ``schema``."""

import errno
import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quakeview.atomic import hidden_beside, put_new
from quakeview.errors import QuakeViewError
from quakeview.wavefield.ground_motion.measures import PeakMeasures
from quakeview.wavefield.scenarios.header import Frames, Header, Wavefield
from quakeview.wavefield.scenarios.schema import (
    CHUNK_FRAMES,
    create_datasets,
    encode_half,
    file_size,
    read_frames_written,
    read_header,
    write_header,
)

if TYPE_CHECKING:
    import h5py

CACHE_BYTES = 64_000_000
"""Stored frames that an open scenario keeps in memory."""


class Scenario(Wavefield):
    """A scenario file. Only the frames in use are in memory; any thread may ask at any time."""

    def __init__(self, path: Path, file: "h5py.File") -> None:
        self.path = path
        self.header: Header = read_header(file)
        self._file = file
        self._velocity: h5py.Dataset = file["velocity"]
        self._scale: Frames = file["scale"][:]
        self._n_frames = read_frames_written(file)
        self._peak = float(file["peak"][()])
        self._pgv, self._t_pgv = file["pgv"][:], file["t_pgv"][:]
        self._blocks: OrderedDict[int, NDArray[Any]] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> "Scenario":
        """Open a file; one that was not finished has the frames that were written.

        Raises:
            QuakeViewError: if it is not there, damaged, no scenario, or from a newer QuakeView.
        """
        with opened(path, keep=True) as file:
            return cls(Path(path), file)

    @property
    def n_frames(self) -> int:
        return self._n_frames

    @property
    def peak(self) -> float:
        return self._peak

    @property
    def pgv(self) -> Frames:
        return self._pgv

    @property
    def t_pgv(self) -> Frames:
        return self._t_pgv

    def frame(self, index: int) -> Frames:
        if not 0 <= index < self.n_frames:
            raise IndexError(f"frame {index} of {self.n_frames}")
        block, within = divmod(index, CHUNK_FRAMES)
        frame: Frames = self._block(block)[..., within].astype(np.float32)
        frame *= self._scale[index]
        return frame

    def frames(self, start: int, stop: int) -> Frames:
        stop = min(stop, self.n_frames)
        return self._read(np.s_[:, :, :, start:stop], self._scale[start:stop])

    def traces(self, ix: ArrayLike, iy: ArrayLike) -> Frames:
        pairs = zip(np.atleast_1d(ix), np.atleast_1d(iy), strict=True)
        scale = self._scale[: self.n_frames]
        traces = [self._read(np.s_[:, int(i), int(j), : self.n_frames], scale) for i, j in pairs]
        return np.stack(traces) if traces else np.zeros((0, 3, self.n_frames), np.float32)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "Scenario":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _block(self, number: int) -> NDArray[Any]:
        """Stored values of frames that share chunks."""
        with self._lock:
            if number in self._blocks:
                self._blocks.move_to_end(number)
                return self._blocks[number]
            first = number * CHUNK_FRAMES
            block = self._stored(np.s_[:, :, :, first : min(first + CHUNK_FRAMES, self.n_frames)])
            self._blocks[number] = block
            while len(self._blocks) > 1 and sum(kept.nbytes for kept in self._blocks.values()) > CACHE_BYTES:
                self._blocks.popitem(last=False)
            return block

    def _read(self, where: tuple[Any, ...], scale: Frames) -> Frames:
        values = self._stored(where).astype(np.float32)
        values *= scale
        return values

    def _stored(self, where: tuple[Any, ...]) -> NDArray[Any]:
        try:
            return self._velocity[where]
        except (OSError, RuntimeError, ValueError) as error:
            raise QuakeViewError(
                f"{self.path} could not be read; it is damaged, was removed, or has been closed. Open it again."
            ) from error


class ScenarioWriter:
    """A file that grows. Frames are gathered until they fill a chunk; what is in the file survives a crash.

    All room is taken when the file is made: a disk that fills up later does no harm, and no structure of the file
    changes any more, so that it is whole at every moment. As a context manager it finishes the file at the end; after
    an error or a cancel the frames there are are kept, and a file without any is removed.
    """

    def __init__(
        self, path: Path, header: Header, half: bool = True, beside: int = 0, called: Path | None = None
    ) -> None:
        """Begin a file.

        Args:
            half: float16 with a scale for each frame, or float32.
            beside: bytes that will be added when the scenario is written, for which there must be room too.
            called: what sentences call the file, if it has another name while it is written.

        Raises:
            QuakeViewError: if there is a file already, or none can be written there, or the disk is too full.
        """
        import h5py

        self.path = Path(path)
        self._called = called or self.path
        self._header = header
        self._half = half
        self._measures = PeakMeasures(*header.frame_shape[1:])
        self._peak = 0.0
        self._written = 0
        self._gathered: list[Frames] = []
        with (
            _room(self.path, self._called, file_size(header, half) + beside) as part,
            explained(self._called),
            h5py.File(part, "w") as file,
        ):
            write_header(file, header)
            create_datasets(file, header, half)
        with explained(self._called):
            self._file = h5py.File(self.path, "r+")

    def write(self, index: int, frame: Frames) -> None:
        """Add the next frame, (3, nx, ny) along X, Y and up in m/s.

        Raises:
            QuakeViewError: if the file cannot be written any more; what was written before is kept and readable.
            ValueError: for a frame out of order, or of another shape.
        """
        if index != self._written + len(self._gathered) or frame.shape != self._header.frame_shape:
            raise ValueError(f"frame {index} of shape {frame.shape}")
        self._gathered.append(np.array(frame, np.float32))
        if len(self._gathered) == CHUNK_FRAMES or index + 1 == self._header.planned_frames:
            self._flush()

    def finish(self) -> None:
        """Write what is gathered and close the file. Fewer frames than planned leave an incomplete scenario."""
        self._flush()
        with explained(self._called):
            self._file.close()

    def abort(self) -> None:
        """Keep the frames there are as an incomplete scenario, or remove the file if there are none."""
        self.finish()
        if not self._written:
            self.path.unlink()

    def __enter__(self) -> "ScenarioWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self.finish()
        else:
            self.abort()

    def _flush(self) -> None:
        """The frames first, then that they are there: a crash between the two loses them and nothing else."""
        if not self._gathered:
            return
        first, last = self._written, self._written + len(self._gathered)
        encoded = [encode_half(frame) if self._half else (frame, np.float32(1)) for frame in self._gathered]
        file = self._file
        with explained(self._called):
            file["velocity"][..., first:last] = np.stack([values for values, _ in encoded], axis=-1)
            file["scale"][first:last] = [scale for _, scale in encoded]
            file.flush()
        for index, frame in enumerate(self._gathered, first):
            self._measures.update(self._header.start_time + index * self._header.frame_step, frame)
            self._peak = max(self._peak, float(np.abs(frame).max()))
        with explained(self._called):
            file["pgv"][:], file["t_pgv"][:] = self._measures.pgv, self._measures.t_pgv
            file["peak"][()] = self._peak
            file["frames_written"][()] = last
            file.flush()
        self._written, self._gathered = last, []


@contextmanager
def opened(path: Path, keep: bool = False) -> "Iterator[h5py.File]":
    """A scenario file for reading; closed again unless it is to be kept and all went well.

    Raises:
        QuakeViewError: for files that are not there, not HDF5, damaged or without what a scenario needs.
    """
    import h5py

    if not Path(path).is_file():
        raise QuakeViewError(f"{path} is not there; choose another file.")
    try:
        file = h5py.File(path, "r", locking=False)
    except OSError as error:
        raise QuakeViewError(
            f"{path} is no HDF5 file, or a part of one is missing; choose another or copy it again."
        ) from error
    try:
        yield file
    except (LookupError, AttributeError, TypeError, ValueError, OSError, RuntimeError) as error:
        file.close()
        raise QuakeViewError(
            f"{path} lacks parts of a scenario, or they do not fit together; it is damaged or from another program."
        ) from error
    except BaseException:
        file.close()
        raise
    if not keep:
        file.close()


@contextmanager
def _room(path: Path, called: Path, size: int) -> Iterator[Path]:
    """A hidden file of ``size`` bytes, named ``path`` once the block has made it whole: nobody reads half a structure.

    HDF5 cannot even close a file that it could not write, so that there is room is found out before.

    Raises:
        QuakeViewError: if there is a file already, no room, or no file can be there.
    """
    part = hidden_beside(path)
    try:
        if path.exists():
            raise FileExistsError
        with part.open("xb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            elif shutil.disk_usage(path.parent).free < size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        yield part
        put_new(part, path)
    except FileExistsError as error:
        raise QuakeViewError(f"{called} exists already; choose another name, or delete it first.") from error
    except OSError as error:
        raise QuakeViewError(
            f"{called} needs {size / 1e6:.0f} MB and could not be written ({error.strerror}); "
            "make room or choose another place."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Failures while a file is written become a sentence."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise QuakeViewError(
            f"{path} could not be written further ({error}); choose another place. What was written before is kept."
        ) from error
