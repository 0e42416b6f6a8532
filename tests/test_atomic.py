"""Replacing a file keeps what surrounds its content."""

from pathlib import Path

import pytest

from quakeview.atomic import write_atomically
from quakeview.errors import QuakeViewError


def test_a_replaced_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == [link, target]


def test_a_new_file_is_as_public_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write_atomically(tmp_path / "new", b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("name", ["folder", "missing/file", "x" * 300])
def test_impossible_places_leave_nothing_behind(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(QuakeViewError, match="could not be written"):
        write_atomically(tmp_path / name, b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
