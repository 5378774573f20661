from __future__ import annotations

import pytest

from tests.e2e.scratch import Scratch


@pytest.fixture(scope="session")
def shared_scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """One scratch repository for cases that leave its branch main as it is."""
    return Scratch(tmp_path_factory.mktemp("scratch"))
