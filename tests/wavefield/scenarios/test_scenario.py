import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import h5py
import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.sources.rupture import make_rupture
from quakeview.wavefield.scenarios import scenario as scenario_module
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter
from quakeview.wavefield.scenarios.schema import file_size
from tests.wavefield.fields import header, velocity


def write(path: Path, values: np.ndarray | None = None, half: bool = True, **known: object) -> np.ndarray:
    values = velocity() if values is None else values
    _, nx, ny, frames = values.shape
    with ScenarioWriter(path, header(nx, ny, **{"frames": frames, **known}), half) as writer:
        for index in range(frames):
            writer.write(index, values[..., index])
    return values


def test_the_header_comes_back(tmp_path: Path) -> None:
    rupture = make_rupture(5.5, hypocentre=(40e3, 38e3, 8e3), seed=4)
    written = header(rupture=rupture, source={"kind": "rupture", "seed": 4, "moment": 2.0e17})
    ScenarioWriter(tmp_path / "a.h5", written).finish()
    with Scenario.open(tmp_path / "a.h5") as scenario:
        read = scenario.header
        assert scenario.rupture is not None
        for name in ("slip", "onset", "rise_time", "rake", "rigidity", "hypocentre"):
            np.testing.assert_array_equal(getattr(scenario.rupture, name), getattr(rupture, name))
        assert scenario.rupture.plane == rupture.plane
        assert (scenario.rupture.magnitude, scenario.rupture.seed) == (5.5, 4)
    for name in ("name", "region", "frame_step", "planned_frames", "frequency", "model_name", "illustrative"):
        assert getattr(read, name) == getattr(written, name), name
    for name in ("start_time", "magnitude", "hypocentre", "source", "minimum_vs", "attenuation"):
        assert getattr(read, name) == getattr(written, name), name
    np.testing.assert_array_equal(read.x, written.x)


def test_what_is_not_known_stays_unknown(tmp_path: Path) -> None:
    unknown = dict.fromkeys(("magnitude", "hypocentre", "minimum_vs", "attenuation"))
    write(tmp_path / "a.h5", **unknown)
    with Scenario.open(tmp_path / "a.h5") as scenario:
        assert [getattr(scenario, name) for name in unknown] == [None] * 4


@pytest.mark.parametrize(("half", "tolerance"), [(True, 2.0**-11), (False, 0.0)])
def test_frames_and_traces_agree_with_what_was_written(tmp_path: Path, half: bool, tolerance: float) -> None:
    values = write(tmp_path / "a.h5", half=half)
    with Scenario.open(tmp_path / "a.h5") as scenario:
        assert scenario.complete
        assert scenario.shape == values.shape
        assert scenario.frame(0).dtype == np.float32
        for index in (0, 17, 39, 3):
            np.testing.assert_allclose(scenario.frame(index), values[..., index], rtol=tolerance * 2, atol=1e-14)
        np.testing.assert_array_equal(scenario.frames(10, 20)[..., 7], scenario.frame(17))
        assert scenario.frames(30, 99).shape[-1] == 10
        np.testing.assert_array_equal(scenario.trace(3600.0, 2100.0)[:, 17], scenario.frame(17)[:, 3, 2])
        np.testing.assert_array_equal(scenario.traces([3, 0], [2, 7])[1], scenario.trace(0.0, 80e3))
        np.testing.assert_allclose(scenario.times, 0.5 * np.arange(40))
        with pytest.raises(IndexError):
            scenario.frame(40)


@pytest.mark.parametrize("peak", [1e-20, 1e-6, 10.0, 1e6])
def test_half_precision_neither_overflows_nor_underflows(tmp_path: Path, peak: float) -> None:
    values = write(tmp_path / "a.h5", velocity(peak=peak))
    with Scenario.open(tmp_path / "a.h5") as scenario:
        for index in range(40):
            error = np.abs(scenario.frame(index) - values[..., index]).max()
            assert error < 2e-3 * np.abs(values[..., index]).max() or np.abs(values[..., index]).max() < 1e-30
        assert scenario.peak == pytest.approx(np.abs(values).max())


def test_peak_ground_velocity_and_its_time_are_stored(tmp_path: Path) -> None:
    values = write(tmp_path / "a.h5", start_time=-2.0)
    with Scenario.open(tmp_path / "a.h5") as scenario:
        horizontal = np.hypot(values[0], values[1])
        np.testing.assert_allclose(scenario.pgv, horizontal.max(-1))
        np.testing.assert_allclose(scenario.t_pgv, -2.0 + 0.5 * horizontal.argmax(-1))


def test_any_hdf5_program_can_read_it(tmp_path: Path) -> None:
    values = write(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5") as file:
        velocity = file["velocity"][:].astype(float) * file["scale"][:]
        np.testing.assert_allclose(velocity, values, rtol=2e-3, atol=1e-14)
        assert [dimension.label for dimension in file["velocity"].dims] == ["component", "x", "y", "time"]
        assert file["velocity"].attrs["units"] == "m/s"
        assert file["model"].attrs["illustrative"]


def test_few_frames_are_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenario_module, "CACHE_BYTES", 2 * 3 * 12 * 8 * 16 * 2)
    values = write(tmp_path / "a.h5", velocity(frames=160))
    with Scenario.open(tmp_path / "a.h5") as scenario:
        for index in (*range(160), 5):
            np.testing.assert_allclose(scenario.frame(index), values[..., index], rtol=2e-3, atol=1e-14)
            assert sum(block.nbytes for block in scenario._blocks.values()) <= scenario_module.CACHE_BYTES


def test_threads_may_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenario_module, "CACHE_BYTES", 1)
    values = write(tmp_path / "a.h5", velocity(frames=160))
    wrong: list[int] = []
    with Scenario.open(tmp_path / "a.h5") as scenario:

        def read(seed: int) -> None:
            for index in np.random.default_rng(seed).integers(0, 160, 100):
                if not np.allclose(scenario.frame(int(index)), values[..., index], rtol=2e-3, atol=1e-14):
                    wrong.append(int(index))
                scenario.trace(4e3, 4e3)

        threads = [threading.Thread(target=read, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


WRITE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from quakeview.wavefield.scenarios.scenario import ScenarioWriter
from tests.wavefield.fields import header, velocity
values = velocity(frames=60)
writer = ScenarioWriter(Path(sys.argv[1]), header(frames=60))
for index in range(40):
    writer.write(index, values[..., index])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_what_was_written_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    assert subprocess.run([sys.executable, "-c", WRITE_AND_DIE, path], check=False).returncode == -9
    values = velocity(frames=60)
    with Scenario.open(path) as scenario:
        assert not scenario.complete
        assert (scenario.n_frames, scenario.planned_frames) == (32, 60)
        assert scenario.shape == (3, 12, 8, 32)
        for index in range(32):
            np.testing.assert_allclose(scenario.frame(index), values[..., index], rtol=2e-3, atol=1e-14)
        assert scenario.trace(0.0, 0.0).shape == (3, 32)
        np.testing.assert_allclose(scenario.pgv, np.hypot(values[0], values[1])[..., :32].max(-1))


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from quakeview.errors import QuakeViewError
from quakeview.wavefield.scenarios.scenario import ScenarioWriter
from tests.wavefield.fields import header
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (800_000, 800_000))
try:
    ScenarioWriter(Path(sys.argv[1]), header(60, 60, frames=60))
except QuakeViewError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="files cannot be kept small")
def test_a_full_disk_is_noticed_before_anything_is_computed(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, tmp_path / "a.h5"], capture_output=True, text=True, check=False
    )
    assert "needs 2 MB and could not be written" in run.stdout, run.stderr
    assert run.returncode == 0
    assert not list(tmp_path.iterdir())


def test_the_file_has_its_size_from_the_beginning(tmp_path: Path) -> None:
    for half in (True, False):
        path = tmp_path / f"{half}.h5"
        with ScenarioWriter(path, header(60, 60), half) as writer:
            size = path.stat().st_size
            assert path.stat().st_blocks * 512 >= size
            for index in range(40):
                writer.write(index, velocity(60, 60)[..., index])
        assert path.stat().st_size == size
        assert 0 <= file_size(header(60, 60), half) - size < 200_000


def test_an_error_on_the_way_keeps_the_frames(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"

    def stop_after_five() -> None:
        with ScenarioWriter(path, header()) as writer:
            for index in range(5):
                writer.write(index, velocity()[..., index])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stop_after_five()
    with Scenario.open(path) as scenario:
        assert (scenario.n_frames, scenario.complete) == (5, False)


def test_without_a_frame_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), ScenarioWriter(tmp_path / "a.h5", header()):
        raise RuntimeError
    assert not (tmp_path / "a.h5").exists()


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "a.h5")
    with pytest.raises(QuakeViewError, match="exists already"):
        ScenarioWriter(tmp_path / "a.h5", header())
    with Scenario.open(tmp_path / "a.h5") as scenario:
        assert scenario.complete
    with pytest.raises(QuakeViewError, match="could not be written"):
        ScenarioWriter(tmp_path / "no" / "a.h5", header())


def test_where_nothing_can_be_written_or_removed_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "open", read_only)
    monkeypatch.setattr(Path, "unlink", read_only)
    with pytest.raises(QuakeViewError, match="Read-only file system"):
        ScenarioWriter(tmp_path / "a.h5", header())


def test_frames_come_in_order(tmp_path: Path) -> None:
    with ScenarioWriter(tmp_path / "a.h5", header()) as writer:
        writer.write(0, velocity()[..., 0])
        with pytest.raises(ValueError, match="frame 2"):
            writer.write(2, velocity()[..., 2])
        with pytest.raises(ValueError, match="shape"):
            writer.write(1, velocity(4, 4)[..., 1])


def test_files_that_are_no_scenarios_are_explained(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="not there"):
        Scenario.open(tmp_path / "a.h5")
    (tmp_path / "text.h5").write_text("not HDF5")
    with pytest.raises(QuakeViewError, match="no HDF5 file"):
        Scenario.open(tmp_path / "text.h5")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["data"] = np.zeros(3)
    with pytest.raises(QuakeViewError, match="no scenario of QuakeView"):
        Scenario.open(tmp_path / "other.h5")


@pytest.mark.parametrize("part", ["velocity", "scale", "frames_written", "region", "pgv", "x"])
def test_a_file_without_a_part_is_explained(tmp_path: Path, part: str) -> None:
    write(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "a") as file:
        del file[part]
    with pytest.raises(QuakeViewError, match="lacks parts"):
        Scenario.open(tmp_path / "a.h5")


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("velocity", np.zeros((3, 4, 5))),
        ("scale", np.ones(3, np.float32)),
        ("scale", np.full(40, np.nan, np.float32)),
        ("x", np.arange(3.0)),
        ("pgv", np.zeros((2, 2), np.float32)),
        ("time", np.arange(2.0)),
    ],
)
def test_parts_that_do_not_fit_together_are_explained(tmp_path: Path, part: str, values: np.ndarray) -> None:
    write(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "a") as file:
        del file[part]
        file[part] = values
    with pytest.raises(QuakeViewError, match="do not fit together"):
        Scenario.open(tmp_path / "a.h5")


def test_a_count_of_frames_that_cannot_be_is_none(tmp_path: Path) -> None:
    write(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "a") as file:
        file["frames_written"][()] = -5
    with Scenario.open(tmp_path / "a.h5") as scenario:
        assert (scenario.n_frames, scenario.frames(0, 9).shape[3]) == (0, 0)


def test_a_newer_file_is_explained(tmp_path: Path) -> None:
    write(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "a") as file:
        file.attrs["schema_version"] = 2
    with pytest.raises(QuakeViewError, match="newer QuakeView"):
        Scenario.open(tmp_path / "a.h5")


@pytest.mark.parametrize("keep", [0.0, 0.0005, 0.02, 0.3, 0.6, 0.9999])
def test_a_file_that_was_cut_is_explained(tmp_path: Path, keep: float) -> None:
    write(tmp_path / "a.h5", velocity(60, 60))
    whole = (tmp_path / "a.h5").read_bytes()
    (tmp_path / "a.h5").write_bytes(whole[: int(keep * len(whole))])
    with pytest.raises(QuakeViewError, match="a part of one is missing"):
        Scenario.open(tmp_path / "a.h5")


def test_reading_a_closed_file_is_explained(tmp_path: Path) -> None:
    write(tmp_path / "a.h5")
    scenario = Scenario.open(tmp_path / "a.h5")
    scenario.close()
    with pytest.raises(QuakeViewError, match="closed"):
        scenario.frame(0)
