"""The house rules that a machine can check: who imports whom, and what is loaded when."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import quakeview

PACKAGE = Path(quakeview.__file__).parent
ONLY_WITH_A_CARD = {"quakeview.simulation.waves.cuda"}
"""Needs Triton, which comes with PyTorch for CUDA."""
QT = {"PySide6", "PyQt6", "PyQt5", "PySide2", "shiboken6", "pyqtgraph", "qtawesome", "superqt", "qtpy"}
HEAVY = {"torch", "transformers", "peft", "accelerate", "matplotlib"}

# A room imports rooms of lower floors and its own modules; modules outside the rooms are named one by one.
FLOORS = [
    {
        "",
        "errors",
        "jobs",
        "model_folders",
        "toml_files",
        "paths",
        "devices",
        "atomic",
        "pytorch_files",
        "desktop",
        "progressbar",
        "texts",
        "colours",
        "scales",
        "films",
        "workers",
    },
    {"waveforms", "simulation", "registry"},
    {"stations"},
    {"analysis"},
    {"geography"},
    {"atlas"},
    {"monitoring", "wavefield"},
    {"events"},
    {"single_station", "project"},
    {"seismicity"},
    {"training", "archives", "model_import", "model_export", "model_speed"},
    {"app", "api", "dataset_command", "models_command", "seismicity_command", "doctor"},
    {"cli"},
    {"__main__"},
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
FOUNDATION = FLOORS[0]


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for path in PACKAGE.rglob("*.py") if "_shipped" not in path.parts}
TREES = {name: ast.parse(path.read_text()) for name, path in SOURCES.items()}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(tree: ast.AST) -> Iterator[tuple[str, str, str]]:
    """(module, imported name or "", local name) of every import statement, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "", alias.asname or alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from ((node.module or "", alias.name, alias.asname or alias.name) for alias in node.names)


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def own_imports(module: str) -> Iterator[tuple[str, str]]:
    """(imported module of the package, imported name or "")."""
    for target, name, _ in imports(TREES[module]):
        if target.split(".")[0] == "quakeview":
            submodule = f"{target}.{name}"
            yield (submodule, "") if submodule in SOURCES else (target, name)


def loaded_after(code: str) -> set[str]:
    """Top-level names in ``sys.modules`` of a fresh interpreter that ran ``code``."""
    program = f"{code}\nimport sys; print('\\n'.join({{name.split('.')[0] for name in sys.modules}}))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


@pytest.mark.parametrize("module", [name for name in SOURCES if room(name) != "app"])
def test_only_the_window_imports_qt(module: str) -> None:
    assert not {target for target, _, _ in imports(TREES[module]) if target.split(".")[0] in QT}


def test_science_stays_out_of_the_wavefield_window() -> None:
    """What needs neither Qt nor another module of the window belongs to a room below; the exceptions serve drawing."""
    needless = {
        name.removeprefix("quakeview.app.wavefield.")
        for name, tree in TREES.items()
        if name.startswith("quakeview.app.wavefield.")
        and SOURCES[name].name != "__init__.py"
        and not any(target.split(".")[0] in QT or target.startswith("quakeview.app.") for target, _, _ in imports(tree))
    }
    assert needless <= {"playback.frame_cache"}


@pytest.mark.parametrize(
    ("drawer", "allowed"), [("drawing", ("drawing",)), ("maps", ("drawing", "maps"))], ids=["drawing", "maps"]
)
def test_what_all_workspaces_draw_with_knows_none_of_them(drawer: str, allowed: tuple[str, ...]) -> None:
    """Pictures, axes and maps are shared by waveforms, wavefields and whatever comes: they import no room of those."""
    modules = [name for name in SOURCES if f"{name}.".startswith(f"quakeview.app.{drawer}.")]
    targets = {target for name in modules for target, _ in own_imports(name)}
    assert modules
    assert not {target for target in targets if room(target) in ("waveforms", "wavefield", "monitoring", "training")}
    assert {target.split(".")[2] for target in targets if target.startswith("quakeview.app.")} <= set(allowed)


def test_earthquakes_are_drawn_without_a_workspace() -> None:
    """The map, its sections and the plots of an event take plain events; no workspace is known to them."""
    modules = [name for name in SOURCES if name.startswith("quakeview.app.events.")]
    targets = {target.split(".")[2] for name in modules for target, _ in own_imports(name) if ".app." in target}
    assert {"drawing", "maps"} <= targets <= {"drawing", "maps", "widgets", "work", "events", "texts"}


@pytest.mark.parametrize("module", [name for name in SOURCES if name != "quakeview"])  # it hands out what ``api`` has
def test_arrows_point_down(module: str) -> None:
    own = room(module)
    assert own in FLOOR_OF, f"{own} is on no floor of the house"
    for target, _ in own_imports(module):
        other = room(target)
        down = FLOOR_OF[other] < FLOOR_OF[own]
        assert other == own or down or {own, other} <= FOUNDATION, f"{module} imports {target}"


@pytest.mark.parametrize("module", SOURCES)
def test_no_room_imports_private_names_of_another(module: str) -> None:
    siblings = {
        local: target
        for target, name, local in imports(TREES[module])
        if target.split(".")[0] == "quakeview" and (f"{target}.{name}" in SOURCES or not name)
    }
    private = [
        f"{target}.{name}"
        for target, name in own_imports(module)
        if room(target) != room(module) and any(map(is_private, (*target.split("."), name)))
    ]
    private += [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in siblings
        and is_private(node.attr)
    ]
    assert not private


QT_THREADS = {"QThread", "QThreadPool", "QRunnable"}
THREADS = {"Thread", "Timer", "ThreadPoolExecutor", "ProcessPoolExecutor"}
WITH_THREADS = {
    "app.shell.recent": "each path is looked up on its own: a disk that sleeps holds up no other",
    "app.waveforms.reading": "one job filters several records at a time",
    "app.wavefield.playback.frame_cache": "frames are read ahead in an order that changes while they are read",
    "monitoring.network_picker": "torch is fastest with one window on each core",
    "simulation.waves.engine": "rows of the grid advance side by side",
    "stations.fdsn": "a data centre that does not answer can be given up",
    "training.runs.requests": "a run looks for what is asked of it while it reads, trains and validates",
    "training.train_command": "listens to stdin while the run goes on",
    "waveforms.deadline": "ends the reading of a file that takes too long",
    "workers.processes": "processes work side by side, each on cores of its own",
    "wavefield.forecasting.ensemble": "members forecast side by side",
}
"""Threads of modules outside ``app.work``, and why."""


def called(tree: ast.AST) -> set[str]:
    """Names of what is called, without what is before the last dot."""
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in functions}


def test_threads_are_made_by_python_and_in_few_places() -> None:
    """PROJ aborts on the threads of Qt; a job or ``Background`` is what the window needs otherwise."""
    assert [name for name, tree in TREES.items() if {used for _, used, _ in imports(tree)} & QT_THREADS] == []
    threaded = {name.removeprefix("quakeview.") for name, tree in TREES.items() if called(tree) & THREADS}
    assert {name for name in threaded if not name.startswith("app.work.")} == set(WITH_THREADS)


def test_no_drawer_for_everything() -> None:
    folders_and_files = {part for path in SOURCES.values() for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert not folders_and_files & {"utils", "util", "helpers", "helper", "common", "misc"}


def test_modules_stay_small() -> None:
    lengths = {name: len(path.read_text().splitlines()) for name, path in SOURCES.items()}
    assert {name: length for name, length in lengths.items() if length > 500} == {}


def test_the_command_line_starts_light() -> None:
    assert not loaded_after("import quakeview.cli") & (HEAVY | QT | {"obspy", "numpy", "scipy", "tqdm"})


def test_importing_the_package_costs_nothing() -> None:
    assert not loaded_after("import quakeview; dir(quakeview)") & (HEAVY | QT | {"obspy", "numpy", "scipy"})


def test_importing_anything_but_the_window_does_not_import_qt() -> None:
    headless = [name for name in SOURCES if room(name) not in ("app", "__main__") and name not in ONLY_WITH_A_CARD]
    assert not loaded_after("\n".join(f"import {name}" for name in headless)) & QT


def test_the_window_starts_without_the_networks() -> None:
    window = [name for name in SOURCES if room(name) in ("app", "project", "cli")]
    assert not loaded_after("\n".join(f"import {name}" for name in window)) & HEAVY


def test_the_first_picture_needs_no_arrays() -> None:
    window = "quakeview.app.main", "quakeview.app.shell.window", "quakeview.app.shell.controller"
    assert not loaded_after("\n".join(f"import {name}" for name in window)) & {"numpy", "obspy", "scipy", "pydantic"}
