"""Local magnitudes of the 101 catalogue earthquakes of Ridgecrest from the gains of 14 stations, beside the network's.

Needs the folder named by QUAKEVIEW_SHARED. Hypocentres are the catalogue's; P and S are predicted. Station corrections
are learned from all earthquakes but the one they are used for. The peer that reads the same amplitudes is ObsPy's
``Trace.simulate``; of three earthquakes with StationXML the magnitude is printed beside the published one.
"""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from obspy import UTCDateTime

from quakeview.events.amplitudes import LOWEST, Records, Window, size, windows
from quakeview.events.attenuation_laws import DEFAULT, LAWS, AttenuationLaw
from quakeview.events.event import Event, Origin
from quakeview.events.magnitudes import sized, station_corrections
from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import PUBLISHED
from quakeview.stations.book import read_stations
from quakeview.stations.ground_motion import WOOD_ANDERSON_DAMPING, WOOD_ANDERSON_PERIOD
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId
from tests.benchmarks.picks_real import read_rows
from tests.shared import SHARED

RIDGECREST = SHARED / "data" / "continuous" / "ridgecrest_20190704_1650_1810"
TIMES = travel_times(PUBLISHED["Southern California"])
WITH_STATIONXML = {
    "hawaii_M5.3_hv70907436": (Origin(UTCDateTime("2019-04-14T03:09:02"), 19.742, -155.791, 13_300.0), "Mw 5.3"),
    "pleasanthill_M4.5_nc73291880_bayarea": (
        Origin(UTCDateTime("2019-10-15T05:33:42.81"), 37.938, -122.057, 13_970.0),
        "Mw 4.5",
    ),
    "ridgecrest_M7.1_ci38457511": (Origin(UTCDateTime("2019-07-06T03:19:53.04"), 35.7695, -117.599, 8_000.0), "Mw 7.1"),
}


def run(quick: bool) -> dict[str, object]:
    if not RIDGECREST.is_dir():
        print("skipped: set QUAKEVIEW_SHARED to a folder with the Ridgecrest records")
        return {"skipped": "no Ridgecrest records"}
    records, (events, published) = ridgecrest_records(), catalogue()
    begin = time.perf_counter()
    measured = size(records, events, LAWS[DEFAULT])
    seconds = time.perf_counter() - begin
    amplitudes = [event.amplitudes for event in measured]
    number = sum(map(len, amplitudes))
    print(f"{number} amplitudes of {len(events)} earthquakes in {seconds:.1f} s, {1000 * seconds / number:.2f} ms each")
    reasons = Counter(amplitude.comment or "counts" for some in amplitudes for amplitude in some)
    print(", ".join(f"{count} {reason}" for reason, count in reasons.most_common()))
    figures: dict[str, object] = {"seconds": seconds, "amplitudes": number}
    print(f"{'law':44} {'sized':>5} {'bias':>6} {'MAE':>5} {'90 %':>5} {'spread':>6}  with corrections of the others")
    for law in LAWS.values():
        figures[law.name] = of_law(law, records, published, measured)
    figures["obspy"] = beside_obspy(records, measured, 5 if quick else 20)
    figures["stationxml"] = {name: of_stationxml(name) for name in WITH_STATIONXML}
    return figures


def ridgecrest_records() -> Records:
    """The continuous records, with the stations whose gain is known."""
    archive = Archive()
    archive.add([RIDGECREST / "mseed"])
    return Records(archive, read_stations([RIDGECREST / "station_gain.csv"]), TIMES)


def catalogue() -> tuple[list[Event], np.ndarray]:
    """The earthquakes that the network located, and its magnitudes."""
    rows = read_rows(RIDGECREST / "catalog_trugman2020_scsn.csv")
    events = [
        Event(
            Origin(
                UTCDateTime(row["time"]),
                float(row["latitude"]),
                float(row["longitude"]),
                1000 * float(row["depth_km"]),
            )
        )
        for row in rows
    ]
    return events, np.array([float(row["magnitude"]) for row in rows])


def of_law(
    law: AttenuationLaw,
    records: Records,
    published: np.ndarray,
    measured: Sequence[Event],
) -> dict[str, float]:
    """Differences from the network, without and with station corrections; prints a line."""
    plain_events = [sized(event, records.stations.coordinates, law) for event in measured]
    corrected = []
    for number, event in enumerate(plain_events):
        learned = station_corrections(plain_events[:number] + plain_events[number + 1 :])
        corrected.append(sized(event, records.stations.coordinates, law, learned))
    plain, better = differences(plain_events, published), differences(corrected, published)
    print(f"{law.name:44} {line(plain)}  {line(better)}")
    return {**plain, **{f"{name}_corrected": value for name, value in better.items()}}


def differences(events: Sequence[Event], published: np.ndarray) -> dict[str, float]:
    """How many were sized, ours minus the network's, and the median spread of stations."""
    found = [(event.magnitude, value) for event, value in zip(events, published, strict=True) if event.magnitude]
    apart = np.array([ours.value - value for ours, value in found])
    return {
        "sized": len(found),
        "bias": float(np.median(apart)),
        "mae": float(np.abs(apart).mean()),
        "within_90": float(np.quantile(np.abs(apart), 0.9)),
        "spread": float(np.median([ours.spread for ours, _ in found if ours.spread is not None])),
    }


def line(figures: dict[str, float]) -> str:
    return (
        f"{figures['sized']:5.0f} {figures['bias']:+6.2f} {figures['mae']:5.2f} {figures['within_90']:5.2f} "
        f"{figures['spread']:6.2f}"
    )


def beside_obspy(records: Records, measured: Sequence[Event], number: int) -> dict[str, float]:
    """Amplitudes that count, read again with ``Trace.simulate``: how many magnitude units apart, and how fast."""
    natural = 2 * np.pi / WOOD_ANDERSON_PERIOD
    pole = natural * complex(-WOOD_ANDERSON_DAMPING, np.sqrt(1 - WOOD_ANDERSON_DAMPING**2))
    seismometer = {"poles": [pole, pole.conjugate()], "zeros": [0j], "gain": 1.0, "sensitivity": 1.0}
    apart, begin = [], time.perf_counter()
    for event in measured[:number]:
        looked_at = windows(records, event, {}, measured)
        for amplitude in event.amplitudes:
            if not amplitude.comment:
                value = simulated(
                    records, event, looked_at[amplitude.channel_id[:2]], amplitude.channel_id, seismometer
                )
                apart.append(np.log10(value / amplitude.value))
    seconds = (time.perf_counter() - begin) / len(apart)
    figures = {
        "read": len(apart),
        "median_apart": float(np.median(np.abs(apart))),
        "largest_apart": float(np.abs(apart).max()),
        "ms_each": 1000 * seconds,
    }
    print(
        f"ObsPy's Trace.simulate reads {figures['read']} of them {figures['median_apart']:.4f} magnitude units apart "
        f"in the median, {figures['largest_apart']:.3f} at most; {figures['ms_each']:.1f} ms each"
    )
    return figures


def simulated(
    records: Records, event: Event, window: Window, channel: ChannelId, seismometer: dict[str, object]
) -> float:
    """The largest motion in a window as ObsPy simulates it, m."""
    stream = records.archive.read(channel, event.time + window.begin - 25, event.time + window.end + 20)
    (trace,) = stream.detrend("linear")
    gain = abs(records.response(channel, event.time)(np.ones(1))[0])
    trace.simulate(
        paz_remove={"poles": [], "zeros": [], "gain": 1.0, "sensitivity": gain},
        paz_simulate=seismometer,
        pre_filt=(LOWEST / 2, LOWEST, 40.0, 47.5),
        water_level=600.0,
        zero_mean=False,
    )
    return float(np.abs(trace.slice(event.time + window.begin, event.time + window.end).data).max())


def of_stationxml(name: str) -> dict[str, float]:
    """The magnitude of an earthquake whose stations have a StationXML file."""
    folder = SHARED / "data" / "events" / name
    origin, published = WITH_STATIONXML[name]
    archive = Archive()
    archive.add(sorted(Path(folder).rglob("*.mseed")))
    (event,) = size(Records(archive, read_stations([folder]), TIMES), [Event(origin)], LAWS["California (CISN)"])
    magnitude = event.magnitude
    assert magnitude is not None
    clipped = sum(amplitude.comment == "clipped" for amplitude in event.amplitudes)
    print(f"{name:38} ML {magnitude.value:.2f} of {magnitude.stations}, {clipped} clipped; published {published}")
    return {"ml": magnitude.value, "stations": float(magnitude.stations or 0)}
