"""The actions of the Training workspace."""

from quakeview.app.shell.action_spec import ActionSpec, WorkspaceActions

TRAINING = "view.training"

# fmt: off
_SHOW = ActionSpec(TRAINING, "Training", "View", "Models that are trained, and how they are doing", "school-outline",
               ("Ctrl+4",), checkable=True)

_ACTIONS = (
    ActionSpec("training.new", "Train a Model…", "Training", "Choose what is to be learnt, and from which data",
               "plus-circle-outline", ("Ctrl+Alt+T",)),
    ActionSpec("training.dataset", "Make a Data Set of This Project's Picks…", "Training",
               "Cut records around reviewed picks, check them, and divide them by earthquake", "database-plus-outline"),
    ActionSpec("training.sample", "Try with the Sample Records", "Training",
               "Plan a short run that teaches the shipped picker a network; it needs no data", "flask-outline"),
    ActionSpec("training.open", "Open Run…", "Training", "Add a run file (run.toml) or a run folder to the list",
               "folder-open-outline"),
    ActionSpec("training.folder", "Open Runs Folder", "Training", "Show where runs are kept", "folder-outline"),
    ActionSpec("training.start", "Start or Resume", "Training", "Begin the run, or go on from its last checkpoint",
               "play", separated=True, workspace=TRAINING),
    ActionSpec("training.pause", "Pause", "Training", "End the process and keep everything; resume it later",
               "pause", workspace=TRAINING),
    ActionSpec("training.stop", "Stop and Keep", "Training", "End the run; the best model so far is kept",
               "stop", workspace=TRAINING),
    ActionSpec("training.earlier", "Train Earlier", "Training", "Let the waiting run train before the one before it",
               "arrow-up", workspace=TRAINING),
    ActionSpec("training.use", "Use this Model", "Training",
               "Add the model of the run to your models, and use it for its task", "check-circle-outline",
               workspace=TRAINING),
    ActionSpec("training.evaluate", "Evaluate…", "Training",
               "Measure the model of the run on held-out data, beside others, and show the report", "chart-box-outline",
               workspace=TRAINING),
    ActionSpec("training.change", "Change and Train Again…", "Training", "Open the run file of the run in the wizard",
               "pencil-outline", workspace=TRAINING),
    ActionSpec("training.delete", "Delete…", "Training", "Delete what the run has written", "delete-outline",
               workspace=TRAINING),
)
# fmt: on

ACTIONS = WorkspaceActions(_SHOW, _ACTIONS, ("Training",))
