"""A page of the guide: Markdown in the colours of the theme, with pictures as wide as the page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QFont,
    QFontDatabase,
    QImage,
    QImageReader,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from quakeview.app.drawing import theme
from quakeview.app.work.background import Background
from quakeview.colours import DARK
from quakeview.jobs import Progress

WIDEST = 820
"""Pixels; longer lines are hard to read."""
MARGIN = 32
_SIZES = {1: 1.75, 2: 1.3, 3: 1.1}
"""Of headings, in parts of the text's."""
_KEEP = QTextCursor.MoveMode.KeepAnchor


class GuidePage(QTextBrowser):
    """Follows links between pages; anything else opens as the system opens it. Pictures are read on a thread of their
    own, and where there is one for the dark theme it is taken.

    Signals:
        shown: another page, by its file.
    """

    shown = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._follow)
        self.sourceChanged.connect(self._dress)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else pictures change it, and it them
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._url = QUrl()
        self._width = 0
        self._wanted: dict[str, tuple[Path, QSize]] = {}
        self._pictures = Background("Pictures of the guide")
        self._pictures.ready.connect(self._show_pictures)

    @property
    def file(self) -> Path:
        """The page that is shown."""
        return Path(self._url.toLocalFile())

    def open(self, file: Path) -> None:
        """Show a page from its beginning."""
        self.setSource(QUrl.fromLocalFile(str(file)))

    def refresh(self) -> None:
        """Draw the page again in the colours now on the screen, where it was."""
        place = self.verticalScrollBar().value()
        self.reload()
        self.verticalScrollBar().setValue(place)

    def mark(self, text: str) -> int:
        """Mark a text wherever it is on the page; returns how often that is."""
        found, cursor = [], QTextCursor(self.document())
        style = QTextCharFormat()
        style.setBackground(QColor(theme.current().selection))
        while text and not (cursor := self.document().find(text, cursor)).isNull():
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = cursor, style
            found.append(selection)
        self.setExtraSelections(found)
        return len(found)

    def find_again(self, text: str, backward: bool = False) -> None:
        """Go to the next place where a text is, or from the last one to the first."""
        flags = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        if text and not self.find(text, flags):
            self.moveCursor(QTextCursor.MoveOperation.End if backward else QTextCursor.MoveOperation.Start)
            self.find(text, flags)

    def shut_down(self) -> None:
        """Let go of the thread that reads pictures."""
        self._pictures.forget()

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, url)
        url = QUrl(url)
        file = self._of_theme(Path(url.toLocalFile()))
        size = QImageReader(str(file)).size()
        size = size.scaled(min(self._width, size.width()), size.height(), Qt.AspectRatioMode.KeepAspectRatio)
        self._wanted[url.toString()] = file, size
        blank = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        blank.fill(QColor(theme.current().window))
        return blank

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = min(self.viewport().width() - 2 * MARGIN, WIDEST)
        self._set_margins(max(MARGIN, (self.viewport().width() - width) // 2))
        if width != self._width and width > 0:
            self._width = width
            self._fit_pictures()

    def _follow(self, url: QUrl) -> None:
        url = self._url.resolved(url)
        if url.isLocalFile() and url.path().endswith(".md"):
            self.setSource(url)
        else:
            QDesktopServices.openUrl(url)

    # --- pictures ----------------------------------------------------------------------------------------------

    def _of_theme(self, file: Path) -> Path:
        dark = file.with_name(f"{file.stem}-dark{file.suffix}")
        return dark if theme.current() is DARK and dark.is_file() else file

    def _fit_pictures(self) -> None:
        """Make room for the pictures at today's width, then read them."""
        for name in list(self._wanted):
            self._replace(name, self.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name)))
        self._read_pictures()

    def _read_pictures(self) -> None:
        wanted, ratio = dict(self._wanted), self.devicePixelRatio()

        def read(progress: Progress) -> dict[str, tuple[Path, QImage]]:
            images = {}
            for done, (name, (file, size)) in enumerate(wanted.items()):
                progress.advance(done, len(wanted))
                images[name] = file, _scaled(file, size, ratio)
            return images

        if wanted and self._width > 0:
            self._pictures.ask(read)

    def _show_pictures(self, images: dict[str, tuple[Path, QImage]]) -> None:
        """Those that are still wanted; page and theme may be others by now."""
        for name, (file, image) in images.items():
            if self._wanted.get(name, (None,))[0] == file:
                self._replace(name, image)

    def _replace(self, name: str, image: QImage) -> None:
        document = self.document()
        document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), image)
        document.markContentsDirty(0, document.characterCount())

    # --- looks -------------------------------------------------------------------------------------------------

    def _dress(self, url: QUrl) -> None:
        """Give what Markdown said its looks. ``source`` still names the page before."""
        self._url = url
        self.document().setDocumentMargin(0)
        self._set_margins(max(MARGIN, (self.viewport().width() - WIDEST) // 2))
        blocks = list(_blocks(self.document()))
        for block in blocks:
            _dress_block(block, self.font())
        for first, last in _code(blocks):
            _frame(first, last)
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                _dress_table(frame)
        self._wanted = dict.fromkeys(map(self._resolved, _pictures(blocks)), (self.file, QSize()))
        self._fit_pictures()
        self.shown.emit(self.file)

    def _resolved(self, name: str) -> str:
        return self._url.resolved(QUrl(name)).toString()

    def _set_margins(self, margin: int) -> None:
        root = self.document().rootFrame()
        style = root.frameFormat()
        style.setLeftMargin(margin)
        style.setRightMargin(margin)
        style.setTopMargin(MARGIN / 2)
        style.setBottomMargin(MARGIN)
        root.setFrameFormat(style)


def _scaled(file: Path, size: QSize, ratio: float) -> QImage:
    smooth, stretched = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
    image = QImage(str(file)).scaled(size * ratio, stretched, smooth)
    image.setDevicePixelRatio(ratio)
    return image


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _fragments(block: QTextBlock) -> Iterator[QTextFragment]:
    iterator = block.begin()
    while not iterator.atEnd():
        yield iterator.fragment()
        iterator += 1


def _is_code(block: QTextBlock) -> bool:
    return block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence.value)


def _code(blocks: list[QTextBlock]) -> list[tuple[QTextBlock, QTextBlock]]:
    """The first and the last line of every piece of code."""
    pieces: list[tuple[QTextBlock, QTextBlock]] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        if _is_code(block):
            begins = before is None or not _is_code(before)
            pieces = [*pieces, (block, block)] if begins else [*pieces[:-1], (pieces[-1][0], block)]
    return pieces


def _pictures(blocks: list[QTextBlock]) -> list[str]:
    """The pictures of a page as it names them."""
    styles = [fragment.charFormat() for block in blocks for fragment in _fragments(block)]
    return [style.toImageFormat().name() for style in styles if style.isImageFormat()]


def _dress_block(block: QTextBlock, font: QFont) -> None:
    colors, cursor = theme.current(), QTextCursor(block)
    level = block.blockFormat().headingLevel()
    style = QTextBlockFormat()
    if _is_code(block):
        style.setTopMargin(0)
        style.setBottomMargin(0)
    elif QTextCursor(block).currentTable() is None and not _pictures([block]):
        style.setLineHeight(135, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        style.setTopMargin({1: 6, 2: 22, 3: 16}.get(level, 3))
        style.setBottomMargin({1: 8, 2: 6, 3: 4}.get(level, 7 if block.textList() is None else 2))
    cursor.mergeBlockFormat(style)
    if level:
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        heading = QTextCharFormat()
        heading.setFontPointSize(font.pointSizeF() * _SIZES.get(level, 1.0))
        heading.setFontWeight(QFont.Weight.DemiBold)
        cursor.mergeCharFormat(heading)
    for fragment in _fragments(block):
        if fragment.charFormat().fontFixedPitch():
            fixed = QTextCharFormat()
            fixed.setFontFamilies([QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()])
            if not _is_code(block):
                fixed.setBackground(QColor(colors.hover))
            cursor.setPosition(fragment.position())
            cursor.setPosition(fragment.position() + fragment.length(), _KEEP)
            cursor.mergeCharFormat(fixed)


def _frame(first: QTextBlock, last: QTextBlock) -> None:
    """Put lines of code on a ground of their own."""
    colors, style = theme.current(), QTextFrameFormat()
    style.setBackground(QColor(colors.window))
    style.setBorderBrush(QColor(colors.border))
    style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    style.setBorder(1)
    style.setPadding(10)
    style.setTopMargin(4)
    style.setBottomMargin(12)
    cursor = QTextCursor(first)
    cursor.setPosition(last.position() + last.length() - 1, _KEEP)
    cursor.insertFrame(style)


def _dress_table(table: QTextTable) -> None:
    colors, style = theme.current(), table.format()
    style.setBorderCollapse(True)
    style.setBorderBrush(QColor(colors.border))
    style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    style.setBorder(1)
    style.setCellPadding(6)
    style.setTopMargin(6)
    style.setBottomMargin(14)
    style.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(style)
