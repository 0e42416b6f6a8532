"""Sentences above the work: none is lost behind another, each can be put away."""

import pytest
from PySide6.QtCore import Qt

from quakeview.app.shell.notice import Notice


@pytest.fixture
def notice(qtbot):
    notice = Notice()
    qtbot.addWidget(notice)
    return notice


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_every_notice_can_be_read_and_put_away(notice, qtbot):
    assert notice.isHidden()
    for name in ("a", "b", "c"):
        notice.say(f"{name}.mseed is empty.")
    assert (notice.sentence.text(), notice.place.text()) == ("c.mseed is empty.", "3 of 3")
    assert not notice.newer.isEnabled()
    click(qtbot, notice.older)
    assert (notice.sentence.text(), notice.place.text()) == ("b.mseed is empty.", "2 of 3")
    click(qtbot, notice.close_button)
    assert notice.sentence.text() == "a.mseed is empty."
    click(qtbot, notice.newer)
    assert notice.sentence.text() == "c.mseed is empty."
    click(qtbot, notice.close_button)
    assert notice.sentence.text() == "a.mseed is empty."
    assert notice.place.isHidden()
    click(qtbot, notice.close_button)
    assert notice.isHidden()


def test_what_is_said_again_is_counted_and_its_details_come_together(notice):
    notice.say("A file cannot be read.", ["a.mseed is empty."])
    notice.say("The disk is full.")
    notice.say("A file cannot be read.", ["a.mseed is empty.", "b.mseed is empty."])
    assert notice.sentence.text() == "A file cannot be read. (2 times)"
    assert notice.place.text() == "2 of 2"
    assert notice.more.text() == "2 more"
    assert notice.text.toPlainText() == "a.mseed is empty.\nb.mseed is empty."


def test_success_does_not_look_like_a_warning(notice):
    notice.say("The disk is full.")
    warned = notice._sign.pixmap().toImage()
    notice.confirm("3 picks were written to picks.csv.")
    assert notice._sign.accessibleName() == "Done"
    assert notice._sign.pixmap().toImage() != warned


def test_a_name_is_shown_as_it_is(notice):
    notice.say("<b>P&S</b>.mseed is empty.")
    assert notice.sentence.textFormat() is Qt.TextFormat.PlainText
    assert notice.sentence.text() == "<b>P&S</b>.mseed is empty."


def test_clear_puts_everything_away(notice):
    notice.say("One.")
    notice.say("Two.")
    notice.clear()
    assert notice.isHidden()
    notice.say("Three.")
    assert notice.place.isHidden()
