"""The workspaces, in the order of the rail. A new one adds its line here; the last asked takes any file."""

from quakeview.app.models.plug import ModelsPlug
from quakeview.app.plug import WorkspacePlug
from quakeview.app.wavefield.plug import WavefieldPlug
from quakeview.app.waveforms.plug import WaveformsPlug

PLUGS: tuple[type[WorkspacePlug], ...] = (WaveformsPlug, WavefieldPlug, ModelsPlug)
