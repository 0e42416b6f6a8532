"""Rays in a stack of homogeneous flat layers: which P and S waves reach a station, and when.

Travel times are exact for the flat model: T = p X + Σ h_k sqrt(u_k² − p²), with slowness p, offset X, leg lengths h_k
and layer slownesses u_k (Aki & Richards 2002, section 9.3; head waves: Lay & Wallace 1995, section 3.2).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Arrival:
    """One ray at the station.

    Attributes:
        phase: Pg, Pn, PmP, Ps ... (``*`` marks a head wave of a mid-crustal interface).
        source_wave, wave: "P" or "S" as it left the source, and as it arrives.
        kind: "direct", "head", "reflected", "converted", "multiple" or "depth".
        time: seconds after the origin.
        slowness: horizontal, s/m.
        takeoff: angle at the source from the downward vertical, radians.
        head_length: metres travelled along the refractor; 0 unless a head wave.
    """

    phase: str
    source_wave: str
    wave: str
    kind: str
    time: float
    slowness: float
    takeoff: float
    head_length: float = 0.0


@dataclass(frozen=True)
class LayeredCrust:
    """Flat layers over a half-space, velocities growing with depth.

    Attributes:
        thickness: (k,) metres; the last entry, the mantle, is infinite.
        vp, vs: (k,) m/s.   density: (k,) kg/m³.
    """

    thickness: Floats
    vp: Floats
    vs: Floats
    density: Floats

    @cached_property
    def moho(self) -> float:
        """Depth of the half-space, metres."""
        return float(self.thickness[:-1].sum())

    @cached_property
    def _tops(self) -> Floats:
        return np.concatenate(([0.0], np.cumsum(self.thickness[:-1])))

    def layer_at(self, depth: float) -> int:
        """Index of the layer that holds ``depth`` (metres)."""
        return int(np.searchsorted(self._tops, depth, side="right")) - 1

    def arrivals(self, distance: float, depth: float) -> list[Arrival]:
        """Every modelled ray from a source to a station at the surface, in order of arrival.

        Args:
            distance: epicentral, metres.
            depth: of the source, metres.
        """
        found = self._body_waves(distance, depth) + self._head_waves(distance, depth)
        return sorted(found, key=lambda arrival: arrival.time)

    def _legs(self, depth: float) -> tuple[int, Floats, Floats]:
        """The source's layer, and how much of each layer lies above and below the source (Moho downwards: none)."""
        layer = self.layer_at(depth)
        above = np.clip(depth - self._tops, 0, self.thickness)
        below = np.append(self.thickness[:-1], 0.0) - above
        below[:layer] = 0.0
        return layer, above, np.maximum(below, 0.0)

    def _body_waves(self, distance: float, depth: float) -> list[Arrival]:
        layer, above, below = self._legs(depth)
        none = np.zeros_like(above)
        in_crust = layer < len(self.vp) - 1
        suffix = "g" if in_crust else ""
        rays = [("P" + suffix, "P", "P", "direct", above, none), ("S" + suffix, "S", "S", "direct", none, above)]
        if in_crust:
            rays += [
                ("PmP", "P", "P", "reflected", above + 2 * below, none),
                ("SmS", "S", "S", "reflected", none, above + 2 * below),
            ]
        converter, at = (1, "") if in_crust else (len(self.vp) - 1, "m")
        if layer >= converter:
            shallow = np.where(np.arange(len(above)) < converter, above, 0.0)
            deep = above - shallow
            rays += [
                (f"P{at}s", "P", "S", "converted", deep, shallow),
                (f"S{at}p", "S", "P", "converted", shallow, deep),
            ]
        if layer >= 1:
            top = np.where(np.arange(len(above)) < 1, above, 0.0)
            rays += [
                ("PpP", "P", "P", "multiple", above + 2 * top, none),
                ("SsS", "S", "S", "multiple", none, above + 2 * top),
            ]
        legs = np.array([np.concatenate((p_legs, s_legs)) for *_, p_legs, s_legs in rays])
        slowness, time = trace_rays(legs, np.concatenate((1 / self.vp, 1 / self.vs)), distance)
        speed = {"P": self.vp[layer], "S": self.vs[layer]}
        found = []
        for (phase, source_wave, wave, kind, *_), p, t in zip(rays, slowness.tolist(), time.tolist(), strict=True):
            angle = float(np.arcsin(min(p * speed[source_wave], 1.0)))
            takeoff = angle if kind == "reflected" else np.pi - angle
            found.append(Arrival(phase, source_wave, wave, kind, t, p, takeoff))
        return found

    def _head_waves(self, distance: float, depth: float) -> list[Arrival]:
        layer, above, below = self._legs(depth)
        found = []
        mantle = len(self.vp) - 1
        for refractor in range(layer + 1, mantle + 1):
            legs = above + 2 * np.where(np.arange(mantle + 1) < refractor, below, 0.0)
            name = "n" if refractor == mantle else "*"
            paths: list[tuple[str, str, Floats, str, Floats, Floats | None]] = [
                ("P" + name, "P", self.vp, "head", legs, None),
                ("S" + name, "S", self.vs, "head", legs, None),
            ]
            if refractor == mantle:
                paths += [
                    ("pPn", "P", self.vp, "depth", legs, self.vp),
                    ("sPn", "S", self.vp, "depth", legs, self.vs),
                ]
            for phase, source_wave, speed, kind, lengths, bounce in paths:
                p = 1 / speed[refractor]
                vertical = _vertical_slowness(speed[:refractor], p)
                time = lengths[:refractor] @ vertical
                offset = lengths[:refractor] @ (p / vertical)
                if bounce is not None:
                    vertical = _vertical_slowness(bounce[:refractor], p)
                    up = above[:refractor]
                    time += up @ vertical + up @ _vertical_slowness(speed[:refractor], p)
                    offset += up @ (p / vertical) + up @ (p / _vertical_slowness(speed[:refractor], p))
                if distance < offset:
                    continue
                source_speed = self.vp[layer] if source_wave == "P" else self.vs[layer]
                angle = float(np.arcsin(p * source_speed))
                takeoff = np.pi - angle if kind == "depth" else angle
                wave = "S" if speed is self.vs else "P"
                total = float(p * distance + time)
                found.append(
                    Arrival(phase, source_wave, wave, kind, total, float(p), takeoff, float(distance - offset))
                )
        return found


def trace_rays(legs: Floats, slownesses: Floats, distance: float | Floats) -> tuple[Floats, Floats]:
    """Horizontal slowness and travel time of rays through given layers.

    Newton's method in τ = tan(angle in the fastest layer): offset(τ) is concave and grows, so that starting from the
    straight ray the iterates rise to the root and never pass it.

    Args:
        legs: (rays, layers) metres of vertical path in each layer; 0 where a ray does not pass.
        slownesses: (layers,) s/m.
        distance: metres, one or (rays, 1).

    Returns:
        slowness (rays,) in s/m, time (rays,) in s.
    """
    squared = np.where(legs > 0, slownesses**2, np.inf)
    fastest = squared.min(axis=1, keepdims=True)
    passed = legs > 0
    excess = np.where(passed, squared - fastest, 1.0)
    tau = distance / np.maximum(legs.sum(axis=1, keepdims=True), 1.0)
    for _ in range(30):
        cosine2 = 1 / (1 + tau**2)
        p2 = fastest * tau**2 * cosine2
        vertical2 = excess + fastest * cosine2
        per_leg = np.where(passed, legs / np.sqrt(vertical2), 0.0)
        offset = np.sqrt(p2) * per_leg.sum(axis=1, keepdims=True)
        slope = (per_leg * (1 + p2 / vertical2)).sum(axis=1, keepdims=True) * np.sqrt(fastest) * cosine2**1.5
        step = (distance - offset) / slope
        tau = tau + step
        if np.all(np.abs(step) <= 1e-9 * (1 + tau)):
            break
    cosine2 = 1 / (1 + tau**2)
    p = np.sqrt(fastest * tau**2 * cosine2)
    vertical = np.sqrt(excess + fastest * cosine2)
    time = p * distance + np.where(passed, legs * vertical, 0.0).sum(axis=1, keepdims=True)
    return p[:, 0], time[:, 0]


def _vertical_slowness(speed: Floats, p: float) -> Floats:
    return np.sqrt(1 / speed**2 - p**2)


def random_crust(rng: np.random.Generator) -> LayeredCrust:
    """A crust within the spread of continental ones: soft top, two or three crystalline layers, mantle.

    Speeds and thicknesses follow Christensen & Mooney (1995, Table 8) and CRUST1.0 (Laske et al. 2013); vp/vs follows
    Brocher (2005, eq. 6: soft rock has a high ratio) and delays S after P by 1.5 s in the soft layer at most; density
    follows Gardner et al. (1974), ρ = 310 vp^0.25.
    """
    soft_vp = rng.uniform(1800, 5000)
    soft_ratio = max(1.72 + rng.uniform(0.1, 0.6) * (5500 - soft_vp) / 2000, soft_vp / 3400)
    slowest = rng.uniform(0.3, 1.5) / ((soft_ratio - 1) / soft_vp)
    soft = min(float(np.clip(rng.lognormal(np.log(400), 1.0), 30, 4000)), slowest)
    upper, middle = rng.uniform(5300, 6150), rng.uniform(6180, 6600)
    lower, mantle = rng.uniform(6620, 7150), rng.uniform(7700, 8300)
    moho = float(np.clip(rng.normal(34_000, 7000), 20_000, 60_000))
    conrad = moho * rng.uniform(0.35, 0.65)
    deep = rng.uniform(0.2, 0.5) * (moho - conrad)
    thickness = [soft, conrad - soft, moho - conrad - deep, deep, np.inf]
    vp = np.array([soft_vp, upper, middle, lower, mantle])
    ratio = np.array([soft_ratio, *rng.uniform(1.67, 1.80, 3), 1.77])
    step = 1.01 ** np.arange(vp.size)
    vs = np.maximum.accumulate(vp / ratio / step) * step
    return LayeredCrust(np.array(thickness), vp, vs, 310 * vp**0.25)
