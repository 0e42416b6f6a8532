"""The inspector of the Wavefield workspace: the earthquake, the forecast, the shaking of cities, the simulation."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from quakeview.app.texts import captioned
from quakeview.app.wavefield.stage import Stage
from quakeview.app.widgets.sections import Section, Sections
from quakeview.app.work.background import Background
from quakeview.texts import counted
from quakeview.wavefield.forecasting.peaks import TruePeaks, median_pgv_error

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.scenarios.header import Wavefield

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
    """Says in numbers what is on the stage."""

    def __init__(self, stage: Stage) -> None:
        self.earthquake = Section("Earthquake")
        self.cities = Section("Shaking")
        self.simulation = Section("Simulation")
        self.forecast = Section("Forecast")
        super().__init__((self.earthquake, self.forecast, self.cities, self.simulation))
        self.stage = stage
        self._comparing = Background("The error of the forecast")
        self._comparing.ready.connect(self._show_error)
        self._compared: TruePeaks | None = None
        self._pgv_error = float("nan")
        self.caveat = _warning("Caveat", self.cities)
        self.trained = _warning("Caveat of the forecast", self.forecast)
        self.trained.setText("Trained in an illustrative Earth model.")
        self.forecast.hide()
        stage.opened.connect(self._show_wavefield)
        stage.replaced.connect(self._show_wavefield)
        stage.forecastsChanged.connect(self._compare)
        stage.grown.connect(self._grow)

    def forget(self) -> None:
        """Compute no further with what was open."""
        self._comparing.forget()

    def _show_wavefield(self) -> None:
        if (wavefield := self.stage.wavefield) is not None:
            magnitude = wavefield.magnitude
            self.earthquake.big.setText(f"M {magnitude:.1f}" if magnitude is not None else "Magnitude not known")
            self.earthquake.show_rows(_earthquake_rows(wavefield))
            self.simulation.big.setText(wavefield.name)
            self.caveat.setText(_caveat(wavefield))
            self._show_growth(wavefield)
        self._compare()

    def _compare(self) -> None:
        """Show the forecast; and its error in PGV, once forecast and truth are there."""
        peaks = self.stage.peaks
        if peaks is None or peaks is not self._compared:
            self._compared, self._pgv_error = None, float("nan")
            self._comparing.forget()
            if peaks is not None and peaks.comparison.complete:
                self._compared = peaks
                self._comparing.ask(partial(median_pgv_error, peaks))
        self._show_forecast()

    def _show_error(self, pgv_error: float) -> None:
        self._pgv_error = pgv_error
        self._show_forecast()

    def _show_forecast(self) -> None:
        """Who forecasts, from what, how well; hidden without a forecast."""
        from quakeview.wavefield.forecasting.forecast import Forecast

        wavefield = self.stage.wavefield
        forecast = wavefield if isinstance(wavefield, Forecast) else self.stage.forecast
        self.forecast.setVisible(forecast is not None)
        if forecast is not None:
            self.trained.setVisible("illustrative" in forecast.model.trained_on.lower())
            self.forecast.big.setText(f"From {forecast.issue_time:.1f} s on")
            self.forecast.show_rows(forecast_rows(forecast, self._pgv_error))

    def _grow(self) -> None:
        """What changes while it is simulated or forecast."""
        wavefield, comparison = self.stage.wavefield, self.stage.comparison
        if wavefield is not None:
            self._show_growth(wavefield)
        if comparison is not None and comparison.growing:
            self._show_forecast()

    def _show_growth(self, wavefield: "Wavefield") -> None:
        self.simulation.show_rows(_simulation_rows(wavefield, self.stage.path))
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


def forecast_rows(forecast: "Forecast", pgv_error: float) -> Rows:
    """``pgv_error``: median, percent; NaN if it is not known."""
    seconds = forecast.computed_in
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
        ("PGV error", f"{pgv_error:.0f} % (median, from {forecast.issue_time:.1f} s on)" if pgv_error >= 0 else ""),
    ]


def _city_rows(wavefield: "Wavefield") -> Rows:
    """PGV and MMI so far at the largest cities, the strongest first."""
    from quakeview.geography import geography
    from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv, roman

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
