"""What forecasts of seismicity are worth on days that none of them has seen: references, trained models, the paper.

On the catalogue of Japan of EarthquakeNPP where it is at hand (fitted until 2013, scored on its last 1,000 days), else
on the simulated catalogue that QuakeView comes with. Below the references stands every trained model among the models
at hand that learnt from other days than those it is scored on. Then what the published AUC is worth: the leak, and
the table of the paper's variants beside honest columns, if they have been trained.
"""

import time
from dataclasses import replace
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.progressbar import terminal_progress
from quakeview.registry import SEISMICITY, available_models
from quakeview.seismicity.blocks import Estimate
from quakeview.seismicity.catalogue import day_of
from quakeview.seismicity.catalogue_arguments import Setting
from quakeview.seismicity.choices import Choices
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.model_folder import load_forecaster
from quakeview.seismicity.reading import read_catalogue
from quakeview.seismicity.reference_names import REFERENCES
from quakeview.seismicity.sample import sample_catalogue
from quakeview.seismicity.scoring.evaluation import Evaluation, evaluate, seen_days
from quakeview.seismicity.scoring.gains import gain_over
from quakeview.seismicity.scoring.leak import leak
from quakeview.seismicity.scoring.leak_command import leak_text
from quakeview.seismicity.windows import NEXT_DAY, PAPER
from quakeview.texts import aligned
from quakeview.training.variants import planned_runs, read_list
from quakeview.training.variants_command import train_list
from tests.shared import SHARED

ROOT = Path(__file__).parents[2]
JAPAN = SHARED / "data" / "catalogs" / "japan_earthquakenpp.csv"
ABLATIONS = ROOT / "models" / "HierarchicalQuake-Japan" / "ablations.toml"
FITTED_UNTIL = day_of("2014-01-01")
DAYS, FEW = 1000, 200

Figures = dict[str, dict[str, float]]


def run(quick: bool) -> Figures:
    setting, until = _setting()
    days = FEW if quick else DAYS
    references = REFERENCES[:3] if quick else REFERENCES
    if quick:
        print(f"ETAS and forecasts of days [10, 20) skipped, and {FEW} days instead of {DAYS}: quick")
    figures: Figures = {}
    for window in (NEXT_DAY,) if quick else (NEXT_DAY, PAPER):
        models = _models(replace(setting, window=window), days)
        began = time.perf_counter()
        with terminal_progress() as progress:
            found = evaluate(replace(setting, window=window), models, references, days, until, progress)
        print(f"\n{setting.name}, {window}, {time.perf_counter() - began:.0f} s\n{_table(found)}", flush=True)
        figures |= {f"{window}, {each.name}": _figures(found, place) for place, each in enumerate(found.all)}
    figures["leak"] = _leak(setting, until)
    _ablations()
    return figures


def _setting() -> tuple[Setting, int | None]:
    """The catalogue, and the first day that nothing is fitted to; None: the first one that is scored."""
    japan = JAPAN.exists()
    if not japan:
        print(f"The catalogue of Japan is not in {JAPAN.parent}; the simulated sample stands for it.")
    read = read_catalogue(JAPAN if japan else sample_catalogue())
    catalogue = read.catalogue.above(4.0)
    return Setting(read.name, catalogue, Choices().grid(catalogue), 4.5, NEXT_DAY), FITTED_UNTIL if japan else None


def _models(setting: Setting, days: int) -> list[SeismicityForecaster]:
    """Models at hand with this window and magnitude that have not seen the days; their cells are those of the first."""
    last, found = setting.days[1], list[SeismicityForecaster]()
    for card in available_models():
        if card.task != SEISMICITY:
            continue
        try:
            model = load_forecaster(card.folder)
        except QuakeViewError as error:
            print(f"{card.name} skipped: {error}")
            continue
        sought = (setting.window, setting.magnitude, found[0].grid if found else model.grid)
        if (model.window, model.magnitude, model.grid) != sought:
            print(f"{card.name} skipped: it forecasts {model.window}, other magnitudes or other cells")
        elif sentence := seen_days(model, last - days, last):
            print(f"{card.name} skipped: {sentence}")
        else:
            found.append(model)
    if not found:
        print(f"Trained models skipped: none at hand forecasts {setting.window} here; 'quakeview train' trains one")
    return found


def _table(found: Evaluation) -> str:
    head = ("forecast", *(f"over {each.name}" for each in found.references), "exp./obs.", "Brier 1e-4", "AUC", "AP")
    rows = [head]
    for each in found.all:
        texts = ["–" if other is each else _text(gain_over(each, other)) for other in found.references]
        ratio, brier = each.expected_over_observed().value, 1e4 * each.brier().value
        sorting = f"{each.ranks.auc().value:.4f}", f"{each.ranks.average_precision().value:.4f}"
        rows.append((each.name, *texts, f"{ratio:.2f}", f"{brier:.3f}", *sorting))
    return aligned(rows, right=range(1, len(head)))


def _text(gain: Estimate) -> str:
    return f"{gain.value:+.3f} [{gain.low:+.2f}, {gain.high:+.2f}]"


def _figures(found: Evaluation, place: int) -> dict[str, float]:
    each = found.all[place]
    gains = {f"over {other.name}": gain_over(each, other).value for other in found.references if other is not each}
    others = {"expected/observed": each.expected_over_observed().value, "auc": each.ranks.auc().value}
    return {name: round(value, 4) for name, value in (gains | others).items()}


def _leak(setting: Setting, until: int | None) -> dict[str, float]:
    found = leak(setting.catalogue, setting.magnitude, trained_until=until)
    print(f"\nThe leak\n{leak_text(found)}", flush=True)
    return {each.name: round(each.auc, 4) for each in found.maps}


def _ablations() -> None:
    """The paper's variants; they are trained by a command of their own, which takes hours."""
    print("\nThe paper's variants")
    if not ABLATIONS.exists():
        print(f"skipped: there is no list of them in {ABLATIONS}")
        return
    runs = list(planned_runs(read_list(ABLATIONS), ABLATIONS.parent))
    missing = [run.config.name for run in runs if not (run.config.folder / "model").is_dir()]
    if missing:
        print(f"skipped: {', '.join(missing)} are not trained; 'quakeview train {ABLATIONS.relative_to(ROOT)}' does it")
        return
    with terminal_progress() as progress:
        print(train_list(ABLATIONS, progress))
