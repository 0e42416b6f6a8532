"""``python -m quakeview`` is the ``quakeview`` command."""

from quakeview.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
