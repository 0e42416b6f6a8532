"""What one station says of records on disk: oriented, not oriented, with one component, clipped, with a response."""

import json
from pathlib import Path

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime
from obspy.core.inventory import Channel, Inventory, Network, Response, Station

import quakeview
from quakeview import cli
from quakeview.errors import QuakeViewError
from quakeview.monitoring.exchange import write_picks
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.single_station.calibration import Calibration
from quakeview.single_station.characterising import Characterisation, characterise_station
from quakeview.single_station.estimates import NETWORK, RULE, Answer, Estimate, FirstMotion
from quakeview.single_station.networks import Values
from quakeview.single_station.pairing import pairs
from quakeview.stations.book import StationBook, read_stations
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId
from tests.single_station.test_rules import wave

START = UTCDateTime("2024-03-01T12:00:00")
P = START + 5.0
S_MINUS_P = 4.0
BACK_AZIMUTH = 75.0


def record(names: str = "ZNE", azimuth: float = 0.0, scale: float = 1e4) -> Stream:
    """An earthquake east of XX.STA, counts; the first horizontal points ``azimuth`` degrees east of north."""
    up, north, east = wave(BACK_AZIMUTH)
    later = np.roll(north, round(S_MINUS_P * 100))
    later[: round(S_MINUS_P * 100)] = 0
    north = north - 4 * later  # an S
    c, s = np.cos(np.radians(azimuth)), np.sin(np.radians(azimuth))
    rows = (up, c * north + s * east, -s * north + c * east)
    header = {"network": "XX", "station": "STA", "location": "", "sampling_rate": 100.0, "starttime": START}
    return Stream(
        Trace(np.round(scale * row).astype(np.int32), {**header, "channel": f"HH{name}"})
        for name, row in zip(names, rows, strict=False)
        if name != "."
    )


def picks(names: str = "ZNE", s: bool = True) -> list[Pick]:
    vertical, horizontal = (ChannelId("XX", "STA", "", f"HH{name}") for name in (names[0], names[-1]))
    both = [Pick(vertical, "P", P, lower_uncertainty=0.05, upper_uncertainty=0.05)]
    return [*both, Pick(horizontal, "S", P + S_MINUS_P)] if s else both


def inventory(names: str = "ZNE", azimuth: float = 0.0, response: bool = True) -> Inventory:
    flat = Response.from_paz([], [], 1e9, input_units="M/S", output_units="COUNTS") if response else None
    directions = {names[0]: (0.0, -90.0), names[1]: (azimuth, 0.0), names[2]: ((azimuth + 90) % 360, 0.0)}
    channels = [
        Channel(f"HH{name}", "", 47.0, 11.0, 500.0, 0.0, azimuth=towards, dip=dip, response=flat)
        for name, (towards, dip) in directions.items()
    ]
    return Inventory([Network("XX", [Station("STA", 47.0, 11.0, 500.0, channels=channels)])], "test")


def said_of(stream: Stream, book: StationBook, own: list[Pick], network=None) -> Characterisation:
    archive = Archive()
    archive.add_stream(stream, "test")
    (station,) = archive.stations
    return characterise_station(archive, book, station, own, network)


def book_of(tmp_path: Path, metadata: Inventory) -> StationBook:
    metadata.write(str(tmp_path / "stations.xml"), "STATIONXML")
    return read_stations([tmp_path / "stations.xml"])


class Oracle:
    """A network that says the same of every record."""

    name, tasks = "Oracle", ("magnitude", "distance", "back_azimuth", "polarity")
    calibration = Calibration(default={"distance": NETWORK})

    def values(self, data, valid, s_minus_p) -> Values:
        return {
            "magnitude": Estimate(2.5, 0.3, "Oracle"),
            "distance": Estimate(31e3, 2e3, "Oracle"),
            "back_azimuth": Estimate(80.0, 20.0, "Oracle"),
            "polarity": FirstMotion(Polarity.UP, 0.9, "Oracle"),
        }


def test_the_rules_find_what_was_put_in() -> None:
    said = said_of(record(), StationBook(), picks())
    assert abs(said.answers["distance"].best.value - 32e3) < 5e3  # 8 km/s times 4 s
    assert abs(said.answers["back_azimuth"].best.value - BACK_AZIMUTH) < 10
    assert said.answers["polarity"].best.polarity is Polarity.UP
    assert "needs the response" in said.answers["magnitude"].reason


def test_a_response_gives_a_local_magnitude_that_grows_by_one_for_ten_times_the_motion(tmp_path: Path) -> None:
    book = book_of(tmp_path, inventory())
    small, large = (said_of(record(scale=scale), book, picks()).answers["magnitude"].rule for scale in (1e4, 1e5))
    assert large.value - small.value == pytest.approx(1.0, abs=0.02)
    assert small.method == "ML, IASPEI"


def test_horizontals_of_unknown_direction_give_no_direction_and_nothing_else_is_lost() -> None:
    said = said_of(record("Z12"), StationBook(), picks("Z12"), Oracle())
    direction = said.answers["back_azimuth"]
    assert direction.best is None
    assert "In which directions 1 and 2 point is not known" in direction.reason
    assert said.answers["distance"].rule is not None
    assert said.answers["polarity"].rule is not None


def test_metadata_turn_the_horizontals_to_north_and_east(tmp_path: Path) -> None:
    book = book_of(tmp_path, inventory("Z12", azimuth=30.0, response=False))
    found = said_of(record("Z12", azimuth=30.0), book, picks("Z12")).answers["back_azimuth"].best
    assert abs(found.value - BACK_AZIMUTH) < 10


def test_one_component_has_a_first_motion_and_a_distance_and_no_direction() -> None:
    said = said_of(record("Z"), StationBook(), picks("Z"))
    assert "no horizontal component" in said.answers["back_azimuth"].reason
    assert said.answers["polarity"].best.polarity is Polarity.UP
    assert said.answers["distance"].best is not None


def test_a_record_without_a_vertical_has_no_first_motion() -> None:
    said = said_of(record(".NE"), StationBook(), picks("NE"))
    assert "no vertical component" in said.answers["polarity"].reason
    assert "vertical" in said.answers["back_azimuth"].reason


def test_a_clipped_record_has_no_magnitude(tmp_path: Path) -> None:
    stream = record()
    for trace in stream:
        trace.data = np.clip(trace.data, -3000, 3000)
    said = said_of(stream, book_of(tmp_path, inventory()), picks(), Oracle())
    assert said.answers["magnitude"].best is None
    assert "clipped" in said.answers["magnitude"].rule_reason
    assert "clipped" in said.answers["magnitude"].network_reason
    assert said.answers["distance"].best is not None


def test_without_an_s_the_rule_says_why_and_the_network_counts() -> None:
    answer = said_of(record(), StationBook(), picks(s=False), Oracle()).answers["distance"]
    assert "no S pick" in answer.rule_reason
    assert (answer.chosen, answer.best.value) == (NETWORK, 31e3)


def test_the_one_that_was_better_on_held_out_records_counts_and_the_other_stands_beside_it() -> None:
    said = said_of(record(), StationBook(), picks(), Oracle())
    assert said.answers["distance"].chosen == NETWORK
    assert said.answers["back_azimuth"].chosen == RULE
    assert said.answers["back_azimuth"].network.value == 80.0


def test_where_the_response_is_known_the_magnitude_is_measured(tmp_path: Path) -> None:
    said = said_of(record(), book_of(tmp_path, inventory()), picks(), Oracle()).answers["magnitude"]
    assert said.chosen == RULE
    assert said_of(record(), StationBook(), picks(), Oracle()).answers["magnitude"].chosen == NETWORK


def test_a_gap_at_the_p_leaves_no_first_motion_and_no_direction() -> None:
    broken = record()
    for trace in broken:
        trace.data = np.ma.masked_array(trace.data, np.zeros(len(trace.data), bool))
        trace.data[510:530] = np.ma.masked
    said = said_of(broken.split(), StationBook(), picks(), Oracle())
    for task in ("polarity", "back_azimuth"):
        assert said.answers[task].best is None
        assert "gap" in said.answers[task].reason
    assert said.answers["distance"].best is not None


def test_a_vertical_that_is_positive_downwards_is_turned(tmp_path: Path) -> None:
    metadata = inventory(response=False)
    metadata[0][0][0].dip = 90.0
    upside_down = record()
    upside_down.select(component="Z")[0].data *= -1
    said = said_of(upside_down, book_of(tmp_path, metadata), picks())
    assert said.answers["polarity"].best.polarity is Polarity.UP


def test_gaps_and_a_p_outside_the_record_are_sentences() -> None:
    gappy = record()
    gappy.select(component="Z")[0].data[300:700] = gappy.select(component="Z")[0].data[300]
    assert said_of(gappy, StationBook(), picks()).answers["distance"].best is not None
    late = [pick.with_(time=pick.time + 3600) for pick in picks()]
    with pytest.raises(QuakeViewError, match="no record at its P pick"):
        said_of(record(), StationBook(), late)
    with pytest.raises(QuakeViewError, match="has no P pick"):
        said_of(record(), StationBook(), picks()[1:])


def test_rejected_picks_do_not_count_and_each_p_has_its_own_s() -> None:
    first, s = picks()
    second = first.with_(time=P + 60, resource_id="second")
    assert list(pairs([second, s, first])) == [[first, s], [second]]
    assert list(pairs([first.with_(status=PickStatus.REJECTED), s])) == []
    assert list(pairs([])) == []


def test_an_answer_without_anything_says_why() -> None:
    assert Answer("distance", rule_reason="No S.", network_reason="No model.").reason == "No S."
    assert Answer("distance", network=Estimate(1.0, None, "x")).chosen == NETWORK


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    record().write(str(tmp_path / "event.mseed"), "MSEED")
    write_picks(picks(), tmp_path / "picks.csv")
    inventory().write(str(tmp_path / "stations.xml"), "STATIONXML")
    return [str(tmp_path / name) for name in ("event.mseed", "picks.csv", "stations.xml")]


@pytest.fixture
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for which in ("shipped", "user"):
        monkeypatch.setattr(f"quakeview.registry.{which}_models_dir", lambda: tmp_path / "models")


def test_the_command_writes_a_table_and_all_of_it(files, no_models, tmp_path: Path, capsys) -> None:
    assert cli.main(["characterise", *files, "-o", str(tmp_path / "alone.json")]) == 0
    header, row = capsys.readouterr().out.strip().split("\n")
    cells = dict(zip(header.split(","), row.split(","), strict=False))
    assert float(cells["distance_km"]) == pytest.approx(32, abs=5)
    (plain,) = json.loads((tmp_path / "alone.json").read_text())
    assert plain["station"] == "XX.STA..HH"
    assert plain["magnitude"]["counts"] == "rule"
    assert "No model for single stations" in plain["distance"]["network"]["reason"]
    assert plain["polarity"]["rule"]["value"] == "up"


def test_picks_of_other_stations_are_told_and_incomplete_names_find_their_station(no_models, tmp_path: Path, capsys):
    record().write(str(tmp_path / "event.mseed"), "MSEED")
    p, s = picks()
    stranger = p.with_(channel_id=ChannelId("YY", "ELSE", "", "HHZ"), resource_id="stranger")
    vague = p.with_(channel_id=ChannelId("XX", "STA", "", "HH?"))
    write_picks([vague, s, stranger], tmp_path / "picks.csv")
    assert cli.main(["characterise", str(tmp_path / "event.mseed"), str(tmp_path / "picks.csv")]) == 0
    captured = capsys.readouterr()
    assert "1 pick belongs to no channel that is open." in captured.err
    assert captured.out.count("XX,STA") == 1


def test_the_command_refuses_other_files_before_it_works(files, capsys) -> None:
    assert cli.main(["characterise", *files, "-o", "alone.txt"]) == 1
    assert "must end in .csv or .json" in capsys.readouterr().err


def test_the_command_says_which_models_are_for_something_else(files, tmp_path: Path, capsys) -> None:
    assert cli.main(["characterise", *files, "--model", "SeisMoLLM-S"]) == 1
    assert "SeisMoLLM-S is a picking model" in capsys.readouterr().err


def test_python_says_the_same_of_a_stream(no_models) -> None:
    (said,) = quakeview.characterise(record(), inventory(), picks=picks())
    assert said.answers["distance"].best.value == pytest.approx(32e3, abs=5e3)
    assert said.coordinates.latitude == 47.0
