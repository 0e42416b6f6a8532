"""All that one station says of an earthquake: by the rule and by the network, side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.events.amplitudes import Records, Window, amplitude_in
from quakeview.events.attenuation_laws import DEFAULT, LAWS, AttenuationLaw
from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import VelocityModel, suggested
from quakeview.monitoring.picks import Pick
from quakeview.registry import SINGLE_TASKS
from quakeview.single_station import rules
from quakeview.single_station.calibration import Calibration
from quakeview.single_station.estimates import RULE, Answer, Estimate, FirstMotion
from quakeview.single_station.inputs import P_SAMPLE
from quakeview.single_station.networks import StationNetwork, Values
from quakeview.single_station.pairing import pairs
from quakeview.single_station.record import StationRecord, read_record
from quakeview.stations.book import StationBook
from quakeview.stations.coordinates import Coordinates
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument

NO_S = "There is no S pick: the rule needs S minus P; pick the S."
NO_MODEL = "No model for single stations is installed; 'quakeview doctor' says where models belong."
NO_RESPONSE = "A local magnitude needs the response of the station; open its metadata."
GAP_AT_P = "There is a gap in the record at the P, or it ends there."
NO_VERTICAL = "There is no vertical component at the P; first motions are read on it."
_PICK_ERROR = 0.1
"""Seconds, of a pick without an uncertainty."""
_SLOWEST, _P_SPEED = 2500.0, 6000.0
"""Metres per second, of the last waves whose amplitude counts and of P."""
_LASTING = 10.0
"""Seconds that an earthquake lasts beyond them."""


@dataclass(frozen=True)
class Characterisation:
    """What one station says.

    Attributes:
        station: which.
        p, s: the picks that it rests on.
        answers: by task, in the order magnitude, distance, back-azimuth, polarity.
        model: name of the network; empty if there is none.
        scores: how good rule and network are, a sentence by task.
        coordinates: of the station; None if they are not known.
    """

    station: Instrument
    p: Pick
    s: Pick | None
    answers: dict[str, Answer]
    model: str
    scores: dict[str, str]
    coordinates: Coordinates | None


@dataclass(frozen=True, eq=False)
class RuleSettings:
    """What the rules go by; None is what is usual where the station stands."""

    velocity_model: VelocityModel | None = None
    law: AttenuationLaw = LAWS[DEFAULT]

    def model_at(self, place: Coordinates | None) -> VelocityModel:
        """The velocity model of a station."""
        return self.velocity_model or (suggested(*place[:2]) if place else suggested(0.0, 0.0))


def characterise_station(
    archive: Archive,
    book: StationBook,
    station: Instrument,
    picks: Sequence[Pick],
    network: StationNetwork | None,
    rule: RuleSettings = RuleSettings(),
    why_no_network: str = NO_MODEL,
) -> Characterisation:
    """Ask rules and network about the earthquake whose P a station recorded.

    Args:
        picks: of the station: the first P counts, and its S if there is one.
        network: None if there is no model.
        why_no_network: then, a sentence.

    Raises:
        QuakeViewError: if there is no P pick, or no record of it.
    """
    pair = next(pairs(picks), None)
    if pair is None:
        raise QuakeViewError(f"{station} has no P pick; pick it first.")
    p, s = pair[0], pair[1] if len(pair) > 1 else None
    record = read_record(archive, book, station, p, s)
    values, why_not = _of_network(record, network, why_no_network)
    calibration = network.calibration if network else Calibration()
    answers = {
        "distance": _asked("distance", lambda: _distance(record, rule)),
        "back_azimuth": _asked("back_azimuth", lambda: _back_azimuth(record)),
        "polarity": _asked("polarity", lambda: _first_motion(record)),
    }
    for task, answer in answers.items():
        answers[task] = _beside(answer, values, why_not, calibration)
    records = Records(archive, book, travel_times(rule.model_at(record.coordinates)))
    sized = _asked("magnitude", lambda: _magnitude(record, records, rule.law, answers["distance"]))
    # Where the ground motion is known, a magnitude is measured; the network only guesses at it from the record's shape.
    known_motion = replace(calibration, default={**calibration.default, "magnitude": RULE})
    answers["magnitude"] = _beside(sized, values, why_not, known_motion)
    return Characterisation(
        station,
        p,
        s,
        {task: answers[task] for task in SINGLE_TASKS},
        network.name if network else "",
        dict(calibration.scores),
        record.coordinates,
    )


def _asked(task: str, rule: Callable[[], Estimate | FirstMotion]) -> Answer:
    try:
        return Answer(task, rule=rule())
    except QuakeViewError as error:
        return Answer(task, rule_reason=str(error))


def _beside(answer: Answer, values: Values, why_not: dict[str, str], calibration: Calibration) -> Answer:
    """The rule's answer with the network's."""
    default = calibration.default_of(answer.task)
    if reason := why_not.get(answer.task):
        return replace(answer, network_reason=reason, default=default)
    return replace(answer, network=values[answer.task], default=default)


def _distance(record: StationRecord, rule: RuleSettings) -> Estimate:
    if record.s is None or record.s_minus_p is None:
        raise QuakeViewError(NO_S)
    error = float(np.hypot(_error_of(record.p), _error_of(record.s)))
    return rules.distance_from_s_minus_p(record.s_minus_p, rule.model_at(record.coordinates), error)


def _error_of(pick: Pick) -> float:
    """One standard deviation of a pick, s."""
    given = [each for each in (pick.lower_uncertainty, pick.upper_uncertainty) if each is not None]
    return max(given, default=_PICK_ERROR)


def _back_azimuth(record: StationRecord) -> Estimate:
    if reason := _why_no_direction(record):
        raise QuakeViewError(reason)
    return rules.back_azimuth_of_p(record.data, P_SAMPLE)


def _first_motion(record: StationRecord) -> FirstMotion:
    if not record.vertical:
        raise QuakeViewError(NO_VERTICAL)
    if not record.has_onset(slice(1)):
        raise QuakeViewError(GAP_AT_P)
    return rules.first_motion_of(record.data[0], P_SAMPLE)


def _why_no_direction(record: StationRecord) -> str:
    """Why the record has no direction; empty if it has one."""
    if record.unoriented:
        return record.unoriented
    if not record.vertical:
        return "There is no vertical component; a direction needs it."
    return "" if record.has_onset(slice(3)) else GAP_AT_P


def _magnitude(record: StationRecord, records: Records, law: AttenuationLaw, distance: Answer) -> Estimate:
    """Local magnitude, the mean of the horizontals; its uncertainty has that of the distance in it."""
    away = distance.best
    if not isinstance(away, Estimate):
        raise QuakeViewError("A local magnitude needs the distance, which is not known; pick the S.")
    lag = away.value * (1 / _SLOWEST - 1 / _P_SPEED) + _LASTING
    s_after = record.s_minus_p or 0.0
    window = Window(0.0, max(lag, s_after + _LASTING), s_after)
    try:
        read = [amplitude_in(records, channel, record.p.time, window) for channel in record.horizontals]
    except QuakeViewError as error:
        raise QuakeViewError(f"{NO_RESPONSE} ({error})") from error
    counting = [amplitude for amplitude in read if amplitude and not amplitude.comment]
    if not counting:
        reasons = sorted({amplitude.comment for amplitude in read if amplitude})
        raise QuakeViewError(f"No amplitude counts: {', '.join(reasons) or 'the record is too short'}.")
    amplitude = float(10 ** np.mean([np.log10(amplitude.value) for amplitude in counting]))
    sized = rules.magnitude_of_amplitude(amplitude, away.value, law)
    off = away.uncertainty or 0.0
    near, far = (float(law.magnitude(amplitude, max(away.value + by, 1e3))) for by in (-off, off))
    return replace(sized, uncertainty=float(np.hypot(sized.uncertainty or 0.0, (far - near) / 2)))


def _of_network(record: StationRecord, network: StationNetwork | None, why_none: str) -> tuple[Values, dict[str, str]]:
    """What the network says, and by task why it says nothing."""
    if network is None:
        return {}, dict.fromkeys(SINGLE_TASKS, why_none)
    why_not = {
        task: f"{network.name} is for {', '.join(network.tasks).replace('_', ' ')} alone."
        for task in SINGLE_TASKS
        if task not in network.tasks
    }
    if "back_azimuth" in network.tasks and (reason := _why_no_direction(record)):
        why_not["back_azimuth"] = reason
    if "polarity" in network.tasks and not (record.vertical and record.has_onset(slice(1))):
        why_not["polarity"] = GAP_AT_P if record.vertical else NO_VERTICAL
    if "magnitude" in network.tasks and record.clipped:
        clipped = ", ".join(channel.channel for channel in record.clipped)
        verb = "is" if len(record.clipped) == 1 else "are"
        why_not["magnitude"] = f"{clipped} {verb} clipped: how large the earthquake was cannot be told from its record."
    return network.values(record.data, record.valid, record.s_minus_p), why_not
