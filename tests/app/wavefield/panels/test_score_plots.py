"""Scores against time: what is written where."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from quakeview.app.wavefield.panels.score_plots import AGAINST_LEAD, Issue, ScorePlots
from quakeview.wavefield.forecasting.baselines import FORECAST, ScoreColumn


def test_no_motion_is_written_at_its_line(qtbot):
    plots, panel = ScorePlots(), QWidget()
    QVBoxLayout(panel).addWidget(plots)
    qtbot.addWidget(panel)
    panel.resize(900, 300)
    panel.show()
    times = np.arange(1.0, 51.0)
    issue = Issue(15.6, (ScoreColumn(FORECAST, "", {}, times, 1 - times / 60, times / 30),))
    plots.draw(AGAINST_LEAD, [issue], issue)
    QApplication.processEvents()
    rfne, label = plots.plots[1], plots._no_motion.label
    line = rfne.vb.mapViewToScene(QPointF(25.0, 1.0)).y()
    place = label.mapRectToScene(label.boundingRect())
    assert label.toPlainText() == "no motion"
    assert 0 <= place.top() - line < 6
    assert rfne.vb.sceneBoundingRect().contains(place)
