"""The icons of where a run stands."""

from quakeview.training.runs.run_state import Status
from quakeview.training.runs.summary import RunSummary

_ICONS = {
    Status.READY: ("circle-outline", "muted"),
    Status.QUEUED: ("clock-outline", "muted"),
    Status.RUNNING: ("play-circle", "accent"),
    Status.PAUSED: ("pause-circle-outline", "muted"),
    Status.STOPPED: ("stop-circle-outline", "muted"),
    Status.FINISHED: ("check-circle-outline", "good"),
    Status.FAILED: ("alert-circle-outline", "error"),
    Status.LOST: ("lightning-bolt-circle", "warning"),
    None: ("help-circle-outline", "warning"),
}


def status_icon(run: RunSummary) -> tuple[str, str]:
    """The icon of a status, and the name of its colour in the theme."""
    return _ICONS[run.status]
