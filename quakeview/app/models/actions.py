"""The actions of the Models workspace."""

from quakeview.app.shell.action_spec import ActionSpec, WorkspaceActions

MODELS = "view.models"

# fmt: off
_SHOW = ActionSpec(MODELS, "Models", "View", "The models that can be used, and how good they are", "brain",
               ("Ctrl+4",),
               checkable=True)

_ACTIONS = (
    ActionSpec("models.import", "Import Checkpoint…", "Models", "Add an official checkpoint (.pth, .pt)",
               "import"),
    ActionSpec("models.seisbench", "Add SeisBench Picker…", "Models",
               "Download a picker of SeisBench, or add one that SeisBench saved", "cloud-download-outline"),
    ActionSpec("models.folder", "Open Models Folder", "Models", "Show where imported and trained models are kept",
               "folder-outline"),
)
# fmt: on

ACTIONS = WorkspaceActions(_SHOW, _ACTIONS, ("Models",))
