"""Make again the catalogue that ships with QuakeView: earthquakes drawn from an ETAS model, none of them real.

python packaging/sample_catalogue.py     writes resources/catalogues/simulated-tohoku.csv, in a second
"""

from obspy import UTCDateTime

from quakeview.seismicity.sample import LEAST, sample_catalogue, simulated_earthquakes

HEADER = f"""\
# SIMULATED earthquakes, none of them real: drawn from an ETAS model by QuakeView (packaging/sample_catalogue.py).
# A box of 500 km off the east coast of Honshu, complete from magnitude {LEAST:g}; times are UTC.
# Under the licence of QuakeView.
time,latitude,longitude,magnitude
"""


def main() -> int:
    target, drawn = sample_catalogue(), simulated_earthquakes()
    columns = zip(drawn.time, drawn.latitude, drawn.longitude, drawn.magnitude, strict=True)
    lines = (f"{UTCDateTime(time)},{north:.4f},{east:.4f},{size:.1f}\n" for time, north, east, size in columns)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(HEADER + "".join(lines), encoding="utf-8")
    print(f"{target}: {len(drawn):,} earthquakes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
