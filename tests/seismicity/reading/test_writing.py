"""Catalogues written, and read again."""

from pathlib import Path

import numpy as np
import obspy
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.reading import read_catalogue, write_catalogue


def example() -> Catalogue:
    return Catalogue.of(
        [-2021155058.75, 1562261629.123456, 1562261630.0],
        [37.75, 35.7053, -17.5],
        [-122.55, -117.5038, 179.99],
        [7.9, 6.4, np.nan],
        [8000.0, 10_500.0, np.nan],
        ["Mw", "ML", ""],
        ["a", "smi:x/1", "b, <c> & d"],
    )


@pytest.mark.parametrize("name", ["own.csv", "own.xml", "own.zmap", "own.csep"])
def test_what_is_written_reads_back(name: str, tmp_path: Path) -> None:
    catalogue = example()
    write_catalogue(catalogue, tmp_path / name)
    back = read_catalogue(tmp_path / name).catalogue
    np.testing.assert_allclose(back.time, catalogue.time, atol=1e-6, rtol=0)
    for column in ("latitude", "longitude", "depth", "magnitude"):
        np.testing.assert_array_equal(getattr(back, column), getattr(catalogue, column), column)
    if name.endswith((".csv", ".xml")):
        assert back.magnitude_type.tolist() == ["Mw", "ML", ""]
    if name.endswith(".csv"):
        assert back.identifier.tolist() == catalogue.identifier.tolist()


def test_other_programs_read_quakeml_and_zmap(tmp_path: Path) -> None:
    write_catalogue(example(), tmp_path / "own.xml")
    write_catalogue(example(), tmp_path / "own.zmap")
    for events in (obspy.read_events(tmp_path / "own.xml"), obspy.read_events(tmp_path / "own.zmap", "ZMAP")):
        times = [event.origins[0].time.timestamp for event in events]
        np.testing.assert_allclose(times, example().time, atol=1e-4, rtol=0)  # of ZMAP ObsPy takes the decimal year
        assert [event.origins[0].longitude for event in events] == [-122.55, -117.5038, 179.99]
        assert [event.origins[0].depth for event in events[:2]] == [8000, 10_500]
        assert [event.magnitudes[0].mag for event in events[:2]] == [7.9, 6.4]


def test_a_form_that_is_not_known_is_said(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match=r"ends in one of \.csv"):
        write_catalogue(example(), tmp_path / "own.parquet")
    assert not list(tmp_path.iterdir())


def test_what_was_there_is_kept_if_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="could not be written"):
        write_catalogue(example(), tmp_path / "none/own.csv")
