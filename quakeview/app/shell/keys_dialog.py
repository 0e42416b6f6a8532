"""The dialog in which every action gets the keys that one likes."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.keys.key_file import key_file_text, read_keys
from quakeview.app.keys.scheme import PRESETS, KeyScheme, clash, same_key
from quakeview.app.shell.action_spec import ActionSpec
from quakeview.app.shell.actions import CATEGORIES
from quakeview.app.shell.own_keys import OwnKeys
from quakeview.app.shell.palette import match_score
from quakeview.app.texts import captioned
from quakeview.app.widgets.saving import save_as, show_problem
from quakeview.app.work.background import Background

_FILES = "Keys (*.toml)"
_SPEC = Qt.ItemDataRole.UserRole
_SIZE = 720, 640
_CANCEL = "Esc"


class KeysDialog(QDialog):
    """Every change is in force at once, as in the preferences."""

    def __init__(self, keys: OwnKeys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.resize(*_SIZE)
        self._keys = keys
        self._reading = Background("Reading keys")
        self._reading.ready.connect(self._use)
        self._reading.failed.connect(self._refuse)
        self.preset = QComboBox()
        self.preset.setAccessibleName("Based on")
        self.preset.addItems(list(PRESETS))
        self.preset.activated.connect(lambda: self._use(KeyScheme(self.preset.currentText(), self._scheme.own)))
        self.search = QLineEdit(placeholderText="Find an action by its name", clearButtonEnabled=True)
        self.search.setAccessibleName("Find an action by its name")
        self.search.textChanged.connect(self._filter)
        self.search_key = _recorder("Find an action by its key", self._filter)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Actions and their keys")
        self.tree.setHeaderLabels(["Action", "Keys"])
        self.tree.setRootIsDecorated(False)
        self.tree.currentItemChanged.connect(self._choose)
        self.recorder = _recorder("New key", self._look_at_key)
        self.said = captioned("", "caption")
        self.said.setWordWrap(True)
        self.said.setAccessibleName("About the key")
        self._arrange()
        self._fill()
        self.refresh()

    # --- what is on it -----------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.use_alone = _button("&Use Alone", "The action has this key and no other", self._use_alone)
        self.use_too = _button("&Add", "The action has this key beside the ones that it has", self._use_too)
        self.take = _button("&Take It Away There", "The other action loses the key, this one gets it", self._take)
        self.give_up = _button("&Cancel", "Both actions keep their keys", self._start_recording)
        self.no_key = _button("&No Key", "The action has no key any more", lambda: self._set_keys(()))
        self.reset = _button("&Reset", "The action has the keys of the preset again", self._reset)
        self.reset_all = _button("Reset A&ll", "Every action has the keys of the preset again", self._reset_all)
        self.save = _button("&Export…", "Save these keys as a file, for a colleague or another computer", self._export)
        self.load = _button("&Import…", "Use the keys of a file", self._import)
        close = _button("&Close", "", self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(10)
        layout.addLayout(_row(_label("&Based on", self.preset), self.preset, None, self.load, self.save))
        layout.addLayout(_row(self.search, _label("or by its &key", self.search_key), self.search_key))
        layout.addWidget(self.tree, 1)
        row = (_label("Ne&w key", self.recorder), self.recorder, self.use_alone, self.use_too, self.take, self.give_up)
        layout.addLayout(_row(*row, None, self.no_key, self.reset))
        layout.addWidget(self.said)
        layout.addLayout(_row(self.reset_all, None, close))
        for field in (self.recorder, self.search_key):
            field.setMaximumWidth(170)

    def _fill(self) -> None:
        self._items: dict[str, QTreeWidgetItem] = {}
        self._groups: list[QTreeWidgetItem] = []
        for category in CATEGORIES:
            group = QTreeWidgetItem(self.tree, [category])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self._groups.append(group)
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            for spec in (spec for spec in self._keys.specs if spec.category == category):
                item = QTreeWidgetItem(group, [spec.text.rstrip("…")])
                item.setData(0, _SPEC, spec)
                item.setToolTip(0, spec.tip)
                self._items[spec.id] = item
        self.tree.expandAll()
        self.tree.setColumnWidth(0, round(0.6 * _SIZE[0]))
        self.tree.setCurrentItem(next(iter(self._items.values())))

    def refresh(self) -> None:
        """Show the keys in force; those that are one's own are bold."""
        self.preset.setCurrentText(self._scheme.preset)
        for name, item in self._items.items():
            item.setText(1, shown(self._known[name]))
            font = item.font(1)
            font.setBold(name in self._scheme.own)
            item.setFont(1, font)
        self.reset_all.setEnabled(bool(self._scheme.own))
        self._filter()
        self._start_recording()

    # --- finding -----------------------------------------------------------------------------------------------

    def _filter(self) -> None:
        text, key = self.search.text(), _text(self.search_key)
        for item in self._items.values():
            spec: ActionSpec = item.data(0, _SPEC)
            named = match_score(text, f"{spec.category}: {spec.text}") is not None
            item.setHidden(not named or bool(key and not any(same_key(key, known) for known in self._known[spec.id])))
        full = {self._items[spec.id].parent() for spec in self._keys.specs if not self._items[spec.id].isHidden()}
        for group in self._groups:
            group.setHidden(group not in full)
        found = next((item for item in self._items.values() if not item.isHidden()), None)
        if found is not None and self._items[self._spec.id].isHidden():
            self.tree.setCurrentItem(found)

    # --- recording ---------------------------------------------------------------------------------------------

    @property
    def _scheme(self) -> KeyScheme:
        return self._keys.scheme

    @property
    def _known(self) -> Mapping[str, tuple[str, ...]]:
        """The keys in force, by the id of the action."""
        return self._keys.keys

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        """Let keys be given to the action of a row; a heading changes nothing."""
        if item is not None and item.data(0, _SPEC) is not None:
            self._spec: ActionSpec = item.data(0, _SPEC)
            self._start_recording()

    def select(self, action_id: str) -> None:
        """Choose an action."""
        self.tree.setCurrentItem(self._items[action_id])

    def _start_recording(self) -> None:
        self.recorder.clear()
        self._look_at_key()

    def _others(self) -> list[tuple[ActionSpec, str]]:
        """The other actions that have the key which was pressed, each with that key."""
        here, key = self._spec, _text(self.recorder)
        return [
            (spec, its)
            for spec in self._keys.specs
            for its in self._known[spec.id]
            if key and clash(here, key, spec, its)
        ]

    def _look_at_key(self) -> None:
        """Say whose the key is that was pressed, and offer what can be done."""
        key, others = _text(self.recorder), self._others()
        for button in (self.use_alone, self.use_too):
            button.setVisible(not others)
            button.setEnabled(bool(key) and key != _CANCEL)
        for button in (self.take, self.give_up):
            button.setVisible(bool(others))
        self.no_key.setEnabled(bool(self._known[self._spec.id]))
        self.reset.setEnabled(self._spec.id in self._scheme.own)
        self.said.setText(self._sentence(key, [spec for spec, _ in others]))

    def _sentence(self, key: str, others: list[ActionSpec]) -> str:
        name = self._spec.text.rstrip("…")
        if not key:
            return f"{name}: {self._spec.tip}. Press its new key in the field above."
        if key == _CANCEL:
            return "Esc ends whatever is under way; choose another key."
        if others:
            whose = " and ".join(f"{spec.text.rstrip('…')} ({spec.category})" for spec in others)
            return f"{shown((key,))} is the key of {whose}."
        if any(same_key(key, known) for known in self._known[self._spec.id]):
            return f"{name} has {shown((key,))} already."
        return f"{shown((key,))} is free."

    def _use_alone(self) -> None:
        self._set_keys((_text(self.recorder),))

    def _use_too(self) -> None:
        self._set_keys((*self._known[self._spec.id], _text(self.recorder)))

    def _take(self) -> None:
        """Take the key from whatever has it, and give it to the action."""
        here, key = self._spec, _text(self.recorder)
        lost = {
            spec.id: tuple(its for its in self._known[spec.id] if not clash(here, key, spec, its))
            for spec, _ in self._others()
        }
        self._set_keys((key,), lost)

    def _set_keys(self, keys: tuple[str, ...], others: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> None:
        own = {**self._scheme.own, **others, self._spec.id: tuple(dict.fromkeys(keys))}
        self._use(KeyScheme(self._scheme.preset, own))

    def _reset(self) -> None:
        own = {name: keys for name, keys in self._scheme.own.items() if name != self._spec.id}
        self._use(KeyScheme(self._scheme.preset, own))

    def _reset_all(self) -> None:
        self._use(KeyScheme(self._scheme.preset))

    def _use(self, scheme: KeyScheme) -> None:
        self._keys.use(scheme)
        self.refresh()

    # --- files -------------------------------------------------------------------------------------------------

    def _export(self) -> None:
        text = key_file_text(self._scheme)
        name = str(self._keys.user_folder / "quakeview-keys.toml")
        save_as(self, "Export keys", name, _FILES, lambda _: text.encode())

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Import keys", str(self._keys.user_folder), _FILES)
        if name:
            specs = self._keys.specs
            self._reading.ask(lambda _: read_keys(Path(name), specs))

    def _refuse(self, sentence: str) -> None:
        show_problem(self, sentence)


def shown(keys: Iterable[str]) -> str:
    """Keys as the system writes them."""
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


def _text(recorder: QKeySequenceEdit) -> str:
    """The key that was pressed, empty if none was."""
    return recorder.keySequence().toString(QKeySequence.SequenceFormat.PortableText)


def _recorder(name: str, follow: Callable[[], None]) -> QKeySequenceEdit:
    recorder = QKeySequenceEdit()
    recorder.setAccessibleName(name)
    recorder.setMaximumSequenceLength(1)
    recorder.setClearButtonEnabled(True)
    recorder.keySequenceChanged.connect(lambda _: follow())
    return recorder


def _button(text: str, tip: str, do: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)  # Return in a field presses none
    button.clicked.connect(lambda: do())
    return button


def _label(text: str, field: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(field)
    return label


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None: as much room as there is."""
    row = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            row.addStretch()
        else:
            row.addWidget(widget)
    return row
