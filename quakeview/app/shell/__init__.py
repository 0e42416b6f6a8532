"""The window itself: its frame, menus and keys, welcome page, dialogs, sessions, and what a workspace is."""
