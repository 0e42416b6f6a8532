"""The Training workspace: what it lists, and what can be done with a run."""

from tests.training.run_files import write_run


def open_training(controller):
    controller.registry["view.training"].trigger()
    return controller.training_workspace


def test_without_runs_it_says_what_to_do(make_window, qtbot):
    controller = make_window()
    workspace = open_training(controller)
    qtbot.waitUntil(lambda: workspace.watch.runs == {})
    assert workspace.empty.isVisible()
    assert controller.registry["training.new"].isEnabled()
    assert not controller.registry["training.start"].isEnabled()
    controller.window.resize(1100, 700)
    assert controller.window.size().toTuple() == (1100, 700)


def test_a_run_file_is_listed_and_can_be_started(make_window, qtbot, tmp_path):
    controller = make_window()
    workspace = open_training(controller)
    workspace.open_run(write_run(tmp_path))
    qtbot.waitUntil(lambda: workspace.chosen is not None)
    assert workspace.list.item(0).text() == "tiny\nnot started"
    assert workspace.page.title.text() == "tiny"
    assert controller.registry["training.start"].isEnabled()
    assert not controller.registry["training.stop"].isEnabled()
