"""One day of three-component 100 Hz data: our annotate-and-pick beside SeisBench's EQTransformer, in fresh processes.

Both networks may have any weights: the time does not depend on them. SeisBench's is built with random ones.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from obspy import Stream, Trace, UTCDateTime

RATE = 100.0


def write_record(path: Path, seconds: float) -> None:
    """Red noise with an arrival every ten minutes, three components, Steim2."""
    rng = np.random.default_rng(0)
    n = int(seconds * RATE)
    traces = []
    for component in "ZNE":
        data = np.convolve(rng.normal(0, 200, n), np.ones(5) / 5, mode="same")
        for onset in range(30_000, n - 3000, 60_000):
            data[onset : onset + 3000] += 4000 * rng.normal(size=3000) * np.exp(-np.arange(3000) / 500)
        header = {"network": "XX", "station": "DAY", "channel": f"HH{component}", "sampling_rate": RATE}
        header["starttime"] = UTCDateTime(2024, 1, 1)
        traces.append(Trace(data.astype(np.int32), header))
    Stream(traces).write(str(path), format="MSEED", encoding="STEIM2")


def ours(path: str) -> dict[str, float]:
    """Read, annotate and pick; the share of the network is measured around its calls."""
    import torch

    from quakeview.monitoring.annotate import annotate_station
    from quakeview.monitoring.picker import load_picker
    from quakeview.registry import available_models
    from quakeview.waveforms.archive import Archive

    card = next(model for model in available_models() if model.task == "picking")
    picker = load_picker(card)
    in_network = 0.0
    forward = picker.probabilities

    def timed(windows: np.ndarray) -> np.ndarray:
        nonlocal in_network
        begin = time.perf_counter()
        result = forward(windows)
        in_network += time.perf_counter() - begin
        return result

    picker.probabilities = timed  # type: ignore[method-assign]
    begin = time.perf_counter()
    archive = Archive()
    archive.add([path])
    for station in archive.stations:
        annotate_station(picker, archive, station)
    wall = time.perf_counter() - begin
    return {"wall_s": wall, "overhead": wall / in_network - 1, "threads": torch.get_num_threads(), **memory()}


def seisbench(path: str) -> dict[str, float]:
    """EQTransformer.classify (annotate and pick) with its default overlap and a large batch."""
    import torch
    from obspy import read
    from seisbench.models import EQTransformer

    model = EQTransformer(in_samples=6000)
    model.eval()
    begin = time.perf_counter()
    model.annotate(read(path), batch_size=256)
    return {"wall_s": time.perf_counter() - begin, "threads": torch.get_num_threads(), **memory()}


def memory() -> dict[str, float]:
    import resource

    return {"peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}


def measure(which: str, path: Path) -> dict[str, float]:
    """In a process of its own, so that peak memory is its own too."""
    code = f"import json; from tests.benchmarks.picking import {which}; print(json.dumps({which}({str(path)!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def run(quick: bool) -> dict[str, object]:
    seconds = 7200.0 if quick else 86400.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.mseed"
        write_record(path, seconds)
        figures: dict[str, object] = {"hours": seconds / 3600, "quakeview": measure("ours", path)}
        try:
            figures["seisbench_eqtransformer"] = measure("seisbench", path)
        except subprocess.CalledProcessError as error:
            reason = error.stderr.strip().splitlines()[-1]
            print(f"SeisBench was skipped ({reason}); pip install 'quakeview[seisbench]' to compare.")
    for name, values in figures.items():
        if isinstance(values, dict):
            print(f"{name:24}", "  ".join(f"{key} {value:.3g}" for key, value in values.items()))
    peer = figures.get("seisbench_eqtransformer")
    if isinstance(peer, dict) and isinstance(figures["quakeview"], dict):
        figures["ratio"] = figures["quakeview"]["wall_s"] / peer["wall_s"]
        print(f"{'ours / EQTransformer':24} {figures['ratio']:.2f}")
    return figures
