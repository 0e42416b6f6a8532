"""NonLinLoc phase files in both directions."""

from pathlib import Path

import obspy
import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.exchange import read_picks, write_picks
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus, Polarity
from quakeview.waveforms.channels import ChannelId

OBS = Path(obspy.__file__).parent / "io/nlloc/tests/data/nlloc.obs"
TIME = UTCDateTime("2024-02-29T23:59:12.3456Z")
HHZ = ChannelId("CH", "DAVOX", "", "HHZ")


def test_a_foreign_file() -> None:
    picks = read_picks(OBS)
    assert len(picks) == 8
    assert picks[1].channel_id == (UNKNOWN, "UH1", UNKNOWN, UNKNOWN)
    assert (picks[1].phase, picks[1].time) == ("S", UTCDateTime(2010, 5, 27, 16, 56, 27.46))
    assert picks[1].lower_uncertainty == picks[1].upper_uncertainty == 0.03
    assert picks[1].status is PickStatus.AUTOMATIC


def test_a_pick_that_was_left_out_has_the_error_of_no_weight(tmp_path: Path) -> None:
    pick = Pick(HHZ, "P", TIME, lower_uncertainty=0.1, upper_uncertainty=0.1, used=False)
    assert write_picks([pick], tmp_path / "picks.obs") == []
    assert "GAU  1.00e+05" in (tmp_path / "picks.obs").read_text()
    (back,) = read_picks(tmp_path / "picks.obs")
    assert (back.used, back.uncertainty) == (False, None)


def test_round_trip_keeps_what_the_format_holds(tmp_path: Path) -> None:
    pick = Pick(HHZ, "Pn", TIME, lower_uncertainty=0.1, upper_uncertainty=0.3, polarity=Polarity.DOWN, onset="emergent")
    assert write_picks([pick], tmp_path / "picks.obs") == []
    (back,) = read_picks(tmp_path / "picks.obs")
    assert back == pick.with_(
        channel_id=ChannelId(UNKNOWN, "DAVOX", UNKNOWN, "HHZ"),
        status=PickStatus.AUTOMATIC,
        lower_uncertainty=0.2,
        upper_uncertainty=0.2,
        resource_id=back.resource_id,
    )


def test_obspys_writer_agrees(tmp_path: Path) -> None:
    pick = Pick(HHZ, "P", TIME, lower_uncertainty=0.25, upper_uncertainty=0.25, polarity=Polarity.UP, onset="impulsive")
    write_picks([pick], tmp_path / "picks.obs")
    write_picks([pick], tmp_path / "picks.xml")
    obspy.read_events(tmp_path / "picks.xml").write(tmp_path / "obspy.obs", format="NLLOC_OBS")
    theirs = (tmp_path / "obspy.obs").read_text().splitlines()[1:]
    assert (tmp_path / "picks.obs").read_text().split() == " ".join(theirs).split()


@pytest.mark.parametrize("uncertainty", [None, 0.0])
def test_an_error_is_always_positive_and_what_was_assumed_is_said(uncertainty: float | None, tmp_path: Path) -> None:
    pick = Pick(HHZ, "P", TIME, lower_uncertainty=uncertainty, upper_uncertainty=uncertainty)
    (loss,) = write_picks([pick], tmp_path / "picks.obs")
    assert "no uncertainty: 0.1 s" in loss
    assert float((tmp_path / "picks.obs").read_text().split()[10]) == 0.1


def test_rejected_picks_do_not_reach_the_locator(tmp_path: Path) -> None:
    good = Pick(HHZ, "P", TIME, lower_uncertainty=0.1, upper_uncertainty=0.1)
    (loss,) = write_picks([good, good.with_(phase="S", resource_id="other").rejected()], tmp_path / "picks.obs")
    assert "1 rejected" in loss
    assert [pick.phase for pick in read_picks(tmp_path / "picks.obs")] == ["P"]


def test_twin_stations_are_pointed_out(tmp_path: Path) -> None:
    ids = [HHZ, HHZ._replace(network="XX"), HHZ._replace(station="OTHER")]
    picks = [Pick(channel_id, "P", TIME, lower_uncertainty=0.1, upper_uncertainty=0.1) for channel_id in ids]
    (loss,) = write_picks(picks, tmp_path / "picks.obs")
    assert "(DAVOX for CH.DAVOX..HH, XX.DAVOX..HH)" in loss


def test_several_instruments_of_one_station_are_pointed_out(tmp_path: Path) -> None:
    ids = [HHZ, HHZ._replace(channel="HNZ"), HHZ._replace(channel="BHZ"), HHZ._replace(channel="HHN")]
    picks = [Pick(channel_id, "P", TIME, lower_uncertainty=0.1, upper_uncertainty=0.1) for channel_id in ids]
    (loss,) = write_picks(picks, tmp_path / "picks.obs")
    assert "(DAVOX for CH.DAVOX..BH, CH.DAVOX..HH, CH.DAVOX..HN)" in loss
    assert write_picks([picks[0], picks[3]], tmp_path / "picks.obs") == []


def test_seconds_never_reach_sixty(tmp_path: Path) -> None:
    write_picks([Pick(HHZ, "P", UTCDateTime("2024-02-29T23:59:59.999960Z"))], tmp_path / "picks.obs")
    assert (tmp_path / "picks.obs").read_text().split()[6:9] == ["20240301", "0000", "0.0000"]


def test_blanks_do_not_shift_the_columns(tmp_path: Path) -> None:
    write_picks([Pick(ChannelId("", "MY STA", "", ""), "P g", TIME)], tmp_path / "picks.obs")
    (pick,) = read_picks(tmp_path / "picks.obs")
    assert (pick.channel_id, pick.phase) == ((UNKNOWN, "MY_STA", UNKNOWN, UNKNOWN), "P_g")


def test_the_minus_one_of_other_programs_is_no_uncertainty(tmp_path: Path) -> None:
    (tmp_path / "picks.obs").write_text("UH1 ? Z i P u 20100527 1656 26.13 GAU -1.00e+00 -1 -1 -1\n\n")
    (pick,) = read_picks(tmp_path / "picks.obs")
    assert pick.lower_uncertainty is None
    assert (pick.polarity, pick.onset, pick.channel_id.channel) == (Polarity.UP, "impulsive", "Z")


@pytest.mark.parametrize(
    "line",
    [
        "UH1 ? ? ? P",
        "UH1 ? ? ? P ? 20101527 1656 26.13 GAU 0.1",
        "UH1 ? ? ? P ? 20100527 1656 nan GAU 0.1",
        "UH1 ? ? ? P ? 20100527 1656 x GAU 0.1",
    ],
)
def test_a_bad_line_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "picks.obs").write_text(f"{OBS.read_text()}{line}\n")
    with pytest.raises(QuakeViewError, match=r"picks\.obs, line 10 is not"):
        read_picks(tmp_path / "picks.obs")
