"""The trace view with a real many-station record and its reference picks, read through our own archive."""

import csv

import numpy as np
import pytest
from obspy import UTCDateTime
from PySide6.QtCore import Qt

from quakeview.app.traces import PickMark, PickStyle, StationRow, TraceView
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument
from quakeview.waveforms.display import load_display_records
from quakeview.waveforms.filters import Filter
from tests.app.traces.test_view import pixels
from tests.shared import SHARED, needs_shared

CASES = SHARED / "data" / "cases"
FILE = "ridgecrest_M4.0_20190704_170225_21sta.mseed"


@needs_shared
def test_ridgecrest(qtbot):
    archive = Archive()
    archive.add([CASES / FILE])
    view = TraceView()
    qtbot.addWidget(view)
    view.resize(1200, 900)
    rows, marks = [], []
    for station, components in archive.stations.items():
        rows.append(StationRow(station, f"{station.network}.{station.station}", "", tuple(components.items())))
        for channel_id in components.values():
            view.set_record(channel_id, load_display_records(archive, channel_id, Filter(detrend=True, low=2, high=15)))
    vertical = {row.station.station: dict(row.channels)["Z"] for row in rows}
    with (CASES / "truth_picks.csv").open(newline="") as table:
        for pick in csv.DictReader(table):
            if pick["file"] == FILE:
                name = pick["station"] + pick["phase"]
                time = UTCDateTime(pick["time"]).timestamp
                marks.append(PickMark(name, vertical[pick["station"]], pick["phase"], time, PickStyle.AUTOMATIC))
    view.set_stations(rows)
    view.set_picks(marks)
    view.set_visible_stations(len(rows))
    origin = UTCDateTime("2019-07-04T17:02:55").timestamp
    view.set_view(origin, origin + 20)
    view.show()
    qtbot.waitExposed(view)
    image = pixels(view.grab().toImage())
    assert len(view.scene.amplitudes) == sum(len(row.channels) for row in rows)
    for mark in marks:
        flag = view.scene.picks.flag_of(mark.id)
        assert flag is not None, mark.id
        assert flag.line.x1() == pytest.approx(view.x_at(mark.time), abs=1)
        band = next(band for band in view.bands if band.row.station == Instrument.of(mark.channel_id))
        column = image[round(band.rect.top()) + 2 : round(band.rect.bottom()) - 2, int(flag.line.x1())]
        color = view.colors.phase(mark.phase)
        assert (column == np.array([color.red(), color.green(), color.blue()])).all(axis=1).sum() > 5
    with qtbot.waitSignal(view.pickClicked) as clicked:
        where = view.scene.picks.flag_of(marks[0].id).rect.center().toPoint()
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=where)
    assert clicked.args == [marks[0].id]
