import io
from pathlib import Path

import obspy
import pytest

from quakeview.waveforms.coordinates import read_coordinates


@pytest.mark.parametrize("name", ["stations [2019].xml", "all*.xml", "what?.xml", "[a-z].xml", "50 % & more.xml"])
def test_a_name_is_no_pattern(tmp_path: Path, name: str) -> None:
    """Another file that the name would match as a pattern is not read in its place."""
    (tmp_path / "stations 2.xml").write_text("something else")
    folder = tmp_path / "archive [new]"
    folder.mkdir()
    content = io.BytesIO()
    obspy.read_inventory().write(content, "STATIONXML")
    (folder / name).write_bytes(content.getvalue())
    assert ("BW", "RJOB") in read_coordinates(folder / name)
