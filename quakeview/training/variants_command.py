"""``quakeview train list.toml``: every variant of a list is trained, then all are scored on the same held-out data."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.progressbar import terminal_progress
from quakeview.training.checkpoints import find_checkpoint
from quakeview.training.config import RunConfig
from quakeview.training.engine import train
from quakeview.training.reports.bootstrap import Estimate
from quakeview.training.tasks import make_task
from quakeview.training.variant_scores import Measured, estimates, measure
from quakeview.training.variants import PlannedRun, VariantList, planned_runs, read_list

TRIAL_STEPS = 2


def main(path: Path, paper_size: bool = False, trial: bool = False) -> int:
    """Train a list of variants and print the table.

    Raises:
        QuakeViewError: as ``train_list``.
    """
    with terminal_progress() as progress:
        text = train_list(path, progress, paper_size, trial)
    print(text)
    return 0


def train_list(path: Path, progress: Progress, paper_size: bool = False, trial: bool = False) -> str:
    """Train what is not trained yet, and return the table of scores.

    Args:
        paper_size: with the published sizes.
        trial: two steps each, in a folder that is deleted: whether all of it would run.

    Raises:
        QuakeViewError: if the list cannot be read or a run fails; what was trained is kept.
        Cancelled: through ``progress``.
    """
    variants, base = read_list(path), path.resolve().parent
    if not trial:
        return _table(variants, list(planned_runs(variants, base, paper_size)), progress)
    with tempfile.TemporaryDirectory() as folder:
        tried = replace(variants, folder=Path(folder), seeds=variants.seeds[:1])
        return _table(tried, list(planned_runs(tried, base, paper_size, TRIAL_STEPS)), progress)


def _table(variants: VariantList, runs: list[PlannedRun], progress: Progress) -> str:
    measured: dict[str, list[Measured]] = {}
    left_out: dict[str, str] = {}
    for number, run in enumerate(runs):
        part = progress.part(number, number + 1, len(runs), run.config.name)
        try:
            measured.setdefault(run.variant, []).append(_measured(run.config, variants, part))
        except QuakeViewError as error:
            left_out[run.variant] = str(error)
            progress.log(f"{run.variant}: {error}")
    rows = {name: estimates(seeds) for name, seeds in measured.items() if seeds and name not in left_out}
    return table_text(rows, left_out, len(variants.seeds))


def _measured(config: RunConfig, variants: VariantList, progress: Progress) -> Measured:
    """What one run says, trained if need be; the settings of one that was trained must be those of the list."""
    progress.advance(0, 1)
    there = config.folder / "run.toml"
    if there.exists() and there.read_text("utf-8") != config.text:
        raise QuakeViewError(f"{config.folder} holds a run with other settings; delete it, or choose another folder.")
    if not _has_ended(config.folder):
        train(config, progress.part(0, 0.9), resume=find_checkpoint(config.folder / "checkpoints", "last") is not None)
        progress.advance(0.9, 1)
    return measure(make_task(config), config, config.folder / "model", variants.test, progress.part(0.9, 1))


def _has_ended(folder: Path) -> bool:
    """Whether a run used up its budget, or stopped by itself."""
    metrics = folder / "metrics.jsonl"
    lines = metrics.read_text("utf-8").splitlines() if metrics.exists() else []
    return bool(lines) and json.loads(lines[-1]).get("reason") in ("finished", "early")


def table_text(rows: dict[str, dict[str, Estimate]], left_out: dict[str, str], seeds: int) -> str:
    """Markdown: a line for each variant, its scores with their 95 % intervals; and why others are missing."""
    names = list(next(iter(rows.values()), {}))
    lines = [f"| Variant | {' | '.join(names)} |", f"| --- |{' ---: |' * len(names)}"]
    for variant, scores in rows.items():
        lines.append(f"| {variant} | {' | '.join(_cell(scores[name]) for name in names)} |")
    lines += [f"\nLeft out: {variant}. {why}" for variant, why in left_out.items()]
    means = f"Means over {seeds} seeds" if seeds > 1 else "One seed"
    return "\n".join([*lines, f"\n{means}; 95 % intervals from drawing whole events, or 30 days together, anew."])


def _cell(estimate: Estimate) -> str:
    return f"{estimate.value:.3g}" + (f" ({estimate.low:.3g}–{estimate.high:.3g})" if estimate.has_interval else "")
