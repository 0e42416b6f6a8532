"""What the selected station alone says of the earthquake at its P: asked by a key, shown in inspector and map."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from quakeview.app.events.map_panel import MapPanel
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.traces import TraceView
from quakeview.app.waveforms.alone_section import AloneSection
from quakeview.app.waveforms.reviewing import PickReview
from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.work.background import Background
from quakeview.jobs import Progress
from quakeview.monitoring.picks import Pick
from quakeview.registry import CHARACTERISATION, ModelCard
from quakeview.single_station.estimates import Estimate, FirstMotion
from quakeview.single_station.pairing import pairs
from quakeview.single_station.region import epicentre_region
from quakeview.stations.book import StationBook
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument

if TYPE_CHECKING:
    from quakeview.single_station.characterising import Characterisation
    from quakeview.single_station.networks import StationNetwork

ASKING = "Reading the record…"
LOADING = "The network is being loaded."


class StationAlone(QObject):
    """Asks on a worker thread; an answer to picks that changed meanwhile is not shown.

    Args:
        station: says which one is selected.
    """

    def __init__(
        self,
        session: WaveformsSession,
        view: TraceView,
        registry: ActionRegistry,
        review: PickReview,
        section: AloneSection,
        map_: MapPanel,
        station: Callable[[], Instrument | None],
    ) -> None:
        super().__init__(view)
        self._session, self._view, self._registry, self._review = session, view, registry, review
        self._section, self._map = section, map_
        self._station = station
        self.shown: Characterisation | None = None
        self._asked: list[Pick] = []
        self._loaded: tuple[ModelCard, StationNetwork] | None = None
        self._background = Background("Characterising a station")
        self._background.ready.connect(self._show)
        self._background.failed.connect(self._fail)
        registry.bind("picks.characterise", self.ask, self._can_ask)
        registry.bind("picks.use_polarity", self._use_polarity, self._can_use)
        for changed in (session.picksChanged, session.projectChanged):
            changed.connect(self._follow)
        session.stationsChanged.connect(self._ask_again)
        view.channelClicked.connect(self._follow)
        review.shown.connect(self._follow)

    @property
    def _selected(self) -> Pick | None:
        ids = self._review.ids
        return self._session.book.get(ids[0]) if len(ids) == 1 else None

    def _can_ask(self) -> bool | str:
        station = self._station()
        if station is None:
            return "Click a trace first."
        return (
            len(self._session.book.onsets(station).get("P", ())) > 0
            or "The station has no P pick; set one, or pick the station."
        )

    def _picks(self) -> list[Pick]:
        """The P that is meant, and its S: that of the selected pick, else the one nearest to the middle of the view."""
        station, selected = self._station(), self._selected
        found = [] if station is None else list(pairs(self._session.book.picks(station=station)))
        mine = [pair for pair in found if selected in pair]
        middle = sum(self._view.view) / 2
        return min(mine or found, key=lambda pair: abs(pair[0].time.timestamp - middle), default=[])

    def ask(self) -> None:
        """Ask rules and network about the selected station's earthquake."""
        picks = self._picks()
        if not picks:
            self.forget()
            return
        self._asked = picks
        station = Instrument.of(picks[0].channel_id)
        self.shown = None
        self._section.show_sentence(ASKING)
        self._map.set_region(None)
        card = self._session.models.chosen(CHARACTERISATION)
        ask = partial(self._compute, self._session.archive, self._session.metadata, station, picks, card)
        if card is not None and (self._loaded is None or self._loaded[0] != card):
            self._background.ask(partial(ask, False))  # the rules answer at once, the network takes seconds to load
        self._background.ask(partial(ask, True))

    def _compute(
        self,
        archive: Archive,
        book: StationBook,
        station: Instrument,
        picks: list[Pick],
        card: ModelCard | None,
        whole: bool,
        _: Progress,
    ) -> "Characterisation":
        """On the worker thread; the network is kept for the next time. Not ``whole``: what the rules say."""
        from quakeview.single_station.characterising import NO_MODEL, characterise_station
        from quakeview.single_station.networks import load_station_network

        if card is None or not whole:
            why = LOADING if card else NO_MODEL
            return characterise_station(archive, book, station, picks, None, why_no_network=why)
        if self._loaded is None or self._loaded[0] != card:
            self._loaded = card, load_station_network(card)
        return characterise_station(archive, book, station, picks, self._loaded[1])

    def _show(self, said: "Characterisation") -> None:
        if [said.p, *([said.s] if said.s else [])] != self._asked:
            return  # the picks are others by now
        self.shown = said
        self._section.show_answers(said)
        distance, direction = said.answers["distance"].best, said.answers["back_azimuth"].best
        if said.coordinates is not None and isinstance(distance, Estimate):
            azimuth = direction if isinstance(direction, Estimate) else None
            self._map.set_region(epicentre_region(said.coordinates, distance, azimuth))
        self._registry.refresh()

    def _fail(self, sentence: str) -> None:
        if self._asked:
            self._section.show_sentence(sentence)

    def _follow(self, *_: object) -> None:
        """Another station or other picks: what was said no longer holds."""
        if not self._asked or self._picks() == self._asked:
            return
        same_pair = self._asked[0].resource_id in {pick.resource_id for pick in self._picks()}
        if same_pair and self._session.book.get(self._asked[0].resource_id) is not None:
            self.ask()
        else:
            self.forget()

    def _ask_again(self) -> None:
        """Records or metadata came or went."""
        self._follow()
        if self._asked:
            self.ask()

    def forget(self) -> None:
        """Show nothing any more."""
        self._background.forget()
        self._asked, self.shown = [], None
        self._section.show_nothing()
        self._map.set_region(None)

    def _can_use(self) -> bool | str:
        if self.shown is None:
            return "Ask the station first (This Station Alone)."
        motion = self.shown.answers["polarity"].best
        return isinstance(motion, FirstMotion) or "No first motion was found."

    def _use_polarity(self) -> None:
        assert self.shown is not None
        motion = self.shown.answers["polarity"].best
        if isinstance(motion, FirstMotion):
            self._review.editor.set_polarity([self.shown.p.resource_id], motion.polarity)
