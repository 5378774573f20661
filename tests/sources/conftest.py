"""What tests of sources share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.sources.commit import TreeSource
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder


@pytest.fixture
def source(make_registry: Callable[..., RegistryFolder]) -> TreeSource:
    """`base` in three versions, the newest broken, the one before yanked; and a user of it."""
    made = make_registry()
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        made.lay("base", version)
    made.lay("user", "1.0.0", base="^1")
    made.compile()
    folder = made.root / "registry/workflows/base"
    (folder / "1.2.0/workflow.json").write_text("{")
    (folder / "owners.yaml").write_text(
        'owners: [{ login: ada, id: 1 }]\nyanked: { "1.1.0": leaks }\n'
    )
    return TreeSource(FolderTree(made.root))
