"""What is drawn of every station, as record sections and correlations take it."""

from collections.abc import Callable

from quakeview.analysis.shown_components import Shown
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.errors import QuakeViewError
from quakeview.stations.motion import direction, radial_and_transverse
from quakeview.waveforms.channels import Instrument


def shown_stations(session: WaveformsSession, view: TraceView) -> tuple[Callable[[], list[Shown]], list[str]]:
    """What makes the list of those in the trace view, on a worker thread, as it is now; and sentences on the others."""
    rows = [row for row in view.scene.rows if row.channels]
    paths = {row.station: session.path_to(row.station) for row in rows}
    missing = [f"{row.label} has no coordinates." for row in rows if paths[row.station] is None]
    letters = {row.station: dict(session.letters(row.station)) for row in rows}
    records = {channel: view.scene.records.get(channel, ()) for found in letters.values() for channel in found.values()}
    units = {channel: view.scene.unit_of(channel) for channel in records}
    motion, archive = session.motion, session.archive

    def directions(station: Instrument) -> dict[str, tuple[float, float]]:
        if (back_azimuth := motion.back_azimuths.get(station)) is not None:
            return dict(zip("RT", radial_and_transverse(back_azimuth), strict=True))
        found = {}
        for letter, channel in letters[station].items():
            try:
                found[letter] = direction(channel, motion.book, archive.segments(channel)[0].start)
            except (QuakeViewError, IndexError):
                continue
        return found

    def make() -> list[Shown]:
        return [
            Shown(
                station,
                path,
                letters[station],
                {letter: records[channel] for letter, channel in letters[station].items()},
                directions(station),
                {letter: units[channel] for letter, channel in letters[station].items()},
            )
            for station, path in paths.items()
            if path is not None
        ]

    return make, missing
