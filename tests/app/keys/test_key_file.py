"""Keys as a file: there and back, and what is wrong in one."""

import pytest

from quakeview.app.keys.key_file import key_file_text, read_keys
from quakeview.app.keys.scheme import KeyScheme
from quakeview.app.shell.action_spec import ActionSpec
from quakeview.errors import QuakeViewError

A = ActionSpec("a.b", "A", "View", "Does A", keys=("K",))
B = ActionSpec("b", "B", "View", "Does B", keys=("L",))


def test_keys_come_back_with_those_of_a_newer_version(tmp_path):
    scheme = KeyScheme("Snuffler", {"a.b": ("Ctrl+K", "\\", '"'), "of.tomorrow": ("T, 1",), "b": ()})
    path = tmp_path / "keys.toml"
    path.write_text(key_file_text(scheme), encoding="utf-8")
    assert read_keys(path, (A, B)) == scheme


def test_a_key_may_be_written_as_one_likes(tmp_path):
    path = tmp_path / "keys.toml"
    path.write_text('preset = "SAC"\n[keys]\n"a.b" = ["ctrl+shift+k", "pgup"]\n')
    assert read_keys(path, (A, B)).own == {"a.b": ("Ctrl+Shift+K", "PgUp")}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("preset = ", "is not valid TOML"),
        ('preset = "Emacs"\n[keys]\n', "'preset' in .* must be one of QuakeView, .*, not 'Emacs'"),
        ("[keys]\n", "'preset' in .* not None"),
        ('preset = "SAC"\n', r"has no table \[keys\]"),
        ('preset = "SAC"\nkeys = 3\n', r"has no table \[keys\]"),
        ('preset = "SAC"\n[keys]\nb = "K"\n', "'b' in .* must be a list of keys"),
        ('preset = "SAC"\n[keys]\nb = [1]\n', "'b' in .* must be a list of keys"),
        ('preset = "SAC"\n[keys]\nb = ["Ctrl+Foo"]\n', "'Ctrl\\+Foo' of 'b' in .* is no key"),
        ('preset = "SAC"\n[keys]\nb = [""]\n', "'' of 'b' in .* is no key"),
        ('preset = "SAC"\n[keys]\nb = ["!"]\n"a.b" = ["Shift+1"]\n', "gives Shift\\+1 to a.b as well as to b"),
    ],
)
def test_a_damaged_file_is_told_in_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "keys.toml"
    path.write_text(text)
    with pytest.raises(QuakeViewError, match=sentence):
        read_keys(path, (A, B))


def test_a_missing_file_and_a_picture_are_told(tmp_path):
    with pytest.raises(QuakeViewError, match="cannot be read"):
        read_keys(tmp_path / "none.toml", ())
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    with pytest.raises(QuakeViewError, match="is not valid TOML"):
        read_keys(tmp_path / "a.png", ())
