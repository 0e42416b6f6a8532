from typing import ClassVar

import numpy as np
import pytest
from numba.core.caching import CacheImpl, FunctionCache

from quakeview.simulation.waves.kernels import kernel


def test_where_no_compiled_kernels_can_be_kept_they_are_compiled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nowhere(CacheImpl):
        _locator_classes: ClassVar[list[type]] = []

        def check_cachable(self, _: object) -> bool:
            return True

        reduce = rebuild = check_cachable

    monkeypatch.setattr(FunctionCache, "_impl_class", Nowhere)

    def double(values: np.ndarray) -> None:
        values *= 2

    values = np.ones(2)
    kernel(double)(values)
    np.testing.assert_array_equal(values, 2.0)
