"""The inspector of the Wavefield workspace: the earthquake, the forecast, the shaking of cities, the simulation."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from quakeview.app.sections import Section, Sections
from quakeview.app.texts import captioned
from quakeview.texts import counted

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.header import Wavefield

Rows = list[tuple[str, str]]
_KINDS = {
    "point": "point source",
    "rupture": "finite rupture",
    "impulse": "impulsive point source",
    "unknown": "not known",
}
_MOST_CITIES = 10
_FAINTEST = 1e-5
"""m/s, below which nothing has arrived."""


class WavefieldInspector(Sections):
    """Shows what it is told."""

    def __init__(self) -> None:
        self.earthquake = Section("Earthquake")
        self.cities = Section("Shaking")
        self.simulation = Section("Simulation")
        self.forecast = Section("Forecast")
        super().__init__((self.earthquake, self.forecast, self.cities, self.simulation))
        self._forecast: Forecast | None = None
        self._seconds: float | None = None
        self._pgv_error = ""
        self.caveat = _warning("Caveat", self.cities)
        self.trained = _warning("Caveat of the forecast", self.forecast)
        self.trained.setText("Trained in an illustrative Earth model.")
        self.forecast.hide()

    def show_wavefield(self, wavefield: "Wavefield", path: Path | None) -> None:
        """Everything about a wavefield; ``path`` is None while it is only in memory."""
        magnitude = wavefield.magnitude
        self.earthquake.big.setText(f"M {magnitude:.1f}" if magnitude is not None else "Magnitude not known")
        self.earthquake.show_rows(_earthquake_rows(wavefield))
        self.simulation.big.setText(wavefield.name)
        self.caveat.setText(_caveat(wavefield))
        self.show_growth(wavefield, path)

    def set_forecast(self, forecast: "Forecast | None") -> None:
        """Who forecasts, from what, how well; hidden without a forecast."""
        self._forecast, self._seconds, self._pgv_error = forecast, None, ""
        self.forecast.setVisible(forecast is not None)
        self.trained.setVisible(forecast is not None and "illustrative" in forecast.model.trained_on.lower())
        self.grow_forecast()

    def grow_forecast(self) -> None:
        """How far it has come."""
        if (forecast := self._forecast) is not None:
            self.forecast.big.setText(f"From {forecast.issue_time:.1f} s on")
            self.forecast.show_rows(forecast_rows(forecast, self._seconds, self._pgv_error))

    def show_outcome(self, seconds: float | None, pgv_error: str) -> None:
        """What is known when it is finished: how long it took, and its error in words."""
        self._seconds, self._pgv_error = seconds, pgv_error
        self.grow_forecast()

    def show_growth(self, wavefield: "Wavefield", path: Path | None) -> None:
        """What changes while it is simulated."""
        self.simulation.show_rows(_simulation_rows(wavefield, path))
        peak = 100 * float(wavefield.pgv.max(initial=0)) if wavefield.n_frames else 0.0
        self.cities.set_role("value" if peak > 0 else "caption")
        self.cities.big.setText(f"Largest PGV {peak:.3g} cm/s" if peak > 0 else "Nothing has moved yet.")
        self.cities.show_rows(_city_rows(wavefield) if peak > 0 and wavefield.known is None else [])


def _warning(name: str, section: Section) -> QLabel:
    """A sentence below the rows."""
    label = captioned("", "warning")
    label.setWordWrap(True)
    label.setAccessibleName(name)
    label.setContentsMargins(0, 5, 0, 0)
    section.layout_.addWidget(label)
    return label


def _earthquake_rows(wavefield: "Wavefield") -> Rows:
    rows: Rows = []
    if wavefield.hypocentre is not None:
        x, y, depth = wavefield.hypocentre
        longitude, latitude = (float(value) for value in wavefield.region.to_geographic(x, y))
        north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
        rows = [
            ("Hypocentre", f"X {x / 1000:.1f} km, Y {y / 1000:.1f} km"),
            ("Depth", f"{depth / 1000:.1f} km"),
            ("Epicentre", f"{abs(latitude):.2f}° {north}, {abs(longitude):.2f}° {east}"),
        ]
    source = wavefield.source
    rows.append(("Source", _KINDS.get(source["kind"], source["kind"])))
    if all(source.get(name) is not None for name in ("strike", "dip", "rake")):
        angles = " / ".join(f"{source[name]:.0f}°" for name in ("strike", "dip", "rake"))
        rows.append(("Strike, dip, rake", angles))
    if wavefield.rupture is not None:
        plane = wavefield.rupture.plane
        rows.append(("Rupture", f"{plane.length / 1000:.1f} × {plane.width / 1000:.1f} km"))
        rows.append(("Largest slip", f"{float(wavefield.rupture.slip.max()):.2f} m"))
    if source.get("seed") is not None:
        rows.append(("Seed", str(source["seed"])))
    return rows


def _simulation_rows(wavefield: "Wavefield", path: Path | None) -> Rows:
    nx, ny = len(wavefield.x), len(wavefield.y)
    spacing = float(wavefield.x[1] - wavefield.x[0])
    planned, there = wavefield.planned_frames, wavefield.n_frames
    model = wavefield.model_name
    illustrative = wavefield.illustrative and "illustrative" not in model
    frames = f"{there:,}" if wavefield.complete else f"{there:,} of {planned:,}"
    where = path.name if path else "simulated now; in the file when it is finished"
    return [
        ("Earth model", f"{model} (illustrative)" if illustrative else model),
        ("Frequency", f"up to {wavefield.frequency:g} Hz" if wavefield.frequency is not None else "not known"),
        ("Lowest Vs", f"{wavefield.minimum_vs:,.0f} m/s" if wavefield.minimum_vs is not None else ""),
        ("Attenuation", {True: "constant Q", False: "none", None: "not known"}[wavefield.attenuation]),
        ("Surface", f"{nx} × {ny} nodes, {spacing:g} m apart"),
        ("Frames", f"{frames}, {wavefield.frame_step:g} s apart"),
        ("File", where),
    ]


def forecast_rows(forecast: "Forecast", seconds: float | None, pgv_error: str) -> Rows:
    """``seconds``: what it took; ``pgv_error``: in words; each left out if it is not known."""
    seen, model = forecast.observation, forecast.model
    given = [
        f"{counted(len(seen.stations), 'station')}" if seen.stations else "everywhere",
        f"{max(seen.start, 0) * seen.header.frame_step + seen.header.start_time:.1f} – {seen.time:.1f} s",
    ]
    end = forecast.start_time + forecast.n_frames * forecast.frame_step
    return [
        ("Model", model.name),
        ("Ensemble", counted(model.members, "member")),
        ("Trained on", model.trained_on or "not stated"),
        ("Score", model.skill or "not scored yet"),
        ("Band", forecast.band_label),
        ("Useful until", f"{forecast.skill_end:.0f} s" if forecast.skill_end is not None else ""),
        ("Input", ", ".join(given)),
        ("Forecast", f"until {end:.1f} s" if forecast.complete else f"until {end:.1f} s so far"),
        ("Computed in", f"{seconds:.1f} s" if seconds is not None else ""),
        ("PGV error", pgv_error),
    ]


def _city_rows(wavefield: "Wavefield") -> Rows:
    """PGV and MMI so far at the largest cities, the strongest first."""
    from quakeview.wavefield.geography import geography
    from quakeview.wavefield.intensity import mmi_from_pgv, roman

    pgv = wavefield.pgv
    inside = [
        city
        for city in geography(wavefield.region).cities
        if wavefield.x[0] <= city.x <= wavefield.x[-1] and wavefield.y[0] <= city.y <= wavefield.y[-1]
    ]
    cities = sorted(inside, key=lambda city: city.population_rank)[:_MOST_CITIES]
    peaks = [(city.name, float(pgv[wavefield.nearest(city.x, city.y)])) for city in cities]
    peaks.sort(key=lambda peak: -peak[1])
    return [
        (name, f"{_two_digits(100 * peak)} cm/s  ·  MMI {roman(float(mmi_from_pgv(peak)))}")
        if peak >= _FAINTEST
        else (name, "less than 0.001 cm/s")
        for name, peak in peaks
    ]


def _two_digits(value: float) -> str:
    """``0.20``, ``1.3``, ``12``."""
    return f"{value:.0f}" if value >= 9.95 else f"{value:#.2g}"


def _caveat(wavefield: "Wavefield") -> str:
    limit = f"f ≤ {wavefield.frequency:g} Hz: " if wavefield.frequency is not None else ""
    model = " The Earth model is illustrative." if wavefield.illustrative else ""
    return f"{limit}PGV and MMI are lower bounds.{model}"
