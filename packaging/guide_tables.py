"""The pages of the guide that the code itself writes: keys, run files and data-set files.

    python packaging/guide_tables.py     writes them into resources/guide

A test compares them with the code. Descriptions are those of the ``Attributes`` of the dataclasses.
"""

from dataclasses import MISSING, Field, fields
from itertools import groupby
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from quakeview.app.keys.preset import Preset
from quakeview.app.keys.scheme import PRESETS, KeyScheme
from quakeview.app.shell.actions import shortcut_tables
from quakeview.monitoring.network_config import SeisMoLLMConfig
from quakeview.simulation.regional_model import FaultTable, GridTable, LayerTable, RegionFile, VelocityTable
from quakeview.training import forecaster_config, record_config
from quakeview.training.config import RunConfig, TrainingConfig
from quakeview.training.forecaster_config import PoolConfig
from quakeview.training.planning.forms import descriptions
from quakeview.training.record_config import SourceConfig
from quakeview.training.seismicity import config as seismicity_config
from quakeview.training.seismicity.printed_config import PrintedConfig
from quakeview.wavefield.scenarios.datasets import Dataset, Plane

FOLDER = Path(__file__).parents[1] / "resources" / "guide"
TYPES = {int: "whole number", float: "number", str: "text", bool: "true or false", Path: "path", dict: "table"}
UNWRITTEN = {RunConfig: {"base", "text"}, Dataset: {"text"}, SeisMoLLMConfig: {"task", "backbone"}}
"""Attributes that no file sets."""

KEYS = """# Keys

These are QuakeView's own. **Preferences** (`Ctrl+,`) offers those of [scolv](keys-scolv.md),
[Snuffler](keys-snuffler.md) and [SAC](keys-sac.md); `?` shows the ones in force.

**Keys** (`Ctrl+Alt+K`) gives every action the keys that you like: find it by its name or by its key, press the new key
in *New key*, then *Use Alone*, or *Add* to keep the others. If another action has that key it is named at once;
*Take It Away There* decides. *Reset* and *Reset All* go back to the keys of the program in *Based on*. What you chose
is in force at once and at the next start. *Export…* writes it as a file for a colleague or another computer,
*Import…* reads one; keys of actions that only a newer version has are kept.

![The keys of every action, and one that another action has](pictures/own-keys.png)

![The sheet of keys](pictures/shortcuts.png)

{tables}
"""
PRESET_KEYS = """# Keys like {name}

For who has the keys of {name} in the fingers: **Preferences** (`Ctrl+,`), *Keys like*. What {name} has no key for has
[ours](keys.md), with `Ctrl+Alt` before it if {name} uses that key for something else.

{tables}

## Not as in {name}

| Keys | What they do there | Here |
| --- | --- | --- |
{absent}
"""
RUN_FILES = """# Run files

`quakeview train run.toml` does what a run file says; [Train a model](train.md) has a short one. Paths start from the
folder of the run file. A key must be given if the third column has nothing.

## The run
{run}

## `[training]`: how to optimise
{training}

## Pickers and single-station tasks
### `[model]`
`preset` is `"small"` or `"paper"`; the values below are those of `"small"`. `init` is the name or the folder of a
model to start from, which has sizes of its own. `pretrained` is a folder with the weights of GPT-2, `"cache"` (that of
Hugging Face) or `"hub"`; they fit sizes like those of the paper.

{network}

### `[data]`
{data}

### `[[data.sources]]` and `[data.validation]`
{sources}

### `[data.windows]`
{windows}

## Forecasters
### `[model]`
{forecaster}

### `[data]`
{library}

### `[data.pool]`: which earthquakes
{pool}

### `[data.windows]`: what is seen and asked
{seen}

## Forecasters of seismicity
The reference is fitted first, to the days of training, and kept in the folder of the run. Days are examples: a step of
`batch_size` days sees those with earthquakes everywhere, and of each day some cells that stand for the others.

### `[model]`
{seismicity_model}

### `[model]` of the form as printed
`form = "paper"` is HierarchicalQuake as its paper has it: raw daily maps, a class weight of 10,000, three phases. It is
there to be compared with; its scores are no probabilities, and are calibrated on the days that choose the best weights.

{printed_model}

### `[data]`
{seismicity_data}
"""
DATASET_FILES = """# Data-set files

`quakeview simulate dataset.toml` simulates many events. Only `events` and `output` must be given:

```toml
preset = "tiny"
events = 960
output = "hayward"

[plane]
x = [20.0, 80.0]
y = 38.0
depth = [2.0, 15.0]
```

The folder gets a scenario for each event, a table of all of them (`metadata.csv`: event, file, split, X, Y and depth in
m, magnitude, strike, dip, rake) and a copy of the description. Events are split by place: the plane is cut along its
length into twenty strips, and all events of a strip train, validate or test. An event that was interrupted is made
again, finished ones are not.

## The data set
{dataset}

## `[plane]`: where the sources are
{plane}

## Another region
`region = "region.toml"` takes grid, velocity model and plane from the file of a region; `preset`, `model` and `[plane]`
are then left out. [A forecaster for your region](another-region.md) makes all of these files.

{region}

### `[fault]`
{fault}

### `[velocity_model]`
{velocities}

### Its `layers`
{layers}

### `[grid]`
{grid}
"""


def pages() -> dict[str, str]:
    """The text of each page by its file name."""
    run_files = RUN_FILES.format(
        run=table(RunConfig),
        training=table(TrainingConfig),
        network=table(SeisMoLLMConfig, SeisMoLLMConfig.small("picking")),
        data=table(record_config.DataConfig),
        sources=table(SourceConfig),
        windows=table(record_config.WindowConfig),
        forecaster=table(forecaster_config.ModelConfig),
        library=table(forecaster_config.DataConfig),
        pool=table(PoolConfig),
        seen=table(forecaster_config.WindowConfig),
        seismicity_model=table(seismicity_config.ModelConfig),
        printed_model=table(PrintedConfig),
        seismicity_data=table(seismicity_config.DataConfig),
    )
    return {
        "keys.md": KEYS.format(tables=shortcut_tables(KeyScheme())),
        **{f"keys-{name.lower()}.md": keys_like(preset) for name, preset in PRESETS.items() if preset.keys},
        "run-files.md": run_files,
        "dataset-files.md": DATASET_FILES.format(
            dataset=table(Dataset),
            plane=table(Plane),
            region=table(RegionFile),
            fault=table(FaultTable),
            velocities=table(VelocityTable),
            layers=table(LayerTable),
            grid=table(GridTable),
        ),
    }


def keys_like(preset: Preset) -> str:
    """The page about the keys of another program."""
    absent = [f"| {each.keys} | {each.there} | {each.instead} |" for each in preset.absent]
    tables = shortcut_tables(KeyScheme(preset.name))
    return PRESET_KEYS.format(name=preset.name, tables=tables, absent="\n".join(absent))


def table(cls: type, preset: object = None) -> str:
    """The keys of a table in a TOML file: type, value if it is left out (that of ``preset``), and what it means.

    Keys that are described together share a line.
    """
    hints, texts = get_type_hints(cls), descriptions(cls)
    written = [each for each in fields(cls) if each.name not in UNWRITTEN.get(cls, ())]
    rows = []
    for said, group in groupby(written, lambda each: texts[each.name]):
        keys, text = list(group), said.replace("|", "\\|")
        values = dict.fromkeys(value for each in keys if (value := value_of(each, preset)))
        kinds = dict.fromkeys(kind(hints[each.name]) for each in keys)
        names = ", ".join(f"`{each.name}`" for each in keys)
        rows.append(f"| {names} | {', '.join(kinds)} | {', '.join(values)} | {text[0].upper()}{text[1:]} |")
    return "\n".join(["| Key | Type | If left out | Meaning |", "| --- | --- | --- | --- |", *rows])


def kind(hint: Any) -> str:
    """A type in words."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return kind(next(each for each in args if each is not type(None)))
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in args)
    if origin is tuple:
        return f"list of {kind(args[0])}s" if args[-1] is Ellipsis else f"{len(args)} {kind(args[0])}s"
    return TYPES.get(origin or hint, "table")


def value_of(each: Field[Any], preset: object) -> str:
    """What holds if a key is left out, as a TOML file has it; nothing if it must be there."""
    match value := getattr(preset, each.name, each.default):
        case None:
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f'`"{value}"`'
        case float():
            return f"`{value:g}`"
        case int():
            return f"`{value}`"
        case tuple():
            return f"`[{', '.join(f'{each:g}' for each in value)}]`"
    return "" if each.default is MISSING and each.default_factory is MISSING else "see its table"


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
