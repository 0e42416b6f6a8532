"""Which keys actions have under each preset, and with one's own over them."""

from itertools import combinations

import pytest

from quakeview.app.keys.scheme import PRESETS, KeyScheme, clash, moved_aside, names_of
from quakeview.app.shell.action_spec import ActionSpec
from quakeview.app.shell.actions import ACTIONS

A = ActionSpec("a", "A", "View", "Does A", keys=("K",), workspace="one")
B = ActionSpec("b", "B", "View", "Does B", keys=("L", "M"), workspace="one")
ELSEWHERE = ActionSpec("c", "C", "View", "Does C", keys=("K",), workspace="two")


@pytest.mark.parametrize("preset", PRESETS)
def test_no_key_means_two_things(preset):
    keys = KeyScheme(preset).keys(ACTIONS)
    pressed = [(spec, key) for spec in ACTIONS for key in keys[spec.id]]
    assert [(a.id, x, b.id, y) for (a, x), (b, y) in combinations(pressed, 2) if clash(a, x, b, y)] == []


@pytest.mark.parametrize("preset", PRESETS)
def test_what_has_a_key_has_one_under_every_preset(preset):
    keys = KeyScheme(preset).keys(ACTIONS)
    assert [spec.id for spec in ACTIONS if spec.keys and not keys[spec.id]] == []


def test_presets_name_actions_that_exist():
    known = {spec.id for spec in ACTIONS}
    assert {name: set(preset.keys) - known for name, preset in PRESETS.items() if set(preset.keys) - known} == {}


def test_an_own_key_is_taken_from_the_action_that_has_it():
    keys = KeyScheme(own={"a": ("M",)}).keys((A, B, ELSEWHERE))
    assert keys == {"a": ("M",), "b": ("L",), "c": ("K",)}


def test_who_loses_all_keys_has_one_aside():
    keys = KeyScheme(own={"b": ("K",)}).keys((A, B, ELSEWHERE))
    assert keys == {"a": ("Ctrl+Alt+K",), "b": ("K",), "c": ("K",)}
    assert moved_aside("Alt+Shift+F5") == "Ctrl+Alt+Shift+F5"


def test_a_key_aside_is_taken_from_nobody():
    other = ActionSpec("d", "D", "View", "Does D", keys=("Ctrl+Alt+K",))
    keys = KeyScheme(own={"b": ("K",)}).keys((A, B, other))
    assert keys == {"a": (), "b": ("K",), "d": ("Ctrl+Alt+K",)}


def test_an_action_may_have_no_key_at_all():
    assert KeyScheme(own={"a": ()}).keys((A, B))["a"] == ()


def test_an_unknown_preset_is_ours_and_unknown_ids_do_no_harm():
    scheme = KeyScheme("Emacs", {"of.tomorrow": ("K",)})
    assert scheme.keys((A, B)) == {"a": ("K",), "b": ("L", "M")}


@pytest.mark.parametrize(
    ("key", "other", "clashes"),
    [
        ("T", "T, 1", True),
        ("T, 2", "T, 1", False),
        ("Shift+1", "!", True),
        ("Ctrl+Shift+1", "Ctrl+!", True),
        (",", ".", False),
    ],
)
def test_keys_clash_that_begin_alike_or_have_two_names(key, other, clashes):
    assert clash(A, key, B, other) == clashes == clash(B, other, A, key)
    assert not clash(A, key, ELSEWHERE, other)


def test_a_digit_with_shift_has_the_names_of_other_keyboards():
    assert names_of("Ctrl+Shift+1") == ["Ctrl+Shift+1", "Ctrl+!", "Ctrl+Shift+!"]
    assert names_of("Shift+F1") == ["Shift+F1"]
