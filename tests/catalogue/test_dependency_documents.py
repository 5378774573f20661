"""Dependencies are one document, or parts of which a publish rewrites a few."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from registry_tool.catalogue import dependency_documents
from registry_tool.catalogue.dependency_documents import (
    DEPENDENCIES,
    PARTS,
    POINTER,
    dependency_path,
    is_part,
)
from registry_tool.catalogue.dependency_documents import dependency_documents as documents
from registry_tool.commands.maintain.index import index
from registry_tool.core.files import read_json
from tests.conftest import RegistryFolder

REQUIRES = {name: {"1.0.0": {}} for name in ("a", "b", "c")}
DEPENDENTS = {"a": ["b:1.0.0"], "elsewhere": ["c:1.0.0"]}


def test_they_are_one_document_up_to_a_bound() -> None:
    found = dict(documents(REQUIRES, DEPENDENTS, 20_000))  # type: ignore[arg-type]
    assert found == {DEPENDENCIES: {"requires": REQUIRES, "dependents": DEPENDENTS}}


def test_beyond_it_each_workflow_is_reported_in_the_part_of_its_name() -> None:
    paths = []
    requires: dict[str, object] = {}
    dependents: dict[str, object] = {}
    for path, document in documents(REQUIRES, DEPENDENTS, 20_001):  # type: ignore[arg-type]
        paths.append(path)
        if path == DEPENDENCIES:
            assert document == POINTER
            continue
        for key, whole in (("requires", requires), ("dependents", dependents)):
            for name, message in document[key].items():  # type: ignore[union-attr]
                assert path == f"{PARTS}/{sha256(name.encode()).hexdigest()[:2]}.json"
                assert path == dependency_path(name, parts=True)
                whole[name] = message
    assert (requires, dependents) == (REQUIRES, DEPENDENTS)
    assert paths == sorted(paths)


@pytest.mark.parametrize(
    ("path", "keys", "is_one"),
    [
        (f"{PARTS}/00.json", {"dependents", "requires"}, True),
        (f"{PARTS}/notes.json", {"dependents"}, False),
        (DEPENDENCIES, {"dependents", "requires"}, False),
    ],
)
def test_a_part_is_distinguished_from_what_lies_beside(
    path: str, keys: set[str], is_one: bool
) -> None:
    assert is_part(path, keys) is is_one


def test_index_writes_parts_and_takes_them_away_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = RegistryFolder(tmp_path / "registry", git=False)
    registry.lay("b", "1.0.0")
    registry.add("a", "1.0.0", b="^1.0.0")
    root = registry.root
    monkeypatch.setattr(dependency_documents, "WHOLE", 1)
    index(root)
    assert read_json(root / DEPENDENCIES) == POINTER
    of_a = read_json(root / dependency_path("a", parts=True))
    assert of_a["requires"]["a"] == {"1.0.0": {"b": "^1.0.0"}}
    assert read_json(root / dependency_path("b", parts=True))["dependents"] == {"b": ["a:1.0.0"]}
    beside = root / PARTS / "notes.json"
    beside.write_text("{}")
    monkeypatch.undo()
    result = index(root)
    assert dependency_path("a", parts=True) in result.stale
    assert [path.name for path in (root / PARTS).iterdir()] == ["notes.json"]
    assert read_json(root / DEPENDENCIES)["dependents"] == {"b": ["a:1.0.0"]}
    assert index(root, check_only=True).stale == ()
