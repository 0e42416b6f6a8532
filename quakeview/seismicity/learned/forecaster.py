"""The forecast of an ensemble of networks: that of a reference, times what the networks have learnt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.forecasting import Parts, SeismicityForecaster
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.learned.features import RateFeatures, logarithms
from quakeview.seismicity.model_folder import pack, unpack
from quakeview.seismicity.networks.regions import Regions
from quakeview.seismicity.windows import Window

if TYPE_CHECKING:
    from quakeview.seismicity.learned.network import Members

Floats = NDArray[np.float64]

_REFERENCE, _MEMBER = "reference.", "member."
"""Before the names of arrays."""


@dataclass(frozen=True)
class LearnedForecast:
    """What a reference expects in each cell, times a factor that networks give it.

    Attributes:
        features: what the networks are told.
        reference: calibrated on the days of training.
        members: the networks.
        trained_days: [first, last) from which the networks learnt, or which chose the best of them.
    """

    name: str
    features: RateFeatures
    reference: SeismicityForecaster
    members: "Members"
    trained_days: tuple[int, int] | None

    @property
    def grid(self) -> CellGrid:
        """The cells, those of the reference."""
        return self.reference.grid

    @property
    def magnitude(self) -> float:
        """Of the earthquakes that are meant, at least."""
        return self.reference.magnitude

    @property
    def window(self) -> Window:
        """Days after the last known one."""
        return self.reference.window

    def expected(self, catalogue: Catalogue, days: Sequence[int]) -> Iterator[Floats]:
        """Yield what is expected after each of the days, from the earthquakes until its end."""
        rates = self.features.rates_at_ends(catalogue, days)
        for expected, state in zip(self.reference.expected(catalogue, days), rates, strict=True):
            yield expected * self.factors(state)

    def factors(self, rates: NDArray[np.float32]) -> Floats:
        """Return by what the reference is multiplied in each cell, (cells,), from the rates (cells, features)."""
        import torch

        features = self.features
        with torch.inference_mode():
            said = self.members.together(
                torch.from_numpy(logarithms(rates))[None],
                torch.from_numpy(features.of_regions(rates))[None],
                torch.from_numpy(features.regions.of_cells)[None],
            )
        return np.exp(said[0].numpy().astype(np.float64))

    @property
    def regions(self) -> Regions:
        """The squares of cells that look at each other, if the networks have attention."""
        return self.features.regions

    def attention(self, catalogue: Catalogue, day: int) -> Floats | None:
        """Return how much each region looked at each other, (asking, asked), for the forecast after a day.

        Rows sum to 1; None if the networks have no attention.
        """
        import torch

        rates = next(self.features.rates_at_ends(catalogue, [day]))
        with torch.inference_mode():
            weights = self.members.looks(torch.from_numpy(self.features.of_regions(rates))[None])
        return None if weights is None else weights[0].numpy().astype(np.float64)

    def parts(self) -> Parts:
        """Return what it is made of."""
        reference, arrays = pack(self.reference)
        settings = {
            "input_magnitude": self.features.input_magnitude,
            "network": asdict(self.members.each[0].config),
            "members": len(self.members.each),
            "reference": reference,
        }
        networks = {f"{_MEMBER}{name}": value.cpu().numpy() for name, value in self.members.state_dict().items()}
        return Parts.of(self, settings, {f"{_REFERENCE}{name}": array for name, array in arrays.items()} | networks)

    @classmethod
    def of_parts(cls, parts: Parts) -> Self:
        """Return the forecast that is made of these parts."""
        import torch

        from quakeview.seismicity.learned.network import Members, NetworkConfig, RateNetwork

        settings = parts.settings
        config = NetworkConfig(**settings["network"])
        members = Members([RateNetwork(config) for _ in range(int(settings["members"]))])
        weights = {name: torch.from_numpy(array) for name, array in _named(parts.arrays, _MEMBER).items()}
        try:
            members.load_state_dict(weights)
        except RuntimeError as error:
            raise ValueError(str(error)) from error
        return cls(
            parts.name,
            RateFeatures(parts.grid, parts.magnitude, float(settings["input_magnitude"])),
            unpack(settings["reference"], _named(parts.arrays, _REFERENCE)),
            members.eval(),
            parts.trained_days,
        )


def _named(arrays: Mapping[str, NDArray[Any]], start: str) -> dict[str, NDArray[Any]]:
    """The arrays whose names start so, by the rest of their names."""
    return {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}
