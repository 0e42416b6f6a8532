"""Lists of stations as people write them, told from lists of picks and earthquakes."""

import pytest

from quakeview.errors import QuakeViewError
from quakeview.stations.station_lists import gain_of, is_station_list, read_station_list

HEADERS = (
    "network,station,latitude,longitude,elevation_m",
    "net;sta;lat;lon;elev",
    "id,lat,lon,elevation_m,gain_counts_per_m_s",
    "Network | Station | Latitude | Longitude | Elevation",
    "\ufeffStation,Network,Lat,Long",
    "station\tx(km)\ty(km)\tlat\tlng\telv(m)\tunit",
    "network,station,band,latitude,longitude,elevation_m,p_time_est,s_time_est,epi_km",
)
OTHERS = (
    "network,station,location,channel,phase,time,probability",
    "id,time,longitude,latitude,magnitude,x,y",
    "time,latitude,longitude,depth,mag,net,id",
    "event_id,time,latitude,longitude,depth_km,magnitude",
    "station,latitude,longitude,phase_type,phase_time",
    "",
    "name,lon,lat",
)


@pytest.mark.parametrize("header", HEADERS)
def test_a_list_of_stations_is_known_by_its_columns(header: str) -> None:
    assert is_station_list(header.encode())


@pytest.mark.parametrize("header", OTHERS)
def test_picks_catalogues_and_other_tables_are_none(header: str) -> None:
    assert not is_station_list(header.encode())
    with pytest.raises(QuakeViewError, match="is no list of stations"):
        read_station_list(header.encode(), "a.csv")


@pytest.mark.parametrize(
    "text",
    [
        "network,station,latitude,longitude,elevation_m\nCI,CCC,35.52495,-117.36453,670\n",
        "net; sta; lat; lon; elev\r\nCI; CCC; 35.52495; 242.63547; 670\r\n\r\n",
        "id,lat,lon,elevation_km\nCI.CCC,35.52495,-117.36453,.67\n",
        "station\tx(km)\tlat\tlng\telv(m)\nCI.CCC..HH\t1.0\t35.52495\t-117.36453\t670\n",
    ],
)
def test_a_station_is_where_every_way_of_writing_it_says(text: str) -> None:
    inventory, notes = read_station_list(text.encode(), "a.csv")
    (network,) = inventory
    (station,) = network
    assert (network.code, station.code, station.channels) == ("CI", "CCC", [])
    assert (station.latitude, station.longitude, station.elevation) == pytest.approx((35.52495, -117.36453, 670))
    assert notes == []


def test_a_gain_is_of_the_station_or_of_its_channel() -> None:
    inventory, _ = read_station_list(b"id,lat,lon,elev,gain_counts_per_m_s\nPB.B916,36,-117,1859,7.8e8\n", "a.csv")
    assert gain_of(inventory[0][0]) == 7.8e8
    text = (
        "net,sta,loc,cha,lat,lon,elev,gain_counts_per_m_s\nPB,B916,--,EHZ,36,-117,9,7.8e8\nPB,B916,,EHN,36,-117,9,5e8"
    )
    station = read_station_list(text.encode(), "a.csv")[0][0][0]
    assert gain_of(station) is None
    sensitivities = {(c.location_code, c.code): c.response.instrument_sensitivity.value for c in station}
    assert sensitivities == {("", "EHZ"): 7.8e8, ("", "EHN"): 5e8}


def test_a_line_that_cannot_be_is_told_and_the_rest_is_read() -> None:
    lines = [
        "net,sta,lat,lon,elev,gain_counts_per_m_s",
        "XX,A,10,20,5,",
        "XX,B,95,20,5,",
        "XX,C,ten,20,5,",
        "XX,D,,20,5,",
        "XX,,10,20,5,",
        "XX,F,10,20,5,0",
        "XX,G,nan,20,5,",
        "XX,H,10,20,,",
    ]
    inventory, notes = read_station_list("\n".join(lines).encode(), "a.csv")
    assert [station.code for station in inventory[0]] == ["A", "H"]
    assert notes == [
        "a.csv, line 3 is left out: its latitude 95 is on no globe.",
        "a.csv, line 4 is left out: its latitude 'ten' is no number.",
        "a.csv, line 5 is left out: its latitude is missing.",
        "a.csv, line 6 is left out: it has no station code.",
        "a.csv, line 7 is left out: its gain is 0.",
        "a.csv, line 8 is left out: its latitude 'nan' is no number.",
        "a.csv gives no elevation in 1 line, which is taken to be 0 m.",
    ]


def test_nothing_that_can_be_read_is_an_error() -> None:
    with pytest.raises(QuakeViewError, match="line 2 is left out: its latitude 99 is on no globe"):
        read_station_list(b"net,sta,lat,lon\nXX,A,99,0\n", "a.csv")
    with pytest.raises(QuakeViewError, match=r"a\.csv has no stations"):
        read_station_list(b"net,sta,lat,lon\n", "a.csv")


def test_stations_without_a_network_are_told() -> None:
    _, notes = read_station_list(b"station,lat,lon,elev\nABC,1,2,3\n", "a.csv")
    assert notes == ["a.csv has stations without a network code; they match records without one."]
