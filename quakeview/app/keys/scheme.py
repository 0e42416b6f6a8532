"""Which keys every action has in the end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from quakeview.app.keys.preset import Preset
from quakeview.app.keys.sac import SAC
from quakeview.app.keys.scolv import SCOLV
from quakeview.app.keys.snuffler import SNUFFLER
from quakeview.app.shell.action_spec import ActionSpec

OURS = "QuakeView"
PRESETS: dict[str, Preset] = {preset.name: preset for preset in (Preset(OURS, {}), SCOLV, SNUFFLER, SAC)}
_SIGNS = dict(zip("12345", "!@#$%", strict=True))
"""What some keyboards, input methods and remote desktops say instead of a digit with Shift."""
_DIGITS = {sign: digit for digit, sign in _SIGNS.items()}
_Keys = tuple[str, ...]


@dataclass(frozen=True)
class KeyScheme:
    """The keys of a preset, with one's own over them.

    Attributes:
        preset: a name of ``PRESETS``; ours for any other.
        own: keys that were chosen by hand, by the id of the action; none at all if that was chosen. Ids that nothing
            has, such as those of a newer version, are kept.
    """

    preset: str = OURS
    own: Mapping[str, _Keys] = field(default_factory=dict)

    def keys(self, specs: Iterable[ActionSpec]) -> dict[str, _Keys]:
        """Of each action, by its id.

        One's own keys are taken from whatever the preset gives them to, those of a preset from whatever has them
        otherwise. What loses all of its keys so has the first one with Ctrl+Alt, if nothing else has that.
        """
        specs = tuple(specs)
        theirs = PRESETS.get(self.preset, PRESETS[OURS]).keys
        known: dict[str, _Keys] = {}
        lost: list[tuple[ActionSpec, str]] = []
        for layer in (self.own, theirs, {spec.id: spec.keys for spec in specs}):
            taken = _pressed(specs, known)
            for spec in specs:
                if spec.id in layer and spec.id not in known:
                    known[spec.id] = _free(spec, layer[spec.id], taken)
                    lost += [(spec, key) for key in layer[spec.id][:1] if not known[spec.id]]
        for spec, key in lost:
            known[spec.id] = _free(spec, (moved_aside(key),), _pressed(specs, known))
        return known


def _pressed(specs: Iterable[ActionSpec], known: Mapping[str, _Keys]) -> list[tuple[ActionSpec, str]]:
    """Every key that means something, with its action."""
    return [(spec, key) for spec in specs for key in known.get(spec.id, ())]


def _free(spec: ActionSpec, keys: _Keys, taken: Iterable[tuple[ActionSpec, str]]) -> _Keys:
    """Those of the keys that nothing else has."""
    return tuple(key for key in keys if not any(clash(spec, key, *other) for other in taken))


def clash(spec: ActionSpec, key: str, other: ActionSpec, other_key: str) -> bool:
    """Whether a key would mean two actions, or one is the beginning of the other."""
    first, second = _strokes(key), _strokes(other_key)
    length = min(len(first), len(second))
    same = first[:length] == second[:length] and spec.id != other.id
    return same and (spec.workspace == other.workspace or not (spec.workspace and other.workspace))


def same_key(key: str, other: str) -> bool:
    """Whether two names are those of one key."""
    return _strokes(key) == _strokes(other)


def moved_aside(key: str) -> str:
    """What a key becomes for an action that has lost it."""
    bare = _strokes(key)[-1].replace("Ctrl+", "").replace("Alt+", "")
    return f"Ctrl+Alt+{bare}"


def _strokes(key: str) -> list[str]:
    """The strokes of a key sequence, each under one name."""
    return [_with_digit(stroke) for stroke in key.split(", ")]


def _with_digit(stroke: str) -> str:
    """``Shift+1`` for ``!``, and every other stroke as it is."""
    digit = _DIGITS.get(stroke[-1])
    return stroke if digit is None else f"{stroke[:-1].removesuffix('Shift+')}Shift+{digit}"


def names_of(key: str) -> list[str]:
    """A key as it is and, if it is a digit with Shift, under the other names that keyboards have for it."""
    modifiers, _, digit = key.rpartition("Shift+")
    sign = _SIGNS.get(digit) if "Shift+" in key else None
    return [key] if sign is None else [key, f"{modifiers}{sign}", f"{modifiers}Shift+{sign}"]
