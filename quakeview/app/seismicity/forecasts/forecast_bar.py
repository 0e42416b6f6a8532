"""Two rows above the map: what the forecasts have been worth; which forecaster, which day, playing, files."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from quakeview.app.drawing import theme
from quakeview.app.seismicity.forecasts.days_ahead import DaysAhead
from quakeview.app.seismicity.forecasts.forecast_layer import ForecastLayer
from quakeview.app.seismicity.forecasts.playing import SPEEDS, DayPlayer
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.texts import captioned
from quakeview.app.widgets.tool_button import ToolButton, tool_button
from quakeview.seismicity.catalogue import date_of
from quakeview.seismicity.choosing import Offer
from quakeview.seismicity.maps.day_forecast import Quantity

_PAGE = 30
"""Days that Page Up and Page Down move the slider by."""
_NARROWEST = 120
_SIGN = 16
_ENABLED = Qt.ItemDataRole.UserRole - 1
"""Of entries of a combo box: 0 disables one, None enables it."""
_ATTENTION = "How much the forecaster looked where, for the region that was drawn; models with attention have it"


class ForecastBar(QWidget):
    """Shows and changes which forecast is on the map."""

    def __init__(self, ahead: DaysAhead, layer: ForecastLayer, player: DayPlayer, registry: ActionRegistry) -> None:
        super().__init__()
        self._ahead, self._layer, self._player, self._state = ahead, layer, player, ahead.state
        self._making = ahead.making
        self.sentence = captioned("", "caption")
        self.sentence.setWordWrap(True)
        self.sentence.setAccessibleName("What these forecasts have been worth")
        self._sign = QLabel()
        self.forecaster = QComboBox()
        self.forecaster.setAccessibleName("Forecaster")
        self.forecaster.setToolTip("Who forecasts; those that cannot be used say why")
        self.forecaster.setMinimumWidth(_NARROWEST)
        self.forecaster.activated.connect(lambda row: self._making.choose(self._making.offers[row].name))
        self.quantity = QComboBox()
        for each in Quantity:
            self.quantity.addItem(each.capitalize(), each)
        self.quantity.setCurrentIndex(self.quantity.findData(layer.quantity))
        self.quantity.setAccessibleName("What the colours tell")
        self.quantity.addItem("Attention of the region")
        self.quantity.setItemData(len(Quantity), _ATTENTION, Qt.ItemDataRole.ToolTipRole)
        self.quantity.activated.connect(self._choose_quantity)
        self.to_start = tool_button("skip-previous", "To the first day", lambda: player.go_to_end(last=False))
        self.back = tool_button("step-backward", "One day back", lambda: player.step(-1))
        self.play = ToolButton("play", "Play the days")
        self.play.clicked.connect(lambda: player.toggle())
        self.on = tool_button("step-forward", "One day on", lambda: player.step(1))
        self.to_end = tool_button("skip-next", "To tomorrow: the day after the last one that is known",
                                  lambda: player.go_to_end(last=True))  # fmt: skip
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Last known day of the forecast")
        self.slider.setPageStep(_PAGE)
        self.slider.setMinimumWidth(_NARROWEST)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.valueChanged.connect(lambda day: self._state.choose(day=day))
        self.slider.sliderPressed.connect(player.pause)
        self.when = captioned("", "value")
        self.when.setAccessibleName("Days that are forecast")
        self.speed = QComboBox()
        self.speed.addItems([f"{speed} days/s" for speed in SPEEDS])
        self.speed.setCurrentIndex(SPEEDS.index(player.speed))
        self.speed.setAccessibleName("Speed of playing")
        self.speed.activated.connect(lambda row: player.set_speed(SPEEDS[row]))
        self.export = ToolButton("export-variant", "Export the forecast")
        self.export.setDefaultAction(registry["seismicity.export_forecast"])
        self._arrange()
        self._making.changed.connect(self._show_making)
        ahead.keptChanged.connect(self._show_kept)
        ahead.shownChanged.connect(self._show_day)
        player.changed.connect(self._show_player)
        self._show_making()
        self._show_kept()
        self._show_player()

    def _arrange(self) -> None:
        said = QHBoxLayout()
        said.setContentsMargins(8, 0, 8, 0)
        said.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.sentence, 1)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 4)
        row.setSpacing(4)
        row.addWidget(self.forecaster)
        row.addWidget(self.quantity)
        row.addSpacing(6)
        for button in (self.to_start, self.back, self.play, self.on, self.to_end):
            row.addWidget(button)
        row.addWidget(self.slider, 1)
        row.addWidget(self.when)
        row.addWidget(self.speed)
        row.addWidget(self.export)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 2, 0, 2)
        rows.setSpacing(4)
        rows.addLayout(said)
        rows.addLayout(row)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._show_making()
        super().changeEvent(event)

    def _show_making(self) -> None:
        """Which forecasters there are, and what is said of the one that is used."""
        making = self._making
        with QSignalBlocker(self.forecaster):
            self.forecaster.clear()
            for offer in making.offers:
                self._add(offer)
            names = [offer.name for offer in making.offers]
            self.forecaster.setCurrentIndex(names.index(making.chosen) if making.chosen in names else -1)
        self.sentence.setText(making.sentence)
        colours = theme.current()
        name, colour = ("alert-outline", colours.warning) if making.problem else ("scale-balance", colours.muted)
        self._sign.setPixmap(theme.icon(name, colour).pixmap(_SIGN, _SIGN))
        self.setVisible(bool(making.sentence))

    def _add(self, offer: Offer) -> None:
        self.forecaster.addItem(offer.name)
        row = self.forecaster.count() - 1
        tip = f"{offer.name}: {offer.about}." + (f"\nIt cannot be used here. {offer.reason}" if offer.reason else "")
        self.forecaster.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
        if offer.reason:
            self.forecaster.setItemData(row, 0, _ENABLED)

    def _choose_quantity(self, row: int) -> None:
        if row < len(Quantity):
            self._layer.show_quantity(Quantity(self.quantity.itemData(row)))
        else:
            self._layer.show_attention()

    def _show_kept(self) -> None:
        """Attention can be shown of a forecaster that has it."""
        possible = self._layer.attention.possible
        self.quantity.setItemData(len(Quantity), None if possible else 0, _ENABLED)
        if not possible and self.quantity.currentIndex() == len(Quantity):
            self.quantity.setCurrentIndex(0)
            self._choose_quantity(0)
        self._show_day()

    def _show_day(self) -> None:
        days, day, there = self._ahead.days, self._state.choices.day, self._ahead.kept is not None
        for widget in (self.to_start, self.back, self.play, self.on, self.to_end, self.slider, self.speed):
            widget.setEnabled(there)
        if not there:
            return
        with QSignalBlocker(self.slider):
            self.slider.setRange(days[0], days[-1])
            self.slider.setValue(day)
        shown = self._ahead.shown
        self.when.setText(shown.when if shown is not None else f"after {date_of(day)}…")
        self.when.setToolTip(f"Earthquakes are known until the end of {date_of(day)}, UTC")

    def _show_player(self) -> None:
        self.play.setIcon(theme.icon("pause" if self._player.playing else "play"))
        self.play.setAccessibleName("Pause" if self._player.playing else "Play the days")
