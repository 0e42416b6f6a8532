"""Checkpoints of the published SeisMoLLM code become models of the user's."""

from pathlib import Path

from quakeview.monitoring.official import read_official
from quakeview.monitoring.seismollm_folder import save_model
from quakeview.registry import new_model_folder


def import_official(path: Path, name: str | None = None) -> Path:
    """Copy a checkpoint of the published code into the user's models; return the new folder.

    Args:
        path: the ``.pth`` file.
        name: of the model; that of the file if None.

    Raises:
        QuakeViewError: if it is no such checkpoint, or there is a model of that name.
    """
    folder = new_model_folder(name or path.stem)
    card = {
        "name": folder.name,
        "trained_on": f"not stated: imported from {path.name}, a checkpoint of the published SeisMoLLM code",
        "scores": {},
        "command": "",
    }
    save_model(folder, read_official(path), card)
    return folder
