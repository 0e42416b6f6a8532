"""``python -m tests.benchmarks NAME... [--quick]``: each figure beside a named peer, measured in this run.

Every benchmark is a module here with ``run(quick: bool) -> dict``; it prints its own table. The last line printed is
one JSON object of all figures.
"""

import argparse
import importlib
import json
import os

BENCHMARKS = {
    "crashes": "kill -9 at random moments of editing, importing and closing: picks lost, picks misplaced",
    "edit-crashes": "kill -9 at random moments of a day of edits of picks and events: edits lost that were shown",
    "startup": "time until the window is on screen",
    "traceview": "redraw of 24 h x 30 channels while panning",
    "views": "opening spectrogram, spectrum, particle motion and statistics of a day, beside SciPy, ObsPy and NumPy",
    "picking": "a day of three-component data, beside SeisBench",
    "picks-real": "F1 of picks on labelled records",
    "fine-tune": "F1 of the shipped picker on held-out earthquakes of a source, before and after it learnt from others",
    "loader": "how long training waits for its data at the sizes of the shipped run files, or how long a GPU computes",
    "characterise-real": "what one station alone says of labelled records: network beside rule beside a constant guess",
    "picks-editing": "editing with 10, 1000 and 100 000 picks: key to repainted, and the filter of the table",
    "review": "50 events reviewed by keyboard alone: keys for each pick, wait of a key press, time of a relocation",
    "playback": "frames per second and scrubbing of a scenario with three maps on",
    "simulation": "wave engine: updates per second beside C and plain torch, and whole scenarios",
    "forecast": "100 s of wavefield by the shipped forecaster, beside the same networks written plainly",
    "forecast-scores": "forecasts of held-out events, beside persistence, training events and an attenuation relation",
    "seismicity-scores": "forecasts of seismicity: gain over references, calibration, the leak, the paper's variants",
    "seismicity-maps": "days of a forecast per second under the slider, beside pyqtgraph's and matplotlib's images",
    "map": "dragging, zooming and selecting 10 000 events on the map, beside pyqtgraph's scatter plot",
    "mutated-files": "damaged files of all formats: tracebacks, hangs, picks outside the data",
    "magnitudes": "local magnitudes by each attenuation law beside the network's, and ObsPy on the same records",
    "mechanisms": "synthetic truth: errors of double couples from first motions, what their spread holds; HASH",
    "association": "records to a located catalogue beside published ones and pyocto, and one event at 289 stations",
    "location": "synthetic truth: what the regions hold, and errors beside SciPy least squares, with wrong picks too",
    "etas-recovery": "ETAS fitted to 20 catalogues of a known law: parameters within their stated intervals",
    "simulation-accuracy": "wave engine: errors against closed forms and SW4",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="smaller data, the same code")
    parser.add_argument("--seed", type=int, default=0, help="of mutated-files")
    parser.add_argument("--count", type=int, default=10_000, help="of mutated-files")
    parser.add_argument("--models", nargs="+", default=[], metavar="MODEL", help="of picks-real, such as SeisMoLLM-S")
    parser.add_argument("--source", nargs="+", default=[], metavar="NAME", help="of fine-tune, such as NCEDC")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]!r}; choose from {', '.join(BENCHMARKS)}")
    if not options.names:
        for name, what in BENCHMARKS.items():
            print(f"{name:20} {what}")
        return 0
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures = {}
    own = {
        "mutated-files": {"seed": options.seed, "count": options.count},
        "picks-real": {"models": options.models},
        "fine-tune": {"sources": options.source},
    }
    for name in options.names:
        print(f"== {name}: {BENCHMARKS[name]}", flush=True)
        module = importlib.import_module(f"tests.benchmarks.{name.replace('-', '_')}")
        figures[name] = module.run(options.quick, **own.get(name, {}))
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
