"""What lies between the end of an input and the alert that rests on it."""

from dataclasses import dataclass

from quakeview.errors import QuakeViewError

_LONGEST_DELAY = 60.0


@dataclass(frozen=True)
class Delays:
    """From the end of an input to the alert, s.

    Attributes:
        telemetry: until the data have come from the stations. 1 to 3 s are usual in ShakeAlert's networks.
        computing: until the forecast is made and sent; the shipped one takes about a second.
    """

    telemetry: float = 2.0
    computing: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.telemetry <= _LONGEST_DELAY and 0 <= self.computing <= _LONGEST_DELAY):
            raise QuakeViewError(f"Delays of alerts are 0 to {_LONGEST_DELAY:g} s; give others.")

    @property
    def total(self) -> float:
        return self.telemetry + self.computing

    def __str__(self) -> str:
        return (
            f"Alerts come {self.total:g} s after their input ends: {self.telemetry:g} s until the data arrive, "
            f"{self.computing:g} s to compute"
        )


USUAL_DELAYS = Delays()
