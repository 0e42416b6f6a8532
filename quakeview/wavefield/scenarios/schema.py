"""Scenario files: HDF5, version 1 of the schema.

A wavefield at the surface and all that is needed to say what it is. Any HDF5 program reads it::

    /                           attributes
        format                  "QuakeView scenario"
        schema_version          1
        quakeview_version       of the program that wrote it
        created                 UTC, ISO 8601
        name                    as it is shown
        components              "X, Y, Z"; X along the region's x_azimuth, Y 90° to its left, Z up
        frame_step              s between frames
        start_time              s after the origin time, of the first frame
        frequency               Hz, highest simulated
        recorded                True if instruments recorded it and nothing was simulated; may be missing
    /velocity                   (3, nx, ny, nt) component, x, y, time; float16 or float32
        units                   "m/s"
                                velocity = stored value * /scale of its time
    /scale                      (nt,) float32, m/s; 1 for float32
    /x, /y, /time               coordinates of nodes and frames: m, m, s after the origin time
    /frames_written             how many frames there are; fewer than nt in a file that was not finished
    /peak                       m/s, largest amount of a component in the frames written
    /pgv, /t_pgv                (nx, ny) float32: peak of sqrt(vx² + vy²), m/s, and its time, s; NaN where nothing moved
    /region                     attributes name, longitude, latitude (of the corner X = Y = 0), x_azimuth (degrees
                                clockwise from the projection's north), length, width, depth (m), crs (as PROJ reads it)
    /model                      attributes name, illustrative (the geometry is invented), minimum_vs (m/s), attenuation
    /source                     attributes kind ("point", "rupture", "impulse", "unknown"), magnitude, hypocentre (X, Y,
                                depth, m), strike, dip, rake (degrees), moment (N·m), seed; those that are known
    /source/rupture             finite faults only: slip (m), rise_time (s), onset (s after the origin time), rake
                                (degrees), rigidity (Pa), each (n_dip, n_strike) from the top and from where the strike
                                begins; attributes magnitude, hypocentre, seed
    /source/rupture/plane       attributes x, y (m, corner at the top where the strike begins), strike, dip, top_depth,
                                length, width, x_azimuth

The moment rates of the source went through a causal low-pass at ``frequency`` (``MomentSources.band_limited``):
nothing moves before the origin time, and peaks come about 0.7 / ``frequency`` s later than in waves of all frequencies.
An imported file may have gone through another filter, or none.

Half precision holds 8 orders of magnitude below the peak of a frame to 0.05 %; each frame has its own scale, so that
the first faint waves are as exact as the strongest, and nothing overflows although the peak is not known beforehand.

Chunks hold 16 frames of up to 48 x 48 nodes: a frame needs one layer of chunks, a trace one column.

The file has its full size from the beginning; later only the frames, /scale, the measures, /peak and at last
/frames_written are written in place. So a crash leaves a whole file with the frames that /frames_written counts.
"""

import dataclasses
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from quakeview import __version__
from quakeview.errors import QuakeViewError
from quakeview.simulation.region import Region
from quakeview.wavefield.scenarios.header import Frames, Header

if TYPE_CHECKING:
    import h5py

    from quakeview.simulation.sources.rupture import Rupture

SUFFIXES = (".h5", ".hdf5")
FORMAT = "QuakeView scenario"
VERSION = 1
CHUNK_NODES = 48
CHUNK_FRAMES = 16
HALF_RANGE = 32768.0
"""Stored for the peak of a frame; half of what float16 holds."""
_NOTHING = 1e-30
"""m/s; a frame whose peak is less is zero."""
_STRUCTURE = 200_000
"""Bytes, generously, of what HDF5 writes beside the arrays."""
_RUPTURE_ARRAYS = ("slip", "rise_time", "onset", "rake", "rigidity")


def encode_half(frame: Frames) -> tuple[NDArray[np.float16], np.float32]:
    """A frame as float16 and the scale by which that is to be multiplied, m/s."""
    peak = np.abs(frame).max()
    if peak < _NOTHING:
        return np.zeros(frame.shape, np.float16), np.float32(1)
    scale = np.float32(peak / HALF_RANGE)
    return (frame / scale).astype(np.float16), scale


def create_datasets(file: "h5py.File", header: Header, half: bool) -> None:
    """Everything of a new file: what the header says, and room for the frames."""
    _, nx, ny = header.frame_shape
    nt = header.planned_frames
    velocity = file.create_dataset(
        "velocity", (3, nx, ny, nt), _stored_type(half), chunks=_chunks(header), dcpl=_taking_room_at_once()
    )
    velocity.attrs["units"] = "m/s"
    time = header.start_time + header.frame_step * np.arange(nt)
    for axis, (name, values, units) in enumerate((("x", header.x, "m"), ("y", header.y, "m"), ("time", time, "s")), 1):
        file[name] = np.asarray(values, float)
        file[name].attrs["units"] = units
        file[name].make_scale(name)
        velocity.dims[axis].attach_scale(file[name])
    for axis, label in enumerate(("component", "x", "y", "time")):
        velocity.dims[axis].label = label
    file["scale"] = np.ones(nt, np.float32)
    file["frames_written"] = np.int64(0)
    file["peak"] = np.float64(0)
    file["pgv"] = np.zeros((nx, ny), np.float32)
    file["t_pgv"] = np.full((nx, ny), np.nan, np.float32)
    file["pgv"].attrs["units"] = "m/s"
    file["t_pgv"].attrs["units"] = "s"


def write_header(file: "h5py.File", header: Header) -> None:
    """Attributes and groups of a new file."""
    _set_attributes(
        file,
        format=FORMAT,
        schema_version=VERSION,
        quakeview_version=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        name=header.name,
        components="X, Y, Z",
        frame_step=header.frame_step,
        start_time=header.start_time,
        frequency=header.frequency,
        recorded=header.recorded,
    )
    _set_attributes(file.create_group("region"), **dataclasses.asdict(header.region))
    _set_attributes(
        file.create_group("model"),
        name=header.model_name,
        illustrative=header.illustrative,
        minimum_vs=header.minimum_vs,
        attenuation=header.attenuation,
    )
    source = file.create_group("source")
    _set_attributes(source, **header.source, magnitude=header.magnitude, hypocentre=header.hypocentre)
    if header.rupture is not None:
        _write_rupture(source.create_group("rupture"), header.rupture)


def read_header(file: "h5py.File") -> Header:
    """What a file says about its wavefield.

    Raises:
        QuakeViewError: for a file of a newer version, or one that is no scenario.
        LookupError, AttributeError, TypeError, ValueError: if parts are missing or do not fit together.
    """
    if file.attrs.get("format") != FORMAT:
        raise QuakeViewError(
            f"{file.filename} is no scenario of QuakeView; import arrays of WaveCastNet with File > Import."
        )
    if file.attrs["schema_version"] > VERSION:
        raise QuakeViewError(f"{file.filename} was written by a newer QuakeView; update this one to open it.")
    _check_shapes(file)
    root, model, source = (_attributes(file[name]) for name in ("/", "model", "source"))
    hypocentre = source.pop("hypocentre", None)
    return Header(
        name=root["name"],
        region=Region(**_attributes(file["region"])),
        x=file["x"][:],
        y=file["y"][:],
        frame_step=root["frame_step"],
        planned_frames=file["velocity"].shape[3],
        frequency=root["frequency"],
        model_name=model["name"],
        illustrative=model["illustrative"],
        start_time=root["start_time"],
        magnitude=source.pop("magnitude", None),
        hypocentre=None if hypocentre is None else tuple(hypocentre.tolist()),
        source=source,
        rupture=_read_rupture(file["source/rupture"]) if "rupture" in file["source"] else None,
        minimum_vs=model.get("minimum_vs"),
        attenuation=model.get("attenuation"),
        recorded=root.get("recorded", model["name"] == "Recorded"),
    )


def read_frames_written(file: "h5py.File") -> int:
    """How many frames there are."""
    return min(max(int(file["frames_written"][()]), 0), file["velocity"].shape[3])


def file_size(header: Header, half: bool = True) -> int:
    """How large a file will be, bytes, within some kilobytes."""
    _, nx, ny = header.frame_shape
    shape = (3, nx, ny, header.planned_frames)
    stored = math.prod(-(-size // chunk) * chunk for size, chunk in zip(shape, _chunks(header), strict=True))
    rupture = 0 if header.rupture is None else 8 * len(_RUPTURE_ARRAYS) * header.rupture.slip.size
    return stored * _stored_type(half)().itemsize + 8 * nx * ny + 12 * header.planned_frames + rupture + _STRUCTURE


def _check_shapes(file: "h5py.File") -> None:
    components, nx, ny, nt = file["velocity"].shape
    shapes = {"x": (nx,), "y": (ny,), "time": (nt,), "scale": (nt,), "pgv": (nx, ny), "t_pgv": (nx, ny)}
    if components != 3 or any(file[name].shape != shape for name, shape in shapes.items()):
        raise ValueError("arrays of different sizes")
    if not (np.isfinite(file["scale"][:]).all() and file.attrs["frame_step"] > 0):
        raise ValueError("numbers that cannot be")


def _stored_type(half: bool) -> type[np.floating[Any]]:
    return np.float16 if half else np.float32


def _chunks(header: Header) -> tuple[int, int, int, int]:
    _, nx, ny = header.frame_shape
    across, along = (-(-nodes // -(-nodes // CHUNK_NODES)) for nodes in (nx, ny))
    return 3, across, along, min(CHUNK_FRAMES, header.planned_frames)


def _taking_room_at_once() -> "h5py.h5p.PropDCID":
    import h5py

    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    properties.set_fill_time(h5py.h5d.FILL_TIME_ALLOC)
    return properties


def _write_rupture(group: "h5py.Group", rupture: "Rupture") -> None:
    for name in _RUPTURE_ARRAYS:
        group[name] = getattr(rupture, name)
    _set_attributes(group, magnitude=rupture.magnitude, hypocentre=rupture.hypocentre, seed=rupture.seed)
    _set_attributes(group.create_group("plane"), **dataclasses.asdict(rupture.plane))


def _read_rupture(group: "h5py.Group") -> "Rupture":
    from quakeview.simulation.sources.fault_plane import FaultPlane
    from quakeview.simulation.sources.rupture import Rupture

    arrays = {name: group[name][:] for name in _RUPTURE_ARRAYS}
    return Rupture(plane=FaultPlane(**_attributes(group["plane"])), **arrays, **_attributes(group))


def _set_attributes(target: "h5py.Group", **values: Any) -> None:
    """What is None is not known, and not written."""
    for name, value in values.items():
        if value is not None:
            target.attrs[name] = value


def _attributes(source: "h5py.Group") -> dict[str, Any]:
    """Attributes as Python's own numbers and text; arrays stay arrays."""
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in source.attrs.items()}
