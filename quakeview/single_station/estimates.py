"""What is said of an earthquake at one station: a value with its uncertainty, or a sentence on why there is none."""

from dataclasses import dataclass

from quakeview.monitoring.picks import Polarity

RULE, NETWORK = "rule", "network"


@dataclass(frozen=True)
class Estimate:
    """A number.

    Attributes:
        value: magnitude, distance in metres or back-azimuth in degrees.
        uncertainty: in the same unit; 68 % of the truths lie within it on either side. None where nobody measured it.
        method: how it was found, as it is written beside it.
    """

    value: float
    uncertainty: float | None
    method: str


@dataclass(frozen=True)
class FirstMotion:
    """Which way the ground moved first.

    Attributes:
        polarity: undecidable where nothing stands out.
        probability: that it is right, 0 to 1.
        method: how it was found, as it is written beside it.
    """

    polarity: Polarity
    probability: float
    method: str


@dataclass(frozen=True)
class Answer:
    """One quantity, by the rule and by the network.

    Attributes:
        task: one of ``registry.SINGLE_TASKS``.
        rule, network: None where there is none; the reasons say why, a sentence each.
        default: whichever was better on records that neither was tested on, ``rule`` or ``network``.
    """

    task: str
    rule: Estimate | FirstMotion | None = None
    network: Estimate | FirstMotion | None = None
    rule_reason: str = ""
    network_reason: str = ""
    default: str = RULE

    @property
    def chosen(self) -> str:
        """Which of the two counts: the default, or the other where it has nothing to say; empty if neither has."""
        for source in (self.default, NETWORK if self.default == RULE else RULE):
            if self.of(source) is not None:
                return source
        return ""

    @property
    def best(self) -> Estimate | FirstMotion | None:
        """What counts."""
        return self.of(self.chosen)

    @property
    def reason(self) -> str:
        """Why there is nothing, if there is nothing."""
        if self.chosen:
            return ""
        return self.rule_reason if self.default == RULE else self.network_reason

    def of(self, source: str) -> Estimate | FirstMotion | None:
        """Return what the rule or the network says."""
        return {RULE: self.rule, NETWORK: self.network}.get(source)
