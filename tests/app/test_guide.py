"""The guide in a window of its own: F1, links, history, search, pictures, themes."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument

from quakeview.app.guide.window import contents
from quakeview.paths import resources_dir
from tests.app.conftest import MONTSERRAT

GUIDE = resources_dir() / "guide"
IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def program(make_window):
    return make_window([MONTSERRAT])


@pytest.fixture
def guide(program, qtbot):
    qtbot.keyClick(program.window, Qt.Key.Key_F1)
    program._guide.resize(1100, 700)
    return program._guide


def image_on(guide, name):
    return guide.page.document().resource(IMAGE, QUrl.fromLocalFile(str(GUIDE / "pictures" / name)))


def middle(image):
    return image.pixelColor(image.width() // 2, image.height() // 2)


def is_read(guide, name):
    """Until a picture is read there is a plain one in its place."""
    image = image_on(guide, name)
    return image is not None and len({image.pixel(y, y) for y in range(0, image.height(), 7)}) > 1


def test_f1_shows_the_page_of_the_workspace_in_front(program, guide):
    assert guide.page.file == GUIDE / "open-waveforms.md"
    assert guide.list.currentItem().text() == "Open waveforms"
    program.registry["view.models"].trigger()
    program.registry["help.guide"].trigger()
    assert program._guide is guide
    assert guide.page.file == GUIDE / "models.md"


def test_a_closed_guide_opens_again(program, guide, qtbot):
    with qtbot.waitSignal(guide.destroyed):
        qtbot.keyClick(guide, Qt.Key.Key_Escape)
    program.registry["help.guide"].trigger()
    assert program._guide.isVisible()


def test_every_page_can_be_shown(guide):
    for title, file in contents():
        if file is not None:
            guide.open(file.name)
            assert guide.page.toPlainText().strip(), title
            assert guide.list.currentItem().text() == title


def test_links_lead_to_pages_and_back(guide, qtbot):
    guide.page.anchorClicked.emit(QUrl("pick-by-hand.md"))
    assert guide.list.currentItem().text() == "Pick by hand"
    qtbot.keyClick(guide, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert guide.list.currentItem().text() == "Open waveforms"
    guide.forward.click()
    assert guide.list.currentItem().text() == "Pick by hand"


def test_a_link_elsewhere_opens_as_the_system_opens_it(guide, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    guide.page.anchorClicked.emit(QUrl("https://docs.obspy.org"))
    assert [url.host() for url in opened] == ["docs.obspy.org"]
    assert guide.page.file == GUIDE / "open-waveforms.md"


def test_the_card_of_a_model_is_shown_too(guide):
    guide.open("models.md")
    guide.page.anchorClicked.emit(QUrl("../../models/SeisMoLLM-S/README.md"))
    assert "SeisMoLLM-S" in guide.page.toPlainText()
    assert guide.list.currentItem() is None


def test_searching_lists_the_pages_and_marks_the_words(guide, qtbot):
    qtbot.keyClick(guide, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    guide.search.setText("StationXML")
    rows = [guide.list.item(row) for row in range(guide.list.count())]
    shown = [item.text() for item in rows if not item.isHidden()]
    assert "Records of real stations" in shown
    assert "Forecast scores" not in shown
    assert guide.found.text() == f"{len(shown)} pages"
    marked = [mark.cursor.selectedText() for mark in guide.page.extraSelections()]
    assert marked == ["StationXML"] * len(marked) != []
    qtbot.keyClick(guide.search, Qt.Key.Key_Return)
    assert guide.page.textCursor().selectedText() == "StationXML"
    guide.search.clear()
    assert not any(item.isHidden() for item in rows)
    assert guide.page.extraSelections() == []


def test_pictures_are_as_wide_as_the_page_and_of_the_theme(program, guide, qtbot):
    qtbot.waitUntil(lambda: is_read(guide, "waveforms.png"))
    wide = image_on(guide, "waveforms.png").width()
    guide.resize(800, 700)
    qtbot.waitUntil(lambda: image_on(guide, "waveforms.png").width() < wide and is_read(guide, "waveforms.png"))
    assert image_on(guide, "waveforms.png").width() < guide.page.viewport().width()
    light = middle(image_on(guide, "stations.png")).lightness()
    program.window.theme.choose("dark")
    qtbot.waitUntil(lambda: is_read(guide, "stations.png") and middle(image_on(guide, "stations.png")).lightness() < 90)
    assert light > 200


def test_a_missing_picture_leaves_the_page_readable(guide, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Title\n\n![nothing](gone.png)\n\nText.\n")
    guide.page.open(page)
    assert "Text." in guide.page.toPlainText()
    assert guide.page.file == Path(page)
