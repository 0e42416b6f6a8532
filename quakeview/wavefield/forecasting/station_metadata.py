"""What station metadata say of a channel: where it stands, in which direction it points, and its response."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.wavefield.forecasting.ground_velocity import ACCELEROMETER_CORNER, DRIFT, Response

if TYPE_CHECKING:
    from obspy import Inventory, UTCDateTime
    from obspy.core.inventory import Channel

    from quakeview.waveforms.channels import ChannelId

Floats = NDArray[np.float64]

UNITS = {prefix + unit for prefix in ("", "N", "M", "C") for unit in ("M", "M/S", "M/S**2", "M/S/S")}
"""Of ground motion, with the prefixes that evalresp converts."""
METADATA_SUFFIXES = (".xml", ".stationxml", ".dataless", ".resp")
"""Of files that are meant to be station metadata. A .seed may hold them, but may as well hold waveforms."""
_NATURAL_SHARE = 1 / 20
"""Of the natural frequency of a seismometer, down to which its response can be undone: there it is 1/400."""
_DEAF = 0.5
"""Of the highest frequency: an instrument that is filtered above that has nothing to say."""
_USUAL = {"Z": (0.0, -90.0), "N": (0.0, 0.0), "E": (90.0, 0.0)}


@dataclass(frozen=True)
class Metadata:
    """What was read of stations.

    Attributes:
        files: that hold station metadata.
        report: a sentence for each file of a folder that does not, and cannot be waveforms either.
    """

    inventory: "Inventory"
    files: frozenset[Path]
    report: tuple[str, ...] = ()


def is_metadata(path: Path) -> bool:
    """Say whether a file is meant to be station metadata, by its name."""
    return path.suffix.lower() in METADATA_SUFFIXES


def read_metadata(paths: "Sequence[Path] | Inventory") -> Metadata:
    """Read the station metadata of all files together, and of everything below folders; an inventory is there already.

    Raises:
        QuakeViewError: if a file cannot be read, a folder has no metadata, or there is none.
    """
    import obspy

    if isinstance(paths, obspy.Inventory):
        return Metadata(paths, frozenset())
    if not paths:
        raise QuakeViewError("Where do the stations stand? Add their metadata, a StationXML file.")
    inventory, files, report = obspy.Inventory(), set(), []
    for path in paths:
        if not path.is_dir():
            inventory += _inventory(path)
            files.add(path.resolve())
            continue
        found = 0
        for file in sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith(".")):
            try:
                inventory += _inventory(file)
            except QuakeViewError:
                if is_metadata(file) or file.suffix.lower() == ".seed":
                    report.append(f"{file.name} could not be read as station metadata and is left out.")
                continue
            files.add(file.resolve())
            found += 1
        if not found:
            raise QuakeViewError(f"There are no station metadata in the folder {path}; choose another.")
    return Metadata(inventory, frozenset(files), tuple(report))


def _inventory(path: Path) -> "Inventory":
    import obspy

    try:
        content = path.read_bytes()
        with _alone_and_silent():
            return obspy.read_inventory(BytesIO(content))
    except OSError as error:
        raise QuakeViewError(f"{path} could not be read ({error.strerror}); choose another file.") from error
    except Exception as error:  # whatever the readers of ObsPy stumble over
        raise QuakeViewError(f"{path} could not be read as station metadata; is it StationXML?") from error


def metadata_of(channel: "ChannelId", inventory: "Inventory", when: "UTCDateTime") -> "Channel":
    """Raises:
    QuakeViewError: if the metadata do not know the channel then.
    """
    for network in inventory:
        for station in network if network.code == channel.network else ():
            for about in station if station.code == channel.station else ():
                same = (about.code, about.location_code) == (channel.channel, channel.location)
                if same and about.is_active(time=when):
                    return about
    raise QuakeViewError(f"{channel} is left out: the metadata do not know it at that time.")


def axis(channel: "ChannelId", about: "Channel") -> tuple[float, float, float]:
    """Unit vector (north, east, up) along which a sensor is positive; Z, N and E are what they say by default.

    Raises:
        QuakeViewError: for another channel without azimuth and dip.
    """
    azimuth, dip = about.azimuth, about.dip
    if azimuth is None or dip is None:
        if channel.channel[-1:] not in _USUAL:
            raise QuakeViewError(f"{channel} is left out: the metadata do not say in which direction it points.")
        azimuth, dip = _USUAL[channel.channel[-1:]]
    azimuth, dip = np.radians(float(azimuth)), np.radians(float(dip))
    return float(np.cos(azimuth) * np.cos(dip)), float(np.sin(azimuth) * np.cos(dip)), float(-np.sin(dip))


def response_of(channel: "ChannelId", about: "Channel") -> Response:
    """Counts per m/s of ground velocity against frequency; a gain alone is taken to hold at all frequencies.

    Raises:
        QuakeViewError: here, if there is no response or it is not to ground motion; later, if it cannot be evaluated.
    """
    from obspy.core.inventory import Response as Metadata

    response = about.response
    units = _units(about)
    if units not in UNITS:
        said = f"it records {units}" if units else "the metadata have no response"
        raise QuakeViewError(f"{channel} is left out: {said}, which cannot be made ground motion.")
    if not response.response_stages:
        gain = response.instrument_sensitivity.value
        response = Metadata.from_paz([], [], gain, input_units=units, output_units="COUNTS")

    def counts(frequencies: Floats) -> NDArray[np.complex128]:
        try:
            with _alone_and_silent():
                found: NDArray[np.complex128] = response.get_evalresp_response_for_frequencies(
                    frequencies, output="VEL", hide_sensitivity_mismatch_warning=True
                )
        except Exception as error:  # whatever evalresp stumbles over
            raise QuakeViewError(f"{channel} is left out: its response cannot be evaluated.") from error
        if not (np.isfinite(found).all() and np.abs(found).all()):
            raise QuakeViewError(f"{channel} is left out: its response cannot be inverted.")
        return found

    return counts


def high_pass_corner(channel: "ChannelId", about: "Channel", frequency: float) -> float:
    """Corner of the high-pass below which the instrument does not know slow motion well, Hz.

    It is ``ACCELEROMETER_CORNER`` for accelerometers, a twentieth of their natural frequency for seismometers that are
    not slow, and for all others that of ``ground_velocity.DRIFT``.

    Raises:
        QuakeViewError: if hardly anything is left below ``frequency``, or as ``response_of``.
    """
    corner = DRIFT * frequency
    if is_accelerometer(channel, about):
        return max(corner, ACCELEROMETER_CORNER)
    trial = np.logspace(-3, np.log10(0.4 * float(about.sample_rate or 20.0)), 200)
    gain = np.abs(response_of(channel, about)(trial))
    natural = float(trial[np.argmax(gain >= gain.max() / np.sqrt(2))])
    corner = max(corner, _NATURAL_SHARE * natural)
    if corner > _DEAF * frequency:
        raise QuakeViewError(
            f"{channel} is left out: below {natural:.2g} Hz it is deaf, and the forecaster needs waves up to "
            f"{frequency:g} Hz."
        )
    return corner


def is_accelerometer(channel: "ChannelId", about: "Channel") -> bool:
    """By the instrument code N, or because its response takes in acceleration."""
    return channel.channel[1:2] == "N" or _units(about).endswith(("M/S**2", "M/S/S"))


def _units(about: "Channel") -> str:
    """Of what the response takes in; empty if it is not said."""
    response = about.response
    if response is None:
        return ""
    parts = [*response.response_stages[:1], response.instrument_sensitivity]
    said = [part.input_units for part in parts if part is not None and part.input_units]
    return str(said[0]).upper() if said else ""


@contextmanager
def _alone_and_silent() -> Iterator[None]:
    """evalresp and the warning filters are global: one at a time."""
    from quakeview.waveforms.formats import OBSPY_LOCK

    with OBSPY_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
