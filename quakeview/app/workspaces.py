"""The workspaces, in the order of the rail; a new one adds its line here.

Files are offered to the last one first. The first one takes whatever no other has taken.
"""

from quakeview.app.models.plug import ModelsPlug
from quakeview.app.seismicity.plug import SeismicityPlug
from quakeview.app.shell.plug import WorkspacePlug
from quakeview.app.training.plug import TrainingPlug
from quakeview.app.wavefield.plug import WavefieldPlug
from quakeview.app.waveforms.plug import WaveformsPlug

PLUGS: tuple[type[WorkspacePlug], ...] = (WaveformsPlug, WavefieldPlug, SeismicityPlug, TrainingPlug, ModelsPlug)
