"""What is wrong with labelled records, told before the first step instead of being learnt."""

from collections.abc import Iterator, Sequence

from quakeview.errors import QuakeViewError
from quakeview.training.datasets import RecordSet
from quakeview.training.labels import PHASES
from quakeview.training.record_config import DataConfig, SourceConfig
from quakeview.training.windows import WindowMaker

LOOKED_AT = 500
"""Records of a data set that are read before the first step."""


def cautions(data: DataConfig, maker: WindowMaker, validation: RecordSet, phases: Sequence[str] = PHASES) -> list[str]:
    """What should be known of the records of a run, in sentences.

    Args:
        phases: that are learnt.

    Raises:
        QuakeViewError: if they cannot be learnt from: an event that trains would also validate, or no label lies inside
            its record.
    """
    maker.refuse_shared_earthquakes(validation)
    every = [*((source, records) for source, records in maker.records), (data.validation, validation)]
    told = [labels_outside(source, records) for source, records in every]
    only_recorded = all(source.kind != "synthetic" for source in data.sources)
    training = [records for _, records in maker.records]
    return [
        *dict.fromkeys(filter(None, told)),
        *(_missing(phases, training, "training records") if only_recorded else ()),
        *_missing(phases, [validation], "validation records"),
    ]


def labels_outside(source: SourceConfig, records: RecordSet) -> str:
    """What to say of labels that lie outside their records; empty if none does among those that are looked at.

    Raises:
        QuakeViewError: if all do.
    """
    looked_at = range(0, len(records), -(-len(records) // LOOKED_AT))
    labelled = [number for number in looked_at if records.entries[number].picks]
    outside = [number for number in labelled if len(records[number].picks) < len(records.entries[number].picks)]
    if not outside:
        return ""
    first = records.entries[outside[0]].name
    if not any(records[number].picks for number in labelled):
        raise QuakeViewError(
            f"All labels of {source.path} lie outside their records, such as those of {first}; "
            "correct its arrival samples or its sampling rate."
        )
    return (
        f"{source.path} has labels outside their record, such as those of {first} ({len(outside)} of {len(labelled)} "
        "that were looked at); they are left out."
    )


def check_both_motions(of: str, motions: set[float]) -> None:
    """Refuse first motions that are all the same.

    Args:
        of: what the records are for, in words.
        motions: of all of them; 0 is up.

    Raises:
        QuakeViewError: if there is one kind only.
    """
    if len(motions) == 1:
        raise QuakeViewError(
            f"All first motions of the {of} are {'up' if motions == {0} else 'down'}; "
            "choose records with both, or there is nothing to tell apart."
        )


def _missing(phases: Sequence[str], sets: Sequence[RecordSet], of: str) -> Iterator[str]:
    for phase in phases:
        if not any(pick.phase == phase for records in sets for entry in records.entries for pick in entry.picks):
            yield f"The {of} have no {phase} labels: what is said of {phase} means nothing."
