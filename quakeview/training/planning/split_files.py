"""A division of data in a plan: which part each source gives, and the table that says so beside the run file."""

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from quakeview.atomic import make_folder
from quakeview.errors import QuakeViewError
from quakeview.paths import user_state_dir
from quakeview.training.planning.recognising import bare
from quakeview.training.planning.record_table import KINDS
from quakeview.training.planning.splitting import AsGiven, Division, Way
from quakeview.training.record_config import DataConfig, SourceConfig
from quakeview.training.splits import SPLITS_FILE, write_splits


def kept_table(division: Division) -> Path:
    """Write the parts of a division to a file that never changes: its name hangs on what is in it.

    Raises:
        QuakeViewError: if it cannot be written.
    """
    events = division.events()
    name = hashlib.sha256(repr(sorted(events.items())).encode()).hexdigest()[:16]
    path = make_folder(user_state_dir() / "splits") / f"{name}.csv"
    if not path.exists():
        write_splits(path, events)
    return path


def with_split(data: DataConfig, division: Division, way: Way, table: Path | None) -> DataConfig:
    """The data with the parts of a division: sources are learnt from, the largest dev part chooses the best weights.

    Args:
        table: as ``kept_table`` writes it; None for the data sets' own column.

    Raises:
        QuakeViewError: if no data set has a dev part.
    """
    divided = [source for source in data.sources if source.kind in KINDS]
    dev = [int(np.sum(parts == "dev")) for parts in division.parts]
    if not any(dev):
        raise QuakeViewError("There is no record in dev to choose the best weights by; divide the data otherwise.")
    splits = None if isinstance(way, AsGiven) else table
    sources = tuple(
        replace(source, split="train", splits=splits) if source.kind in KINDS else bare(source)
        for source in data.sources
    )
    chooses = replace(bare(divided[int(np.argmax(dev))]), split="dev", splits=splits, weight=1.0)
    return replace(data, sources=sources, validation=chooses)


def undivided(sources: Sequence[SourceConfig]) -> DataConfig | None:
    """Data whose split is still to be chosen: the engine's own by event; None without a labelled data set."""
    labelled = [source for source in sources if source.kind in KINDS]
    if not labelled:
        return None
    divided = tuple(replace(bare(each), split="train") if each.kind in KINDS else bare(each) for each in sources)
    return DataConfig(divided, replace(bare(labelled[0]), split="dev", weight=1.0))


def with_table_beside(data: DataConfig, folder: Path) -> DataConfig:
    """The data with its table of splits copied into the folder of the run file, and named from there.

    Raises:
        QuakeViewError: if it cannot be copied.
    """
    tables = {each.splits for each in (*data.sources, data.validation) if each.splits is not None}
    if not tables:
        return data
    (table,) = tables
    beside = make_folder(folder) / SPLITS_FILE
    try:
        if table.resolve() != beside.resolve():
            shutil.copyfile(table, beside)
    except OSError as error:
        raise QuakeViewError(f"The split could not be written to {beside} ({error.strerror or error}).") from error

    def named(source: SourceConfig) -> SourceConfig:
        return source if source.splits is None else replace(source, splits=Path(SPLITS_FILE))

    return replace(data, sources=tuple(map(named, data.sources)), validation=named(data.validation))
