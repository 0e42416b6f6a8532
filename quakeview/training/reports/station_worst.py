"""The records of which a model for one station says what is farthest from the truth, as files that the window opens."""

from collections.abc import Sequence
from pathlib import Path

from quakeview.monitoring.picks import Pick
from quakeview.registry import SINGLE_TASKS
from quakeview.training.reports.document import Table
from quakeview.training.reports.station_answers import Answered
from quakeview.training.reports.station_scores import QUALITIES, known_to
from quakeview.training.reports.worst import links_within, place, record_stream, write_record
from quakeview.waveforms.channels import ChannelId

_OF_EACH = 5


def worst_answers(answers: Sequence[Answered], who: str) -> list[Answered]:
    """Up to five of each quantity, the worst first; right first motions are none of them."""
    found: list[Answered] = []
    for task in SINGLE_TASKS:
        known = known_to([each for each in answers if each.task == task], who)
        ranked = sorted(known, key=lambda each: (-abs(each.error(who)), each.name))
        found += [each for each in ranked[:_OF_EACH] if each.error(who)]
    return found


def worst_table(worst: Sequence[Answered], who: str, folder: str = "") -> Table:
    """What is off, and by how much; the names lead to their folders within ``folder``."""
    rows = [
        [each.name, each.source, QUALITIES[each.task].title, _told(each, who), f"{each.distance / 1000:.0f}"]
        for each in worst
    ]
    links = links_within(folder, [each.name for each in worst])
    return Table(["Record", "Source", "Quantity", "Estimate minus truth", "Distance, km"], rows, links=links)


def write_worst(worst: Sequence[Answered], folder: Path) -> None:
    """Write each of them with its labels into a folder that the window opens.

    Raises:
        OSError: if they cannot be written.
    """
    for number, each in enumerate(worst, start=1):
        record = each.waveform()
        stream = record_stream(each.row, each.name, record)
        vertical = stream[0].stats
        channel_id = ChannelId(*(vertical[code] for code in ChannelId._fields))
        labels = [
            Pick(channel_id, arrival.phase, vertical.starttime + arrival.sample / record.sampling_rate, comment="label")
            for arrival in record.picks
        ]
        write_record(stream, labels, folder / place(number, each.name))


def _told(each: Answered, who: str) -> str:
    if each.task == "polarity":
        return "other sense" if each.error(who) == 1 else "undecided"
    quality = QUALITIES[each.task]
    return f"{each.error(who):+.{quality.decimals}f}{quality.unit}"
