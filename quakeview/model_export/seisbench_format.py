"""Pickers for SeisBench: weights and description as SeisBench saves them, and where it has no such network, a module.

SeisBench makes a network from a class and fills it with the weights beside the description (``Class.load(path)``). For
pickers that came from SeisBench the class is SeisBench's own. Ours get a class in a small module that is written beside
the weights; it holds the network as TorchScript with its own preparation, and needs PyTorch and SeisBench alone.
"""

import json
import re
import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_export.exporting import description, torchscript
from quakeview.model_export.networks import Portable, portable
from quakeview.model_folders import read_config, read_readme, read_weights
from quakeview.monitoring.seisbench_names import NOT_INSTALLED, SYSTEM
from quakeview.registry import PICKING, ModelCard

_NETWORK = "network.torchscript"
_MODULE = '''"""{name} for SeisBench, exported by QuakeView: {trained_on}.

    import sys; sys.path.insert(0, "this folder")
    from {module} import {kind}
    model = {kind}.load("this folder/{stem}")
    picks = model.classify(stream).picks

Removing the mean, filtering and scaling are part of the network. Licence: {licence}.
"""

from pathlib import Path

import seisbench.util as sbu
import torch
from seisbench.models.base import WaveformModel


class {kind}(WaveformModel):
    _annotate_args = WaveformModel._annotate_args.copy()
    _annotate_args["*_threshold"] = ("Detection threshold for the provided phase", 0.3)
    _annotate_args["overlap"] = (_annotate_args["overlap"][0], {overlap})
    _annotate_args["stacking"] = (_annotate_args["stacking"][0], "{stacking}")

    def __init__(self, **kwargs):
        super().__init__(
            component_order="ZNE",
            sampling_rate={rate},
            in_samples={samples},
            pred_sample=(0, {samples}),
            output_type="array",
            labels=["P", "S"],
            **kwargs,
        )
        self.network = torch.jit.load(Path(__file__).with_name("{network}"), map_location="cpu")

    def forward(self, x):
        return self.network(x)

    def annotate_batch_post(self, batch, piggyback, argdict):
        return batch.transpose(-1, -2)

    def classify_aggregate(self, annotations, argdict):
        picks = sbu.PickList()
        for phase in self.labels:
            threshold = argdict.get(f"{{phase}}_threshold", self._annotate_args["*_threshold"][1])
            curves = annotations.select(channel=f"{{self.__class__.__name__}}_{{phase}}")
            picks += self.picks_from_annotations(curves, threshold, phase)
        return sbu.ClassifyOutput(self.name, picks=sbu.PickList(sorted(picks)))

    def get_model_args(self):
        return {{}}
'''


def write_seisbench(card: ModelCard, folder: Path, progress: Progress) -> Portable:
    """Write the files of a picker into a new folder; return its network, to be compared with.

    Raises:
        QuakeViewError: if the model is no picker, or SeisBench is not installed.
        OSError: if the folder cannot be written.
    """
    if card.task != PICKING:
        raise QuakeViewError(
            f"{card.name} is a {card.task.replace('_', ' ')} model, and SeisBench has pickers alone; export "
            "TorchScript instead."
        )
    if find_spec("seisbench") is None:
        raise QuakeViewError(NOT_INSTALLED)
    network = portable(card)
    progress.advance(1, 4, "Writing the files of SeisBench")
    folder.mkdir()
    (folder / "README.md").write_text(read_readme(card.folder), "utf-8")
    if card.system == SYSTEM:
        section = read_config(card.folder)["network"]
        metadata = {key: section[key] for key in ("model_args", "default_args", "version")}
        weights = read_weights(card.folder)
    else:
        metadata, weights = {"model_args": {}, "default_args": {}, "version": "1"}, _write_class(card, folder, network)
    told = description(card, network.facts)
    docstring = f"Model trained on {card.trained_on or 'data that are not stated'}. {told['exported_by']}."
    metadata |= {"docstring": docstring, "license": told["licence"], "seisbench_requirement": "0.5"}
    torch.save(weights, folder / f"{_stem(card)}.pt")
    (folder / f"{_stem(card)}.json").write_text(json.dumps(metadata, indent=2) + "\n", "utf-8")
    return network


def seisbench_copy(card: ModelCard, folder: Path) -> Any:
    """Load a picker as SeisBench does, and return what runs it on windows, (B, 3, n) to P and S, (B, 2, n)."""
    if card.system == SYSTEM:
        kind = getattr(import_module("seisbench.models"), read_config(card.folder)["network"]["picker"])
    else:
        kind = getattr(_module(folder / f"{_name(card).lower()}.py"), _name(card))
    return _Windows(kind.load(folder / _stem(card)).eval())


class _Windows:
    """SeisBench's own steps of ``annotate`` for windows of one length."""

    def __init__(self, model: Any) -> None:
        from quakeview.monitoring.seisbench_network import ready

        self._ready = ready(model, model.default_args)

    def __call__(self, waveforms: Tensor) -> Tensor:
        data, ready = waveforms.numpy(), self._ready
        valid = np.broadcast_to(np.ptp(data, axis=-1, keepdims=True) > 0, data.shape)
        windows = torch.from_numpy(ready.windowing.prepare(data, valid, ready.sampling_rate))
        curves: Tensor = ready.network(windows)[:, list(ready.phases)]
        return curves


def _write_class(card: ModelCard, folder: Path, network: Portable) -> dict[str, Tensor]:
    """Write the module with the class and its network; return the weights under the names of the class."""
    facts = network.facts
    content, copy = torchscript(network, {})
    (folder / _NETWORK).write_bytes(content)
    module = _MODULE.format(
        name=card.name,
        trained_on=f"trained on {card.trained_on or 'data that are not stated'}".replace("\\", "/").replace('"', "'"),
        licence=card.licence or "not stated",
        module=_name(card).lower(),
        kind=_name(card),
        stem=_stem(card),
        overlap=facts["window_samples"] - facts["hop"],
        stacking="max" if facts["stacking"] == "max" else "avg",
        rate=facts["sampling_rate"],
        samples=facts["window_samples"],
        network=_NETWORK,
    )
    (folder / f"{_name(card).lower()}.py").write_text(module, "utf-8")
    return {f"network.{name}": tensor for name, tensor in copy.state_dict().items()}


def _module(path: Path) -> Any:
    """Import a module from a file, and do not keep it."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def _stem(card: ModelCard) -> str:
    """Return how the files of a model are called."""
    return card.folder.name


def _name(card: ModelCard) -> str:
    """Return the name of a model as that of a class: letters, digits and underscores."""
    name = re.sub(r"\W", "_", card.name, flags=re.ASCII)
    return name if name[0].isalpha() else f"Picker_{name}"
