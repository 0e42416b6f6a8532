"""Every P of every station of an archive, characterised on its own."""

from collections.abc import Iterable, Iterator, Sequence

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.registry import CHARACTERISATION, SINGLE_TASKS, available_models, find_model
from quakeview.single_station.characterising import Characterisation, RuleSettings, characterise_station
from quakeview.single_station.station_network import StationNetwork, load_station_network
from quakeview.stations.book import StationBook
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument

LONGEST_S_MINUS_P = 120.0
"""Seconds after a P in which its S is looked for."""


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
    asked = [(station, pair) for station, own in _by_station(archive, picks) for pair in pairs(own)]
    found = []
    for number, (station, pair) in enumerate(asked):
        progress.advance(number, len(asked), str(station))
        try:
            found.append(characterise_station(archive, book, station, pair, network, rules))
        except QuakeViewError as error:
            progress.log(str(error))
    return found


def pairs(picks: Sequence[Pick]) -> Iterator[list[Pick]]:
    """Each P of a station, with the first S before the next P if there is one."""
    ordered = sorted((pick for pick in picks if pick.status is not PickStatus.REJECTED), key=lambda pick: pick.time)
    firsts = [number for number, pick in enumerate(ordered) if pick.phase.startswith("P")]
    for number, stop in zip(firsts, [*firsts[1:], len(ordered)], strict=True):
        p = ordered[number]
        later = (pick for pick in ordered[number + 1 : stop] if pick.phase.startswith("S"))
        s = next((pick for pick in later if pick.time - p.time <= LONGEST_S_MINUS_P), None)
        yield [p, s] if s else [p]


def _by_station(archive: Archive, picks: Iterable[Pick]) -> list[tuple[Instrument, list[Pick]]]:
    """The picks of each instrument of the archive, in its order."""
    found: dict[Instrument, list[Pick]] = {station: [] for station in archive.stations}
    for pick in picks:
        if (station := Instrument.of(pick.channel_id)) in found:
            found[station].append(pick)
    return [(station, own) for station, own in found.items() if own]


def chosen_network(name: str | None) -> StationNetwork | None:
    """Load the model of this name; without a name ours, or nothing if none is installed.

    Raises:
        QuakeViewError: if there is no such model, or it is for something else.
    """
    if name is None:
        fitting = [card for card in available_models() if card.can(CHARACTERISATION)]
        return load_station_network(fitting[0]) if fitting else None
    card = find_model(name)
    if card.task in (CHARACTERISATION, *SINGLE_TASKS) and card.unusable:
        raise QuakeViewError(f"{card.name}: {card.unusable}")
    return load_station_network(card)
