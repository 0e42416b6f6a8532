"""NonLinLoc: phase observations of events (``.obs``) and located events (``.hyp``).

Lomax et al., NonLinLoc user's guide, "Hypocenter-phase file" and "Phase file formats". Lengths are in km, the
covariance is of x (east), y (north) and depth, and the ellipsoid is that of 68 %.
"""

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
import obspy
import obspy.core.event as quakeml
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview import __version__
from quakeview.events.event import Event, EventStatus, Origin, Uncertainty
from quakeview.events.exchange.losses import FOR_NO_LOCATOR, left_out, written_as_zero
from quakeview.events.exchange.readings import Reading, by_id, readings
from quakeview.events.quakeml.ellipsoids import CONFIDENCE, chi_square
from quakeview.events.quakeml.writing import set_uncertainty
from quakeview.monitoring.nonlinloc import NOT_USED, format_line, losses_of
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.monitoring.quakeml import leave_out
from quakeview.stations.coordinates import Coordinates
from quakeview.texts import counted

OBSERVATIONS, HYPOCENTRES = "NonLinLoc obs", "NonLinLoc hyp"
_LACKS = (
    "amplitudes", "magnitudes", "names of velocity models", "focal mechanisms", "review statuses", "types of events",
    "reviewers",
)  # fmt: skip
_LACKS_ALSO = ("picks of no event", "picks without a station", "probabilities of picks", "origins", "names of events")
_HEADING = (
    "PHASE ID Ins Cmp On Pha  FM Date     HrMn   Sec     Err  ErrMag    Coda      Amp       Per  >   TTpred    Res"
    "       Weight    StaLoc(X  Y         Z)        SDist    SAzim  RAz  RDip RQual    Tcorr"
)
_COVARIANCE = re.compile(r"CovXX (\S+) XY (\S+) XZ (\S+) YY (\S+) YZ (\S+) ZZ (\S+)")
_ROTATION = re.compile(r"RotCW (\S+)")


def format_observations(events: Sequence[Event], picks: Sequence[Pick]) -> tuple[str, list[str]]:
    """The text of a phase file, a block for each event, and sentences about what it cannot hold."""
    known = by_id(picks)
    written: list[Pick] = []
    text, unused = "", 0
    for event in events:
        every = readings(event, known)
        seen = [reading.pick for reading in every if reading.arrival.weight > 0 or not reading.pick.used]
        written += seen
        unused += len(every) - len(seen)
        text += f"# {event.resource_id}\n" + "".join(f"{format_line(pick)}\n" for pick in seen) + "\n"
    rejected = sum(pick.status is PickStatus.REJECTED for pick in picks)
    losses = left_out(OBSERVATIONS, events, picks, (*_LACKS_ALSO, *_LACKS))
    if unused:
        were = counted(unused, "pick that the location did not use was", "picks that the location did not use were")
        losses.append(f"{were} left out.")
    return text, [*losses, *losses_of(written, rejected)]


def format_hypocentres(
    events: Sequence[Event], picks: Sequence[Pick], stations: Mapping[tuple[str, str], Coordinates]
) -> tuple[str, list[str]]:
    """The text of a hypocentre-phase file, and sentences about what it cannot hold."""
    known = by_id(picks)
    text, lost, high = "", 0, set()
    for event in events:
        seen = readings(event, known)
        computed = [reading for reading in seen if _is_computed(reading)]
        lost += len(seen) - len(computed)
        high |= {reading.pick.channel_id[:2] for reading in computed if reading.pick.channel_id[:2] not in stations}
        lines = [_phase_line(event, reading, stations) for reading in computed]
        text += "\n".join([*_summary(event, computed), _HEADING, *lines, "END_PHASE", "END_NLLOC", "", ""])
    losses = left_out(HYPOCENTRES, events, picks, (*FOR_NO_LOCATOR, *_LACKS))
    if lost:
        were = counted(lost, "pick without one was", "picks without were")
        losses.append(f"{HYPOCENTRES} needs residual, distance and azimuth: {were} left out.")
    if high:
        losses.append(f"The elevation of {counted(len(high), 'station')} is not known: 0 was written.")
    return text, [*losses, *written_as_zero(events, "errors", "depth")]


def is_hypocentre_file(data: bytes) -> bool:
    """Is it a hypocentre-phase file?"""
    return data.lstrip()[:7] == b'NLLOC "'


def correct(catalog: obspy.Catalog, data: bytes) -> None:
    """Put right what ObsPy takes over from a hypocentre-phase file in another unit, or as numbers that mean "none".

    The lengths of the ellipsoid are in km there, and its rotation is not that of QuakeML: it is computed anew from the
    covariance. The error of a pick that is not used is no error.
    """
    for pick in (pick for event in catalog for pick in event.picks):
        if (pick.time_errors.uncertainty or 0.0) >= NOT_USED:
            leave_out(pick)
            pick.time_errors = quakeml.QuantityError()
    text = data.decode("utf-8", errors="replace")
    statistics = re.findall(r"^STATISTICS .*$", text, re.MULTILINE)
    transforms = re.findall(r"^TRANSFORM .*$", text, re.MULTILINE)
    for number, origin in enumerate(origin for event in catalog for origin in event.origins):
        covariance = _covariance(statistics[number : number + 1], transforms[number : number + 1])
        _correct_quality(origin.quality)
        origin.origin_uncertainty = None
        origin.latitude_errors = origin.longitude_errors = origin.depth_errors = quakeml.QuantityError()
        if covariance is not None and origin.latitude is not None and abs(origin.latitude) <= 90:
            set_uncertainty(origin, Uncertainty.of(None, covariance), depth_fixed=False)


def _correct_quality(quality: quakeml.OriginQuality | None) -> None:
    for name in ("associated_station_count", "depth_phase_count", "used_station_count"):
        if quality is not None and quality.get(name) == -1:
            quality[name] = None
    if quality is not None and quality.ground_truth_level == "-":
        quality.ground_truth_level = None


def _covariance(statistics: Sequence[str], transforms: Sequence[str]) -> NDArray[np.float64] | None:
    """Of east, north and depth, m²; None if the lines do not give one. The y axis may point clockwise from north."""
    values = _COVARIANCE.search(statistics[0]) if statistics else None
    turned = _ROTATION.search(transforms[0]) if transforms else None
    try:
        xx, xy, xz, yy, yz, zz = (float(value) * 1e6 for value in values.groups()) if values else (0.0,) * 6
        clockwise = math.radians(float(turned[1]) if turned else 0.0)
    except ValueError:
        return None
    covariance = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    if not np.isfinite([*covariance.flat, clockwise]).all() or np.linalg.eigvalsh(covariance).min() <= 0:
        return None
    cosine, sine = math.cos(clockwise), math.sin(clockwise)
    turn = np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]])
    return turn @ covariance @ turn.T


def _is_computed(reading: Reading) -> bool:
    arrival = reading.arrival
    return None not in (arrival.residual, arrival.distance, arrival.azimuth)


def _summary(event: Event, computed: Sequence[Reading]) -> list[str]:
    """The lines above the phases. The grid is that of NonLinLoc's search and has no nodes here."""
    origin, time = event.origin, event.time
    place = f"Lat {origin.latitude:.6f} Long {origin.longitude:.6f} Depth {(origin.depth or 0.0) / 1e3:.6f}"
    seconds = time.second + time.microsecond * 1e-6
    now = UTCDateTime().strftime("%d%b%Y %Hh%Mm%S")
    status = "REJECTED" if event.status is EventStatus.REJECTED else "LOCATED"
    distances = sorted((reading.arrival.distance or 0.0) / 1e3 for reading in computed) or [-1.0]
    counts = f"assocPhCt {len(origin.arrivals)}  usedPhCt {len(origin.used)}"
    stations = len({reading.pick.channel_id[:2] for reading in computed if reading.arrival.weight > 0})
    rms, gap = (-1.0 if value is None else value for value in (origin.rms, origin.gap))
    return [
        f'NLLOC "{event.resource_id}" "{status}" "{_quoted(origin.method)}"',
        f"PUBLIC_ID {event.resource_id}",
        f'SIGNATURE "{_quoted(origin.author)} QuakeView:v{__version__} run:{now}"',
        f'COMMENT "{_quoted(event.name)}"',
        "GRID  0 0 0  0 0 0  0 0 0 NONE",
        "SEARCH NONE",
        f"HYPOCENTER  x 0 y 0 z {(origin.depth or 0.0) / 1e3:.6f}  OT {seconds:.6f}  ix -1 iy -1 iz -1",
        f"GEOGRAPHIC  OT {time.strftime('%Y %m %d  %H %M')} {seconds:.6f}  {place}",
        f"QUALITY  Pmax -1 MFmin -1 MFmax -1 RMS {rms:.6f} Nphs {len(origin.used)} Gap {gap:.3f} "
        f"Dist {distances[0]:.4f} Mamp -9.9 0 Mdur -9.9 0",
        "VPVSRATIO  VpVsRatio -1  Npair 0  Diff -1",
        f"STATISTICS  ExpectX 0 Y 0 Z {(origin.depth or 0.0) / 1e3:.6f}  {_statistics(origin)}",
        f"STAT_GEOG  Expect{place}",
        f"TRANSFORM  AZIMUTHAL_EQUIDIST RefEllipsoid WGS-84  LatOrig {origin.latitude:.6f}  "
        f"LongOrig {origin.longitude:.6f}  RotCW 0.000000",
        f"QML_OriginQuality  {counts}  assocStaCt -1  usedStaCt {stations}  depthPhCt -1  stdErr {rms:.6f}  "
        f"azGap {gap:.3f}  secAzGap -1  gtLevel -  minDist {distances[0]:.4f} maxDist {distances[-1]:.4f} "
        f"medDist {distances[len(distances) // 2]:.4f}",
        f"QML_OriginUncertainty  {_ellipse(origin)}",
    ]


def _statistics(origin: Origin) -> str:
    """Covariance, and the axes of the 68 % ellipsoid from the shortest to the longest; zero if it is not known."""
    covariance = np.zeros((3, 3)) if origin.uncertainty is None else origin.uncertainty.covariance / 1e6
    values, axes = np.linalg.eigh(covariance)
    lengths = np.sqrt(np.maximum(values, 0) * chi_square(CONFIDENCE, 3))
    angles = [
        (math.degrees(math.atan2(east, north)) % 360, math.degrees(math.asin(max(-1.0, min(down, 1.0)))))
        for east, north, down in axes.T.tolist()
    ]
    (xx, xy, xz), (_, yy, yz), (_, _, zz) = covariance.tolist()
    return (
        f"CovXX {xx:.8g} XY {xy:.8g} XZ {xz:.8g} YY {yy:.8g} YZ {yz:.8g} ZZ {zz:.8g} "
        f"EllAz1  {angles[0][0]:.4f} Dip1  {angles[0][1]:.4f} Len1  {lengths[0]:.6g} "
        f"Az2  {angles[1][0]:.4f} Dip2  {angles[1][1]:.4f} Len2  {lengths[1]:.6g} Len3  {lengths[2]:.6e}"
    )


def _ellipse(origin: Origin) -> str:
    if origin.uncertainty is None:
        return "horUnc -1  minHorUnc -1  maxHorUnc -1  azMaxHorUnc -1"
    major, minor, azimuth = origin.uncertainty.ellipse
    return f"horUnc -1  minHorUnc {minor / 1e3:.6g}  maxHorUnc {major / 1e3:.6g}  azMaxHorUnc {azimuth:.4f}"


def _phase_line(event: Event, reading: Reading, stations: Mapping[tuple[str, str], Coordinates]) -> str:
    """The observation, and what was computed for it; the station is where its distance and azimuth put it."""
    arrival = reading.arrival
    residual, distance = arrival.residual or 0.0, (arrival.distance or 0.0) / 1e3
    azimuth = math.radians(arrival.azimuth or 0.0)
    place = stations.get(reading.pick.channel_id[:2])
    depth = -place.elevation / 1e3 if place else 0.0
    travel = reading.pick.time - event.time - residual
    return (
        f"{format_line(reading.pick.with_(phase=arrival.phase))} > {travel:9.4f} {residual:9.4f} {arrival.weight:9.4f} "
        f"{distance * math.sin(azimuth):9.4f} {distance * math.cos(azimuth):9.4f} {depth:9.4f} "
        f"{distance:9.4f} {arrival.azimuth or 0.0:6.2f}  -1.0  -1.0  0     0.0000"
    )


def _quoted(text: str) -> str:
    return " ".join(text.replace('"', "'").split())
