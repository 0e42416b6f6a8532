"""Checkpoints of the published SeisMoLLM and SeisT code become models of the user's."""

from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.monitoring import seismollm_folder, seist_folder
from quakeview.monitoring.official import read_official, read_tensors
from quakeview.registry import new_model_folder


def import_official(
    path: Path,
    name: str | None = None,
    sampling_rate: float | None = None,
    task: str | None = None,
    trained_on: str = "",
) -> Path:
    """Copy a checkpoint of the published code into the user's models; return the new folder.

    Args:
        path: the ``.pth`` file.
        name: of the model; that of the file if None.
        sampling_rate: Hz that the network is given; None is that of the records it learnt from, 50 Hz.
        task: of SeisMoLLM, one of ``TASK_NAMES``' values; None: the file or its name tells.
        trained_on: where the weights come from, in words.

    Raises:
        QuakeViewError: if it is no such checkpoint, or there is a model of that name.
    """
    folder = new_model_folder(name or path.stem)
    is_seist = seist_folder.is_seist(read_tensors(path))
    card = {
        "name": folder.name,
        "trained_on": trained_on
        or f"not stated: imported from {path.name}, a checkpoint of the published "
        f"{'SeisT' if is_seist else 'SeisMoLLM'} code",
        "scores": {},
        "command": "",
    }
    if is_seist:
        rate = seist_folder.SAMPLING_RATE if sampling_rate is None else sampling_rate
        if rate not in seist_folder.RATES:
            raise QuakeViewError(f"SeisT works with 50 or 100 Hz, not {rate:g} Hz; choose one of them.")
        network, size = seist_folder.read_official(path)
        seist_folder.save_model(folder, network, size, card, rate)
    else:
        known = {"sampling_rate": sampling_rate, "task": task}
        read = read_official(path, **{field: value for field, value in known.items() if value is not None})
        seismollm_folder.save_model(folder, read, card)
    return folder
