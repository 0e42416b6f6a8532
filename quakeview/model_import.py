"""Checkpoints of published code, and pickers of SeisBench, become models of the user's."""

from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import CONFIG, WEIGHTS, seal
from quakeview.registry import add_model, read_card

WAVECASTNET_SUFFIX, ARCHIVE_SUFFIX = ".pt", ".zip"


def import_checkpoint(
    path: Path,
    *,
    name: str | None = None,
    stations: Path | None = None,
    mean: Path | None = None,
    deviation: Path | None = None,
    sampling_rate: float | None = None,
    task: str | None = None,
    trained_on: str = "",
    progress: Progress = Progress(),
) -> Path:
    """Copy the weights of a checkpoint into the user's models; return the new folder.

    Args:
        path: of WaveCastNet's code (``.pt``), or of SeisMoLLM's or SeisT's (any other suffix, usually ``.pth``); or a
            model folder of ours, or such a folder as ``.zip``.
        name: of the model; that of the file if None.
        stations, mean, deviation: as ``quakeview.wavefield.networks.importing.import_official`` says; of WaveCastNet's.
        sampling_rate: Hz that a network is given, if not that of the records it learnt from; not of WaveCastNet's.
        task: of SeisMoLLM's, where neither the file nor its name tells.
        trained_on: where the weights come from, in words.

    Raises:
        QuakeViewError: if a file is not what it should be, or there is a model of that name.
    """
    progress.advance(0, 1, "Reading the checkpoint")
    if path.is_dir() or path.suffix == ARCHIVE_SUFFIX:
        return _import_folder(path, name, progress)
    if path.suffix == WAVECASTNET_SUFFIX and (sampling_rate is not None or task is not None):
        raise QuakeViewError("Sampling rate and task belong to SeisMoLLM and SeisT; import this one without them.")
    if path.suffix == WAVECASTNET_SUFFIX:
        from quakeview.wavefield.networks.importing import import_official

        folder = import_official(
            path, name=name, stations=stations, mean=mean, deviation=deviation, trained_on=trained_on
        )
    elif stations or mean or deviation:
        raise QuakeViewError(
            "Stations, mean and deviation belong to checkpoints of WaveCastNet (.pt); import this one without them."
        )
    else:
        from quakeview.monitoring.importing import import_official as import_picker

        folder = import_picker(path, name, sampling_rate, task, trained_on)
    seal(folder)
    progress.advance(1, 1)
    return folder


def _import_folder(path: Path, name: str | None, progress: Progress) -> Path:
    """Copy a model folder, or the one in an archive."""
    if path.is_dir():
        return add_model(path, name or read_card(path).name, progress).folder
    with TemporaryDirectory() as temporary:
        try:
            with ZipFile(path) as archive:
                archive.extractall(temporary)
        except (OSError, BadZipFile, ValueError, NotImplementedError) as error:
            raise QuakeViewError(f"{path} is no archive that can be read; export the model again.") from error
        folders = sorted(config.parent for config in Path(temporary).rglob(CONFIG))
        if not folders:
            raise QuakeViewError(f"{path} holds no model folder ({CONFIG} and {WEIGHTS}); choose another file.")
        return add_model(folders[0], name or read_card(folders[0]).name, progress).folder


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
