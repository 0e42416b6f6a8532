"""An official checkpoint becomes a model folder. No Qt: this runs on a worker thread."""

from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.paths import user_models_dir


def import_checkpoint(path: Path, progress: Progress) -> Path:
    """Copy the weights of an official checkpoint into the user's models; returns the new folder.

    Args:
        path: of WaveCastNet's code (``.pt``), or of SeisMoLLM's (any other suffix, usually ``.pth``).

    Raises:
        QuakeViewError: if it is not such a checkpoint, or a model of that name is there already.
    """
    progress.advance(0, 2, "Reading the checkpoint")
    if path.suffix == ".pt":
        from quakeview.wavefield.networks.importing import import_official

        return import_official(path)
    from quakeview.monitoring.seismollm_folder import load_model, save_model

    folder = user_models_dir() / path.stem
    if folder.exists():
        raise QuakeViewError(f"There is a model called {path.stem} already; rename the file, or remove that model.")
    model = load_model(path)
    progress.advance(1, 2, "Writing the model folder")
    card = {
        "name": path.stem,
        "trained_on": f"not stated: imported from the checkpoint {path.name}",
        "scores": {},
        "command": "",
    }
    save_model(folder, model, card)
    progress.advance(2, 2)
    return folder
