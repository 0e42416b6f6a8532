"""Replacing a file keeps what surrounds its content."""

import errno
import os
from pathlib import Path

import pytest

from quakeview.atomic import put_new, write_atomically, written_whole
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


def test_what_was_there_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"old")

    def fill_the_disk(part: Path) -> None:
        part.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(QuakeViewError, match="No space left"), written_whole(path) as part:
        fill_the_disk(part)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["film.mp4"]


@pytest.mark.parametrize("links", [True, False])
def test_a_new_name_is_never_that_of_another_file(tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    part, path = tmp_path / ".part", tmp_path / "new"
    part.write_bytes(b"first")
    put_new(part, path)
    part.write_bytes(b"second")
    with pytest.raises(FileExistsError):
        put_new(part, path)
    assert path.read_bytes() == b"first"
