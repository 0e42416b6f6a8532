"""What a filter made without knowing what came before is drawn paler."""

from typing import Any

import numpy as np

from tests.app.traces.records import START, channel, sample_view


def darkness(view: Any, first: float, last: float) -> float:
    """How dark the ink of the first trace is, from one time to another, 0 to 1."""
    rect = view.component_of(channel("ST00")).rect
    image = view.grab().toImage()
    values = [
        image.pixelColor(x, y).lightnessF()
        for x in range(round(view.x_at(first)) + 1, round(view.x_at(last)))
        for y in range(round(rect.top()), round(rect.bottom()))
    ]
    return 1 - min(values)


def test_the_beginning_is_pale_and_the_rest_is_not(qtbot: Any) -> None:
    view = sample_view(qtbot)
    before = darkness(view, START, START + 5)
    view.set_unsettled(channel("ST00"), np.array([[START, START + 5]]))
    assert darkness(view, START, START + 5) < 0.7 * before
    assert darkness(view, START + 6, START + 20) > 0.9 * before
    view.set_unsettled(channel("ST00"), np.empty((0, 2)))
    assert darkness(view, START, START + 5) == before
