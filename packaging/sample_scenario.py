"""Make again the scenario that ships with QuakeView: a rupture of the Hayward fault, M 6.0, illustrative Earth model.

    python packaging/sample_scenario.py     writes resources/scenarios/hayward-m6.h5, half a minute on two cores

The wavefield is compressed without loss; the file is otherwise what ``quakeview simulate --preset forecast --magnitude
6 --hypocentre 62,38,8 -o hayward-m6.h5`` writes.
"""

import tempfile
from pathlib import Path

import h5py

from quakeview.progressbar import terminal_progress
from quakeview.wavefield.scenarios.making import ScenarioRequest, make_scenario
from quakeview.wavefield.scenarios.samples import sample_scenario

REQUEST = ScenarioRequest(magnitude=6.0, hypocentre=(62_000.0, 38_000.0, 8_000.0), preset="forecast")


def main() -> int:
    target = sample_scenario()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, terminal_progress() as progress:
        compress(make_scenario(REQUEST, Path(folder) / "scenario.h5", progress=progress), target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")
    return 0


def compress(source: Path, target: Path) -> None:
    """Copy a scenario file, its wavefield deflated."""
    with h5py.File(source, "r", swmr=True) as old, h5py.File(target, "w", libver="latest") as new:
        new.attrs.update(old.attrs)
        for name, item in old.items():
            if name != "velocity":
                old.copy(item, new)
        velocity = old["velocity"]
        packed = new.create_dataset(
            "velocity", data=velocity[:], chunks=velocity.chunks, compression="gzip", compression_opts=9, shuffle=True
        )
        packed.attrs["units"] = velocity.attrs["units"]
        for axis, name in enumerate(("x", "y", "time"), 1):
            new[name].attrs.pop("REFERENCE_LIST", None)
            packed.dims[axis].attach_scale(new[name])
        for axis, dimension in enumerate(velocity.dims):
            packed.dims[axis].label = dimension.label


if __name__ == "__main__":
    raise SystemExit(main())
