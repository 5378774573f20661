"""What lies in a registry's tree is signed by the job's key, or the job says what is missing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from registry_tool.commands.maintain.trust.metadata import has_root, offline_roles, signer_of
from registry_tool.core.clock import FixedClock
from registry_tool.core.errors import RegistryError
from registry_tool.store.tree import FolderTree
from tests.security.tuf.test_offline import KEYS, NOW, first_roles, policy, signed


def tree(root: Path, *signers: int) -> FolderTree:
    roles = signed(first_roles(policy(), NOW), *signers)
    (root / "registry/tuf").mkdir(parents=True)
    (root / "registry/tuf/1.root.json").write_bytes(roles.roots[0])
    (root / "registry/tuf/targets.json").write_bytes(roles.targets)
    return FolderTree(root)


def test_a_registry_without_a_root_signs_nothing(tmp_path: Path) -> None:
    empty = FolderTree(tmp_path)
    assert not has_root(empty)
    assert offline_roles(empty) is None
    assert signer_of(empty, "", FixedClock(NOW)) is None


def test_one_with_a_root_signs_by_its_own_key_alone(tmp_path: Path) -> None:
    found = tree(tmp_path, 0, 1)
    online, other = KEYS[3][0].decode(), KEYS[2][0].decode()
    signer = signer_of(found, other + online, FixedClock(NOW))
    assert signer is not None
    assert signer.identity == "4 bins"
    for key, reason in (("", "the online key isn't here"), (other, "no key that the root names")):
        with pytest.raises(RegistryError, match=reason):
            signer_of(found, key, FixedClock(NOW))
    with pytest.raises(RegistryError, match="expired"):
        signer_of(found, online, FixedClock(NOW + timedelta(days=366)))


def test_a_root_that_lacks_signatures_signs_nothing(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="lacks 1 signatures") as raised:
        signer_of(tree(tmp_path, 0), KEYS[3][0].decode(), FixedClock(NOW))
    assert raised.value.location == "registry/tuf/1.root.json"
