"""The shipped model on a real record: the window and the command line find the same earthquakes."""

import csv
import io

import pytest
from obspy import UTCDateTime

from quakeview import cli, paths
from quakeview.monitoring.annotate import pick_archive
from quakeview.registry import available_models
from quakeview.waveforms.sample_data import SAMPLES

FIRST_P = {
    "UH1": "2010-05-27T16:24:33.3",
    "UH2": "2010-05-27T16:24:33.2",
    "UH3": "2010-05-27T16:24:33.1",
    "UH4": "2010-05-27T16:24:34.1",
}
"""Read by eye."""


@pytest.fixture(autouse=True)
def shipped(user_folders, monkeypatch):
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)  # no thread of its own beside the command line's bar
    monkeypatch.setattr("quakeview.registry.shipped_models_dir", paths.shipped_models_dir)


def test_it_names_its_training_and_its_scores():
    (card,) = [model for model in available_models() if model.task == "picking"]
    assert "synthetic" in card.trained_on
    assert card.backbone == "GPT-2 layout, no pre-training"
    assert {"P F1 ±0.1 s", "S F1 ±0.1 s"} <= dict(card.headline()).keys()


def test_window_and_command_line_give_the_same_picks(make_window, qtbot, capsys):
    assert cli.main(["pick", "--sample"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    controller = make_window(SAMPLES[0].paths(), pick=pick_archive, models=available_models())
    controller.registry["picks.all"].trigger()
    qtbot.waitUntil(lambda: len(controller.session.project.picks()) == len(rows), timeout=60_000)
    qtbot.waitUntil(lambda: not controller.window.runner.active, timeout=60_000)
    in_window = {(str(p.channel_id), p.phase, round(p.time.timestamp, 2)) for p in controller.session.project.picks()}
    fields = ("network", "station", "location", "channel")
    assert in_window == {
        (".".join(row[f] for f in fields), row["phase"], round(UTCDateTime(row["time"]).timestamp, 2)) for row in rows
    }
    for station, time in FIRST_P.items():
        onsets = [UTCDateTime(row["time"]) for row in rows if (row["station"], row["phase"]) == (station, "P")]
        assert abs(min(onsets) - UTCDateTime(time)) < 0.3
