"""Every P of every station of an archive, characterised on its own."""

from collections.abc import Iterable

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.picks import Pick, resolve_channel
from quakeview.single_station.characterising import Characterisation, RuleSettings, characterise_station
from quakeview.single_station.networks import StationNetwork
from quakeview.single_station.pairing import pairs
from quakeview.stations.book import StationBook
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument


def characterise_archive(
    archive: Archive,
    book: StationBook,
    picks: Iterable[Pick],
    network: StationNetwork | None,
    rules: RuleSettings = RuleSettings(),
    progress: Progress = Progress(),
) -> list[Characterisation]:
    """Characterise each P with the first S between it and the next P of its station.

    What cannot be done is logged, a sentence each.

    Raises:
        Cancelled: through ``progress``.
    """
    own_picks, strangers = _by_station(archive, picks)
    if strangers:
        progress.log(f"{counted(strangers, 'pick belongs', 'picks belong')} to no channel that is open.")
    asked = [(station, pair) for station, own in own_picks.items() for pair in pairs(own)]
    found = []
    for number, (station, pair) in enumerate(asked):
        progress.advance(number, len(asked), str(station))
        try:
            found.append(characterise_station(archive, book, station, pair, network, rules))
        except QuakeViewError as error:
            progress.log(str(error))
    return found


def _by_station(archive: Archive, picks: Iterable[Pick]) -> tuple[dict[Instrument, list[Pick]], int]:
    """The picks of each instrument of the archive, in its order, and how many belong to none."""
    found: dict[Instrument, list[Pick]] = {station: [] for station in archive.stations}
    strangers = 0
    for pick in picks:
        channel = resolve_channel(pick.channel_id, archive.channels, pick.phase)
        if channel is None or Instrument.of(channel) not in found:
            strangers += 1
        else:
            found[Instrument.of(channel)].append(pick.with_(channel_id=channel))
    return found, strangers
