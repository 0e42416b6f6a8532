"""What is told of a focal mechanism and of the first motions that it was made of, in words."""

from quakeview.events.double_couple import faulting, planes, principal_axes
from quakeview.events.event import FocalMechanism
from quakeview.events.focal_mechanism import Solution
from quakeview.texts import counted

WORTH = {"A": "very good", "B": "good", "C": "fair", "D": "poor: little more than an indication"}
"""Of the classes of HASH, in words."""


def plane_text(strike: float, dip: float, rake: float) -> str:
    """``strike 321°, dip 82°, rake −178°``."""
    return f"strike {strike % 360:.0f}°, dip {dip:.0f}°, rake {rake:.0f}°".replace("-", "−")


def mechanism_text(mechanism: FocalMechanism) -> str:
    """One plane, its uncertainty, the quality, and who published it if it is not of QuakeView."""
    spread = "" if mechanism.spread is None else f" ± {mechanism.spread:.0f}°"
    quality = f", quality {mechanism.quality}" if mechanism.quality else ""
    by = "" if mechanism.is_fitted else f", {mechanism.author or 'published'}"
    return plane_text(mechanism.strike, mechanism.dip, mechanism.rake) + spread + quality + by


def mechanism_lines(solution: Solution) -> list[str]:
    """All that is known of a mechanism that was fitted, a line each; the first is a heading."""
    mechanism = solution.mechanism
    if mechanism is None:
        return []
    own, other = planes(mechanism)
    (p, p_down), (t, t_down) = (principal_axes(mechanism)[axis] for axis in "PT")
    number, wrong = len(solution.motions), int(solution.disagrees.sum())
    return [
        f"{faulting(mechanism).capitalize()}, quality {mechanism.quality} ({WORTH[mechanism.quality]})",
        f"{plane_text(*own).capitalize()}",
        f"or {plane_text(*other)}",
        f"68 % of those that fit are within {mechanism.spread:.0f}° of rotation",
        f"P axis to {p:.0f}°, {p_down:.0f}° down; T axis to {t:.0f}°, {t_down:.0f}° down",
        f"{counted(number, 'first motion')}, {wrong or 'none'} not as the mechanism says",
        f"Misfit {mechanism.misfit:.2f}, station distribution ratio {mechanism.distribution:.2f}",
        f"Gaps without a ray: azimuth {mechanism.gap:.0f}°, take-off {solution.takeoff_gap:.0f}°",
    ]


def motion_text(solution: Solution, number: int) -> str:
    """``KS.GIJA  ·  up  ·  ray to 120°, 97° from down  ·  not as the mechanism says``."""
    motions = solution.motions
    parts = [
        ".".join(motions.stations[number]),
        "up" if motions.up[number] else "down",
        f"ray to azimuth {motions.azimuth[number]:.0f}°, {motions.takeoff[number]:.0f}° from straight down",
        f"wrong with {motions.wrong[number]:.0%}".replace("%", " %"),
    ]
    return "  ·  ".join([*parts, "not as the mechanism says"] if solution.disagrees[number] else parts)
