"""The actions of the Models workspace."""

from quakeview.app.shell.action_spec import ActionSpec, WorkspaceActions

MODELS = "view.models"

# fmt: off
_SHOW = ActionSpec(MODELS, "Models", "View", "The models that can be used, and how good they are", "brain",
               ("Ctrl+5",),
               checkable=True)

_ACTIONS = (
    ActionSpec("models.import", "Import Checkpoint…", "Models",
               "Add an official checkpoint (.pth, .pt), or a model that was exported (.zip)", "import"),
    ActionSpec("models.seisbench", "Add SeisBench Picker…", "Models",
               "Download a picker of SeisBench, or add one that SeisBench saved", "cloud-download-outline"),
    ActionSpec("models.folder", "Open Models Folder", "Models", "Show where imported and trained models are kept",
               "folder-outline"),
    ActionSpec("models.use", "Use This Model", "Models",
               "Use the model for its task from now on, here and on the command line", "check", separated=True,
               workspace=MODELS),
    ActionSpec("models.evaluate", "Evaluate…", "Models",
               "Measure the model on held-out data, beside others, and show the report", "chart-box-outline",
               workspace=MODELS),
    ActionSpec("models.speed", "Measure Speed", "Models", "Time the model on this machine", "timer-outline",
               workspace=MODELS),
    ActionSpec("models.check", "Check Weights", "Models", "Compare the weights with the checksum that was kept",
               "shield-check-outline", workspace=MODELS),
    ActionSpec("models.export", "Export Model…", "Models",
               "Write the model for other programs, and run both on the same input", "export", workspace=MODELS),
    ActionSpec("models.rename", "Rename Model…", "Models",
               "Give the model another name; the old one still finds it", "rename-box-outline", workspace=MODELS),
    ActionSpec("models.delete", "Delete Model…", "Models", "Delete the model from the disk", "delete-outline",
               workspace=MODELS),
)
# fmt: on

ON_PAGE = (
    "models.use",
    "models.evaluate",
    "models.speed",
    "models.check",
    "models.export",
    "models.rename",
    "models.delete",
)
"""Buttons on the page of a model, in this order."""

ACTIONS = WorkspaceActions(_SHOW, _ACTIONS, ("Models",))
