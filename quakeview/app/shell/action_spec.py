"""What is known of actions and workspaces before there is a window."""

from collections.abc import Mapping
from dataclasses import dataclass, field

WidgetKeys = tuple[tuple[tuple[str, ...], str], ...]
"""Keys that a widget handles by itself, and what they do."""


@dataclass(frozen=True)
class ActionSpec:
    """What is known of an action before there is a window.

    Attributes:
        keys: portable key sequences, the first one is shown.
        local: the keys work only in the widgets the action is added to (Space means other things elsewhere).
        separated: a line above it in its menu.
        workspace: where alone it makes sense, as the action that shows the workspace; empty: everywhere. Two actions
            may share a key if they are at home in different workspaces.
        menu: whether it is in the menu of its category; if not, the sheet of keys and the palette have it.
    """

    id: str
    text: str
    category: str
    tip: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    local: bool = False
    checkable: bool = False
    separated: bool = False
    workspace: str = ""
    menu: bool = True


@dataclass(frozen=True)
class WorkspaceActions:
    """The actions of one workspace.

    Attributes:
        show: brings it to the front; its id is that of the workspace.
        actions: its own, in the order of the menus.
        categories: its menus, and groups of keys.
        submenus: those of its menus that are inside another one.
        widget_keys: what its widgets do by themselves, under the name of the widget.
    """

    show: ActionSpec
    actions: tuple[ActionSpec, ...]
    categories: tuple[str, ...]
    submenus: Mapping[str, str] = field(default_factory=dict)
    widget_keys: Mapping[str, WidgetKeys] = field(default_factory=dict)
