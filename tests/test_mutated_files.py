import random
from pathlib import Path

import pytest

from tests.mutations import mutate, open_and_use, seeds

FILES = 300


@pytest.mark.filterwarnings("ignore")
def test_no_damaged_file_is_more_than_a_sentence(tmp_path: Path) -> None:
    """The benchmark ``mutated-files`` does this ten thousand times."""
    files = seeds()
    outcomes = set()
    for number in range(FILES):
        rng = random.Random(number)
        seed = files[number % len(files)]
        path = tmp_path / seed.name
        path.write_bytes(mutate(seed.content, rng))
        outcomes.add(open_and_use(seed, path, rng))
    assert outcomes == {"opened", "refused"}
