"""Real data and reference vectors that are not part of the repository; tests that want them skip without them."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("QUAKEVIEW_SHARED", Path(__file__).resolve().parents[2] / "shared"))

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not beside the checkout")
