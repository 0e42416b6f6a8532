"""SeisT in model folders, and as checkpoints of the published code (senli1073/SeisT, ``.pth``)."""

from pathlib import Path
from typing import Any

from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.model_folders import CONFIG, WEIGHTS, fill, read_config, read_weights, write_model
from quakeview.monitoring.network_picker import PickingNetwork
from quakeview.monitoring.official import read_tensors, rename
from quakeview.monitoring.preprocessing import standardise
from quakeview.monitoring.seist import SIZES, SeisT
from quakeview.monitoring.stitching import Windowing

SYSTEM = "SeisT"
WINDOW_SAMPLES = 8192
"""Of the published networks; their heads are tied to about that length."""
SAMPLING_RATE = 50.0
"""Hz, of the records of DiTing that the published networks learnt from."""
RATES = (50.0, 100.0)
"""Hz that the published networks were measured with."""

NAMES = (
    ("stem.{i}.convs.{j}.", "stem.{i}.branches.{j}."),
    ("stem.", "stem."),
    ("encoder_layers.", "stages."),
    ("out_head.up_layers.", "head.stages."),
    ("out_head.out_conv.", "head.output."),
)
"""How parameter names begin: in the published code, and here. What follows is the same. The first that fits counts."""

_WINDOWING = Windowing(standardise, hop=WINDOW_SAMPLES // 4, highest=True)
"""SeisT learnt from one earthquake a window, and of two it often sees one: of more windows, the highest counts."""
_LAST_STAGE = "encoder_layers.3.0.proj.weight"


def is_seist(weights: dict[str, Tensor]) -> bool:
    """Whether tensors, by their published names, are of SeisT."""
    return any(name.startswith("stem.0.convs.") for name in weights)


def read_official(path: Path) -> tuple[SeisT, str]:
    """Read a checkpoint of the published code: the network, in evaluation mode, and its size.

    Raises:
        QuakeViewError: if the file is no such checkpoint, or one for another task than picking.
    """
    weights = read_tensors(path)
    if "out_head.lin.weight" in weights:
        raise QuakeViewError(f"{path} is SeisT for another task; import one for picking, with dpk in its name.")
    widths = {sizes.channels[-1]: size for size, sizes in SIZES.items()}
    size = widths.get(len(weights.get(_LAST_STAGE, ())))
    if size is None:
        raise QuakeViewError(f"{path} is not a whole SeisT of the sizes S, M or L; download it again.")
    network = SeisT(size)
    fill(network, {rename(name, NAMES) or name: tensor for name, tensor in weights.items()}, path)
    return network, size


def save_model(folder: Path, network: SeisT, size: str, card: dict[str, Any], sampling_rate: float) -> None:
    """Write a model folder.

    Args:
        card: name, training data and whatever else a user of the model should know.
        sampling_rate: Hz that records are resampled to.

    Raises:
        QuakeViewError: if the folder cannot be written.
    """
    added = {
        "system": SYSTEM,
        "task": "picking",
        "input": f"3 components (Z, N, E) at {sampling_rate:g} Hz, windows of {WINDOW_SAMPLES} samples, each component "
        "over its standard deviation",
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
    }
    write_model(
        folder, {"network": {"size": size, "sampling_rate": sampling_rate}, "card": card | added}, network.state_dict()
    )


def picking_network(folder: Path) -> PickingNetwork:
    """Load the picker of a model folder.

    Raises:
        QuakeViewError: if it is no SeisT, or damaged.
    """
    config = read_config(folder)
    try:
        section = config["network"]
        network, rate = SeisT(section["size"]), float(section["sampling_rate"])
    except (KeyError, TypeError, ValueError) as error:
        raise QuakeViewError(f"{folder / CONFIG} does not describe a SeisT; choose another model folder.") from error
    fill(network, read_weights(folder), folder / WEIGHTS)
    return PickingNetwork(network, rate, WINDOW_SAMPLES, windowing=_WINDOWING)
