"""Checkpoints of published code, and pickers of SeisBench, become models of the user's."""

from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import seal

WAVECASTNET_SUFFIX = ".pt"


def import_checkpoint(
    path: Path,
    *,
    name: str | None = None,
    stations: Path | None = None,
    mean: Path | None = None,
    deviation: Path | None = None,
    sampling_rate: float | None = None,
    progress: Progress = Progress(),
) -> Path:
    """Copy the weights of a checkpoint into the user's models; return the new folder.

    Args:
        path: of WaveCastNet's code (``.pt``), or of SeisMoLLM's or SeisT's (any other suffix, usually ``.pth``).
        name: of the model; that of the file if None.
        stations, mean, deviation: as ``quakeview.wavefield.networks.importing.import_official`` says; of WaveCastNet's.
        sampling_rate: Hz that a picker is given, if not that of the records it learnt from.

    Raises:
        QuakeViewError: if a file is not what it should be, or there is a model of that name.
    """
    progress.advance(0, 1, "Reading the checkpoint")
    if path.suffix == WAVECASTNET_SUFFIX and sampling_rate is not None:
        raise QuakeViewError("A sampling rate belongs to checkpoints of pickers; import this one without it.")
    if path.suffix == WAVECASTNET_SUFFIX:
        from quakeview.wavefield.networks.importing import import_official

        folder = import_official(path, name=name, stations=stations, mean=mean, deviation=deviation)
    elif stations or mean or deviation:
        raise QuakeViewError(
            "Stations, mean and deviation belong to checkpoints of WaveCastNet (.pt); import this one without them."
        )
    else:
        from quakeview.monitoring.importing import import_official as import_picker

        folder = import_picker(path, name, sampling_rate)
    seal(folder)
    progress.advance(1, 1)
    return folder


def add_seisbench_picker(
    what: str | Path,
    *,
    picker: str | None = None,
    trained_on: str = "",
    name: str | None = None,
    progress: Progress = Progress(),
) -> Path:
    """Add a picker of SeisBench to the user's models; return the new folder.

    Args:
        what: ``PhaseNet/stead``, with or without ``seisbench:`` before it, to download it; or the file or folder in
            which SeisBench saved one.
        picker, trained_on, name: of a saved one, as ``quakeview.monitoring.seisbench_folder.import_saved`` says.

    Raises:
        QuakeViewError: if it cannot be had, or there is a model of that name.
    """
    from quakeview.monitoring.seisbench_folder import download, import_saved
    from quakeview.monitoring.seisbench_names import PREFIX

    if str(what).startswith(PREFIX) or not (Path(what).exists() or Path(what).suffix):
        return download(str(what).removeprefix(PREFIX), progress)
    return import_saved(Path(what), picker, trained_on, name)
