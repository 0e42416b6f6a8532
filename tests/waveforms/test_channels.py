import pytest

from quakeview.waveforms.channels import ChannelId, Instrument, arrange, band_of, component_of


def test_id_round_trip() -> None:
    channel = ChannelId.parse("IU.ANMO..BHZ")
    assert channel.location == ""
    assert str(channel) == "IU.ANMO..BHZ"
    hinet = ChannelId("JP", "N.TYNH", "", "U")
    assert ChannelId.parse(str(hinet)) == hinet


@pytest.mark.parametrize("text", ["", "A", "A.B.C"])
def test_what_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="NET"):
        ChannelId.parse(text)


@pytest.mark.parametrize(
    ("channel", "band", "component"),
    [("HHZ", "HH", "Z"), ("BN", "B", "N"), ("Z", "", "Z"), ("", "", ""), ("UD", "", "Z"), ("NS2", "2", "N")],
)
def test_band_and_component(channel: str, band: str, component: str) -> None:
    assert band_of(channel) == band
    assert component_of(channel) == component
    assert Instrument.of(ChannelId("N", "S", "L", channel)) == ("N", "S", "L", band)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("HHZ HHN HHE", "HHZ HHN HHE"),
        ("HH1 HH2 HHZ", "HHZ HH1 HH2"),
        ("BHT BHR BHZ", "BHZ BHR BHT"),
        ("UD NS EW", "UD NS EW"),
        ("EH1 EH2 EH3", "EH3 EH1 EH2"),
        ("0 1 2", "0 1 2"),
        ("HHZ HHE", "HHZ - HHE"),
        ("HHN", "- HHN -"),
        ("BDF", "BDF - -"),
        ("HHZ HHN HHE HH1 HH2", "HHZ HHN HHE"),
    ],
)
def test_vertical_first_then_the_horizontals(codes: str, expected: str) -> None:
    components = {component_of(code): ChannelId("", "S", "", code) for code in codes.split()}
    found = " ".join(channel.channel if channel else "-" for channel in arrange(components))
    assert found == expected
