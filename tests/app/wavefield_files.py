"""Scenario files by formula, and a maker of scenarios that needs no simulation."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from quakeview.jobs import Progress
from quakeview.wavefield.scenarios.header import Header
from quakeview.wavefield.scenarios.making import FrameReady, ScenarioRequest, ScenarioStarted
from quakeview.wavefield.scenarios.scenario import ScenarioWriter
from tests.app.fake_wavefield import HEADER, expanding_wave


def write_scenario(path: Path, n_frames: int = 112, **changes: Any) -> Path:
    """A scenario with the first ``n_frames`` of a wave by formula."""
    wave = expanding_wave(n_frames, **changes)
    path.parent.mkdir(parents=True, exist_ok=True)
    with ScenarioWriter(path, wave.header) as writer:
        for index in range(n_frames):
            writer.write(index, wave.frame(index))
    return path


class FakeMaker:
    """Called as ``quakeview.wavefield.scenarios.making.make_scenario``; a frame every ``pause`` seconds.

    ``failure`` is raised after ``failing_frame`` frames.
    """

    def __init__(self, pause: float = 0.0, failure: Exception | None = None, failing_frame: int = 20) -> None:
        self.pause, self.failure, self.failing_frame = pause, failure, failing_frame
        self.requests: list[ScenarioRequest] = []

    def __call__(
        self, request: ScenarioRequest, path: Path, device: str = "auto", progress: Progress = Progress()
    ) -> Path:
        self.requests.append(request)
        header: Header = replace(HEADER, name=path.stem, magnitude=request.magnitude)
        wave = expanding_wave(header.planned_frames)
        progress.publish(ScenarioStarted(header))
        with ScenarioWriter(path, header) as writer:
            for index in range(header.planned_frames):
                progress.advance(index, header.planned_frames, "Simulating")
                if self.failure is not None and index == self.failing_frame:
                    raise self.failure
                writer.write(index, wave.frame(index))
                progress.publish(FrameReady(index, index * header.frame_step, wave.frame(index)))
                time.sleep(self.pause)
        return path
