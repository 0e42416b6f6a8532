"""``quakeview locate``: from waveforms or picks to a catalogue of located, sized earthquakes."""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.association import Rules
from quakeview.events.attenuation_laws import DEFAULT, LAWS, find_law
from quakeview.events.cataloguing import Catalogue, Method, PickerChoice
from quakeview.events.continuing import Known, continued, read_known
from quakeview.events.event import Event
from quakeview.events.exchange import check_suffix, write_events
from quakeview.events.exchange.catalogue_table import format_csv
from quakeview.events.finished_stations import FinishedStations
from quakeview.events.focal_mechanism import LEAST_POLARITIES
from quakeview.events.velocity_models import PUBLISHED, find_velocity_model
from quakeview.jobs import Cancelled
from quakeview.monitoring.annotate import StationResult, findings, picks_of
from quakeview.monitoring.picks import Polarity
from quakeview.progressbar import terminal_progress
from quakeview.registry import chosen_model
from quakeview.texts import aligned, counted

INTERRUPTED = 130


@dataclass(frozen=True)
class LocateRequest:
    """What to locate and how; None is the usual: best picker, velocity model of the place, whole record.

    Attributes:
        paths: waveforms, station metadata, picks and catalogues, in any order.
        stations: station metadata, believed before what is among ``paths``.
    """

    paths: Sequence[Path]
    stations: Sequence[Path] = ()
    output: Path | None = None
    velocity_model: str | None = None
    attenuation_law: str = DEFAULT
    min_picks: int = Rules.picks
    min_stations: int = Rules.stations
    model: str | None = None
    p_threshold: float = 0.3
    s_threshold: float = 0.3
    device: str = "auto"
    start: UTCDateTime | None = None
    end: UTCDateTime | None = None

    def method(self) -> Method:
        """How earthquakes are found.

        Raises:
            QuakeViewError: if there is no such velocity model or attenuation law.
        """
        velocity_model = None if self.velocity_model is None else find_velocity_model(self.velocity_model)
        rules = Rules(self.min_picks, self.min_stations)
        return Method(velocity_model, find_law(self.attenuation_law), rules)

    def picker(self) -> PickerChoice:
        """How picks are made.

        Raises:
            QuakeViewError: if there is no model.
        """
        model = self.model or chosen_model(None, "picking").name
        return PickerChoice(model, self.p_threshold, self.s_threshold, self.device, self.start, self.end)


def main(request: LocateRequest) -> int:
    """Pick, associate, locate, size, write the file and print the table; returns the exit code (0 also if there is no
    earthquake, 130 interrupted).

    The table on stdout is aligned for a terminal and CSV for a pipe. What was left out and why there is no earthquake
    goes to stderr, each once. Interrupted or stopped by an error, the picks of finished stations stay in a file beside
    the output, and the next run with the same model, thresholds and times goes on from there.

    Raises:
        QuakeViewError: if no file can be read, no station has coordinates, the model cannot be used, or the output
            cannot be written.
    """
    if request.output is not None:
        _check_output(request.output)
    method, said = request.method(), set[str]()
    try:
        with terminal_progress() as progress:
            known = read_known(request.paths, request.stations, progress)
        _say(known.notes, said)
        picker = request.picker() if known.unpicked else None
        kept = FinishedStations(request.output, picker, known.archive) if picker and request.output else None
        catalogue = _find(known, picker, method, kept, said)
    except Cancelled:
        return INTERRUPTED
    _say(catalogue.left_out, said)
    events, output = catalogue.events, request.output
    try:
        if output is not None:
            _say(write_events(events, catalogue.picks, output, known.documents, known.stations.coordinates), said)
            if kept:
                kept.remove()
    finally:
        sys.stdout.write(format_aligned(events) if sys.stdout.isatty() else format_csv(events))
        sys.stdout.flush()
    _say([_outcome(known, catalogue, output), _mechanisms(catalogue)], said)
    return 0


def method_help() -> str:
    """Names and sources of velocity models and attenuation laws, for the help."""
    models = [(f"  {name}", model.source) for name, model in PUBLISHED.items()]
    laws = [(f"  {name}", law.source) for name, law in LAWS.items()]
    return (
        f"velocity models (or a CSV file with depth_km, vp and vs, or a TOML file):\n{aligned(models)}\n"
        f"attenuation laws (or a TOML file):\n{aligned(laws)}"
    )


def format_aligned(events: Iterable[Event]) -> str:
    """Columns for reading."""
    events = list(events)
    header = (
        *("time (UTC)", "latitude", "longitude", "depth km", "ML", "picks", "gap", "rms s"),
        *("error km", "depth error km"),
    )
    rows = [header, *map(_cells, events)]
    if any(event.mechanism for event in events):
        mechanisms = ("strike/dip/rake", *map(_mechanism, events))
        rows = [(*row, mechanism) for row, mechanism in zip(rows, mechanisms, strict=True)]
    return aligned(rows, right=range(1, len(rows[0])))


def _mechanism(event: Event) -> str:
    mechanism = event.mechanism
    if mechanism is None:
        return ""
    return f"{mechanism.strike:.0f}/{mechanism.dip:.0f}/{mechanism.rake:.0f} {mechanism.quality}".strip()


def _cells(event: Event) -> tuple[str, ...]:
    origin, magnitude = event.origin, event.magnitude
    errors = origin.uncertainty
    return (
        origin.time.strftime("%Y-%m-%d %H:%M:%S.%f")[:-4],
        f"{origin.latitude:.4f}",
        f"{origin.longitude:.4f}",
        _number(origin.depth, 1000, 1) + ("*" if origin.depth_fixed else ""),
        "" if magnitude is None else f"{magnitude.value:.1f}",
        str(len(origin.used)),
        _number(origin.gap, 1, 0),
        _number(origin.rms, 1, 2),
        _number(errors.ellipse[0] if errors else None, 1000, 1),
        _number(errors.depth_error if errors else None, 1000, 1),
    )


def _number(value: float | None, unit: float, digits: int) -> str:
    return "" if value is None else f"{value / unit:.{digits}f}"


def _find(
    known: Known, picker: PickerChoice | None, method: Method, kept: FinishedStations | None, said: set[str]
) -> Catalogue:
    """The whole catalogue; stations that were finished in a run before are not picked again."""
    before = kept.results() if kept else []
    results = list(before)

    def finish(result: StationResult) -> None:
        results.append(result)
        if kept:
            kept.add(result)

    if kept and before:
        _say([f"{counted(len(before), 'station was', 'stations were')} picked before ({kept.path}); going on."], said)
    try:
        with terminal_progress(finish) as progress:
            found = continued(
                *(known, picker, method, progress),
                picked=picks_of(before),
                without={result.station for result in before},
            )
    except (Cancelled, QuakeViewError):
        if kept and results:
            picks = f"the picks of {counted(len(results), 'finished station')} are in {kept.path}"
            _say([f"Not all was done: {picks}, and the same command goes on from there."], said)
        raise
    finally:
        _say(findings(known.archive, results), said)
    return found


def _outcome(known: Known, catalogue: Catalogue, output: Path | None) -> str:
    """What was found, in a sentence."""
    number = len(catalogue.events)
    if not number:
        return catalogue.why_none
    verb, place = "is" if number == 1 else "are", output or "the table"
    old = f", of which {counted(len(known.events), 'was', 'were')} known before" if known.events else ""
    return f"{counted(number, 'earthquake')} {verb} in {place}{old}; {counted(len(catalogue.picks), 'pick')} in all."


def _mechanisms(catalogue: Catalogue) -> str:
    """How many have a focal mechanism, or that first motions do not reach for one; empty if there are none."""
    letters = [event.mechanism.quality or "?" for event in catalogue.events if event.mechanism]
    if letters:
        have = "has" if len(letters) == 1 else "have"
        classes = ", ".join(f"{letters.count(letter)} of quality {letter}" for letter in sorted(set(letters)))
        return f"{counted(len(letters), 'earthquake')} {have} a focal mechanism: {classes}."
    if any(pick.polarity in (Polarity.UP, Polarity.DOWN) for pick in catalogue.picks):
        return f"None has a focal mechanism: that needs {LEAST_POLARITIES} first motions of P, up and down, all around."
    return ""


def _check_output(path: Path) -> None:
    """Better before an hour of picking than after it."""
    check_suffix(path)
    if not os.access(path.parent, os.W_OK) or path.is_dir():
        raise QuakeViewError(f"{path} could not be written; choose another place.")


def _say(sentences: Iterable[str], said: set[str]) -> None:
    """Each once, on stderr."""
    for sentence in sentences:
        if sentence and sentence not in said:
            said.add(sentence)
            print(sentence, file=sys.stderr)
