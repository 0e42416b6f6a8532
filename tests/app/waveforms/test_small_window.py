"""Every page and view of the workspace leaves the window as small as 1100x700."""

from typing import Any

import pytest

from tests.app.conftest import BAVARIA

PAGES = ("view.helicorder", "view.picker", "view.record_section", "view.large_map")
VIEWS = ("view.spectrogram", "view.particle_motion", "view.spectrum")


@pytest.fixture
def controller(make_window: Any) -> Any:
    return make_window(BAVARIA)


@pytest.mark.parametrize("action_id", [*PAGES, *VIEWS])
def test_it_fits(controller: Any, qtbot: Any, action_id: str) -> None:
    window, workspace = controller.window, controller.workspace
    window.resize(1100, 700)
    if action_id in PAGES:
        workspace.centre.show_page(action_id)
    else:
        controller.registry[action_id].trigger()
    qtbot.waitUntil(lambda: not window.runner.active)
    assert window.minimumSizeHint().width() <= 1100
    assert window.minimumSizeHint().height() <= 700
    assert (window.width(), window.height()) == (1100, 700)
