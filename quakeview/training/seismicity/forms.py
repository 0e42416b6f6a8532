"""The forms of forecasters of seismicity that can be trained: corrections of a reference, and the paper's network."""

from quakeview.jobs import Progress
from quakeview.training.config import RunConfig
from quakeview.training.seismicity.printed_config import PAPER
from quakeview.training.tasks import Task


def seismicity_task(config: RunConfig, progress: Progress = Progress()) -> Task:
    """Return the task of the form that ``[model]`` names.

    Raises:
        QuakeViewError: if a table of the run file is wrong, or the catalogue cannot be used.
        Cancelled: through ``progress``.
    """
    if config.model.get("form") == PAPER:
        from quakeview.training.seismicity.printed import PrintedTask

        return PrintedTask(config, progress)
    from quakeview.training.seismicity.learning import SeismicityTask

    return SeismicityTask(config, progress)
