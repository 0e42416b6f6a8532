"""What the window needs of the operating system: a display, and the libraries Qt links to on Linux."""

import ctypes
import os
import sys
from typing import NamedTuple


class SystemLibrary(NamedTuple):
    """A shared library and the packages that hold it on Debian/Ubuntu and on Fedora."""

    soname: str
    debian: str
    fedora: str


_QT = (
    SystemLibrary("libEGL.so.1", "libegl1", "libglvnd-egl"),
    SystemLibrary("libGL.so.1", "libgl1", "libglvnd-glx"),
    SystemLibrary("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    SystemLibrary("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
    SystemLibrary("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    SystemLibrary("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
)
_X11 = (
    SystemLibrary("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb"),
    SystemLibrary("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    SystemLibrary("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    SystemLibrary("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    SystemLibrary("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    SystemLibrary("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    SystemLibrary("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    SystemLibrary("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    SystemLibrary("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    SystemLibrary("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    SystemLibrary("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
)


def why_no_window() -> str | None:
    """One sentence if a window cannot open here, None if it can. Qt itself would abort the process."""
    if not sys.platform.startswith("linux"):
        return None
    if not has_display():
        return (
            "There is no display to open a window on; start QuakeView on a desktop, through 'ssh -X', or use "
            "'quakeview pick', which needs none."
        )
    if missing := missing_libraries():
        return f"The window needs libraries that this system lacks: {installation_advice(missing)}."
    if _draws_through_x11() and not _display_answers():
        return f"The display {os.environ['DISPLAY']} does not answer; check DISPLAY, or your 'ssh -X' connection."
    return None


def has_display() -> bool:
    """Whether Qt has, or needs none of, a display. Only Linux can lack one."""
    if not sys.platform.startswith("linux") or not _draws_on_screen():
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing_libraries() -> list[SystemLibrary]:
    """Those that Qt would not find; X11's count only where Qt would draw through X11."""
    if not sys.platform.startswith("linux"):
        return []
    return [library for library in (*_QT, *(_X11 if _draws_through_x11() else ())) if not _loads(library.soname)]


def installation_advice(libraries: list[SystemLibrary]) -> str:
    """The commands that install them."""
    debian = " ".join(dict.fromkeys(library.debian for library in libraries))
    fedora = " ".join(dict.fromkeys(library.fedora for library in libraries))
    return f"'sudo apt install {debian}' on Debian and Ubuntu, 'sudo dnf install {fedora}' on Fedora"


def _draws_on_screen() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    return platform not in ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")


def _draws_through_x11() -> bool:
    return _draws_on_screen() and not os.environ.get("WAYLAND_DISPLAY")


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _display_answers() -> bool:
    """Whether the X server named by DISPLAY accepts a connection."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return answers
