"""The workers of a cluster pick an archive; one of them is lost on the way."""

import os
import signal
from pathlib import Path

import pytest

from quakeview.archives.picking import pick_into, settings_of
from quakeview.jobs import Progress
from tests.archives.test_picking import MODEL, digests, wanted

distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_a_cluster_that_loses_a_worker_makes_the_same_files(archive_folder: Path, tmp_path: Path) -> None:
    settings = settings_of(MODEL, 0.3, 0.3, None, None)
    pick_into(tmp_path / "here", wanted(archive_folder), settings, device="cpu")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as local:

        class LoseOne(Progress):
            lost = False

            def on_publish(self, partial: object) -> None:
                if not self.lost:
                    self.lost = True
                    os.kill(local.workers[0].pid, signal.SIGKILL)

        progress = LoseOne()
        picked = pick_into(
            tmp_path / "there",
            wanted(archive_folder),
            settings,
            device="cpu",
            cluster=local.scheduler_address,
            progress=progress,
        )
    assert progress.lost
    assert not picked.failures
    assert digests(tmp_path / "there") == digests(tmp_path / "here")
