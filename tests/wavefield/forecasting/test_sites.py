"""The user's own sites."""

import pytest

from quakeview.errors import QuakeViewError
from quakeview.geography import City
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.forecasting.sites import OWN_RANK, read_sites


@pytest.fixture
def table(tmp_path):
    def written(text):
        path = tmp_path / "sites.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_degrees_or_kilometres_in_any_order_and_between_any_signs(table):
    longitude, latitude = (float(value) for value in HAYWARD.to_geographic(30_000, 20_000))
    (campus,) = read_sites(table(f"\ufefflat;name;lon\n{latitude};Campus;{longitude}\n\n"), HAYWARD).sites
    assert (campus.x, campus.y) == pytest.approx((30_000, 20_000), abs=1)
    assert read_sites(table("Name,use,X_km,Y_km\nDam,water,30,20\n"), HAYWARD).sites == (
        City("Dam", 30_000.0, 20_000.0, OWN_RANK),
    )


def test_sites_outside_are_named_and_left_out(table):
    read = read_sites(table("name,x_km,y_km\nDam,30,20\nFar,500,20\n"), HAYWARD)
    assert [site.name for site in read.sites] == ["Dam"]
    assert read.left_out == ("Far (line 3) is outside the region and was left out.",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line must be"),
        ("Dam,30,20\n", "first line must be"),
        ("name,lon,lat\n", "no site inside"),
        ("name,lon,lat\nParis,2.35,48.86\n", "no site inside"),
        ("name,lon,lat\nDam,west,37\n", "line 2: lon “west” is no number"),
        ("name,lon,lat\nDam,nan,37\n", "is no number"),
        ("name,lon,lat\nDam,-122,370\n", "not on the Earth"),
        ("name,lon,lat\nDam,-122\n", "too few columns"),
        ("name,lon,lat\n,-122,37\n", "name is missing"),
        ("name,x_km,y_km\nDam,30,20\nDam,40,20\n", "line 3: Dam comes twice"),
    ],
)
def test_what_is_no_table_of_sites_is_a_sentence(table, text, said):
    with pytest.raises(QuakeViewError, match=said):
        read_sites(table(text), HAYWARD)


def test_a_file_that_is_not_there_or_not_text(tmp_path):
    with pytest.raises(QuakeViewError, match="could not be read"):
        read_sites(tmp_path / "none.csv", HAYWARD)
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(QuakeViewError, match="save it as CSV"):
        read_sites(tmp_path / "binary.csv", HAYWARD)
