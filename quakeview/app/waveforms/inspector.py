"""The inspector: the selected pick, its station, and the model."""

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from quakeview.app.drawing import theme
from quakeview.app.events.event_rows import event_rows
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.waveforms.alone_section import AloneSection
from quakeview.app.waveforms.picks_table import uncertainty_text
from quakeview.app.waveforms.selection_section import SelectionSection
from quakeview.app.waveforms.trace_keys import how_to_pick
from quakeview.app.widgets.sections import Section, Sections
from quakeview.events.event import Arrival, Event
from quakeview.events.locating import usage
from quakeview.events.reviewing import residual_text
from quakeview.monitoring.pick_weights import NOT_USED, UNCERTAINTIES, weight_class
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.stations.coordinates import Coordinates, EpicentralPath
from quakeview.texts import counted, duration
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Instrument

_POLARITY = {"up": "up ▲", "down": "down ▼", "undecidable": "undecidable", None: "not read"}

_BUTTONS = (
    ("picks.confirm", "picks.reject", "picks.delete"),
    ("picks.up", "picks.down", "picks.no_polarity", "picks.impulsive", "picks.emergent"),
)


class Inspector(Sections):
    """Shows what it is told; its buttons are actions of the registry."""

    def __init__(self, registry: ActionRegistry) -> None:
        self.pick_section = Section("Selected pick")
        self.event_section = Section("Selected event")
        self.station_section = Section("Station")
        self.model_section = Section("Model")
        self.selection = SelectionSection()
        self._registry = registry
        self.alone = AloneSection(registry)
        super().__init__(
            (
                self.pick_section,
                self.alone,
                self.selection,
                self.event_section,
                self.station_section,
                self.model_section,
            )
        )
        self._buttons = QWidget()
        grid = QGridLayout(self._buttons)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for row, names in enumerate(_BUTTONS):
            for column, name in enumerate(names):
                button = QToolButton()
                button.setDefaultAction(registry[name])
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
                button.setAccessibleName(registry[name].text())
                grid.addWidget(button, row, column)
        grid.setColumnStretch(max(map(len, _BUTTONS)), 1)
        self.pick_section.layout_.addWidget(self._buttons)
        self.show_pick(None)
        self.show_event(None)
        self.show_station(None, None, None)

    def show_pick(
        self,
        pick: Pick | None,
        number: int = 1,
        arrival: Arrival | None = None,
        uncertainties: Sequence[float] = UNCERTAINTIES,
        of_new: float | None = None,
    ) -> None:
        """Show a pick; ``number`` of them are selected.

        Args:
            arrival: what it is to its event.
            uncertainties: of the weight classes 0 to 3, s.
            of_new: of picks that a person sets, s; None: they have none.
        """
        section = self.pick_section
        self._buttons.setVisible(pick is not None)
        section.set_role("value" if pick else "caption")
        if pick is None:
            section.big.setText(f"Click a pick, or set one: {how_to_pick(self._registry)}.")
            section.show_rows([])
        elif number > 1:
            section.big.setText(counted(number, "pick"))
            section.show_rows([])
        else:
            color = theme.current().phase(pick.phase)
            clock = pick.time.strftime("%H:%M:%S.") + f"{pick.time.microsecond // 1000:03d}"
            section.big.setText(f'<b style="color:{color}">{escape(pick.phase)}</b>&nbsp; {clock}')
            section.show_rows(_pick_rows(pick, arrival, uncertainties, of_new))

    def show_event(self, event: Event | None, number: int = 1, moved: str = "") -> None:
        """Show an event, or nothing while there is none; ``number`` of them are selected.

        Args:
            moved: what the last edit did to it.
        """
        section = self.event_section
        section.setVisible(event is not None)
        if event is None:
            return
        magnitude = f"{event.magnitude.kind} {event.magnitude.value:.1f}&nbsp; " if event.magnitude else ""
        section.big.setText(
            f"<b>{magnitude}</b>{event.time.strftime('%H:%M:%S')}" if number == 1 else counted(number, "event")
        )
        section.show_rows([("Last edit", moved), *event_rows(event)] if number == 1 else [])

    def show_station(
        self,
        station: Instrument | None,
        archive: Archive | None,
        problems: Sequence[str] | None,
        place: Coordinates | None = None,
        path: EpicentralPath | None = None,
        response: str = "",
        shown: str = "",
    ) -> None:
        """Show a station of ``archive``.

        Args:
            problems: None while they are being looked for.
            place: where it stands, if that is known.
            path: from the epicentre, if both ends are known.
            response: which components have one.
            shown: what its traces show, and in which band; empty of counts.
        """
        section = self.station_section
        section.set_role("value" if station else "caption")
        if station is None or archive is None:
            section.big.setText("Click a trace to see its station.")
            section.show_rows([])
            return
        section.big.setText(".".join(part for part in station[:2] if part))
        channels = list(archive.stations.get(station, {}).values())
        rates = sorted({segment.sampling_rate for channel in channels for segment in archive.segments(channel)})
        said = "checking…" if problems is None else "\n".join(problems) or "complete"
        section.show_rows(
            [
                ("Channels", ", ".join(_short(channel) for channel in channels)),
                ("Location", station.location or "none"),
                ("Rate", ", ".join(f"{rate:g} Hz" for rate in rates)),
                ("Duration", _duration(archive, channels)),
                ("Gaps", _gaps(archive, channels)),
                *_place_rows(place),
                *_path_rows(path),
                ("Response", response),
                ("Shown as", shown),
                ("Data", said),
            ]
        )

    def show_model(self, card: Any | None, why_none: str, thresholds: tuple[float, float]) -> None:
        """The model that picks would come from, with what it was trained on and its scores."""
        section = self.model_section
        section.set_role("value" if card else "caption")
        section.big.setText(card.name if card else why_none)
        section.show_rows(
            []
            if card is None
            else [
                ("Trained on", card.trained_on or "not stated"),
                *card.headline(),
                *([] if card.scores else [("Scores", "not scored yet")]),
                ("Backbone", card.backbone),
                ("Thresholds", f"P {thresholds[0]:.2f}, S {thresholds[1]:.2f}"),
            ]
        )


def _weight_text(pick: Pick, uncertainties: Sequence[float]) -> str:
    number = weight_class(pick, uncertainties)
    return {None: "", NOT_USED: f"{NOT_USED}, not used"}.get(number, str(number))


def _uncertainty_text(pick: Pick, of_new: float | None) -> str:
    """What nobody may have chosen says so: a manual pick has the uncertainty of new ones until it gets another."""
    text = uncertainty_text(pick)
    if not text:
        return "not given"
    usual = pick.status is PickStatus.MANUAL and pick.uncertainty == of_new
    return (text if " " in text else f"±{text} s") + (", as new picks have" if usual else "")


def _pick_rows(
    pick: Pick, arrival: Arrival | None, uncertainties: Sequence[float], of_new: float | None
) -> list[tuple[str, str]]:
    return [
        ("Channel", str(pick.channel_id)),
        ("Date", f"{pick.time.strftime('%Y-%m-%d')} UTC"),
        ("Status", str(pick.status)),
        ("Residual", "" if arrival is None else residual_text(pick, arrival)),
        ("Probability", "" if pick.probability is None else f"{pick.probability:.2f}"),
        ("Uncertainty", _uncertainty_text(pick, of_new)),
        ("Weight", _weight_text(pick, uncertainties)),
        ("Located as", usage(pick, arrival)),
        ("Polarity", _POLARITY[pick.polarity]),
        ("Onset", pick.onset or "not read"),
        ("Model", pick.model),
        ("Comment", pick.comment),
    ]


def _place_rows(place: Coordinates | None) -> list[tuple[str, str]]:
    if place is None:
        return [("Coordinates", "not known")]
    return [
        ("Latitude", f"{place.latitude:.4f}°"),
        ("Longitude", f"{place.longitude:.4f}°"),
        ("Elevation", f"{place.elevation:,.0f} m"),
    ]


def _path_rows(path: EpicentralPath | None) -> list[tuple[str, str]]:
    if path is None:
        return []
    return [
        ("Distance", f"{path.distance / 1000:.1f} km"),
        ("Azimuth", f"{path.azimuth:.0f}°"),
        ("Back-azimuth", f"{path.back_azimuth:.0f}°"),
    ]


def _short(channel: ChannelId) -> str:
    return channel.channel or "unnamed"


def _duration(archive: Archive, channels: Sequence[ChannelId]) -> str:
    segments = [segment for channel in channels for segment in archive.segments(channel)]
    if not segments:
        return ""
    return duration(max(segment.end for segment in segments) - min(segment.start for segment in segments))


def _gaps(archive: Archive, channels: Sequence[ChannelId]) -> str:
    gaps = sum(max(len(archive.coverage(channel)) - 1, 0) for channel in channels)
    return counted(gaps, "gap") if gaps else "none"
