from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.review.auto_merge.operated import Operated, operating
from tests.conftest import RegistryFolder


@pytest.fixture
def operated(registry: RegistryFolder, tmp_path: Path) -> Iterator[Operated]:
    with operating(registry, tmp_path) as made:
        yield made
