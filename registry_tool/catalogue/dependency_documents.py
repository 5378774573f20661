"""`registry/metadata/dependencies.json`: what every version requires, and who requires a workflow.

It is one document up to `WHOLE` versions. Beyond, a publish would rewrite megabytes for one line: then it says
only where the parts are, `registry/metadata/dependencies/<xx>.json`, and each holds the workflows whose name's
SHA-256 begins with these two digits. Nothing in the tool reads either; ranges are in the sparse index, and
dependents one file a workflow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from registry_tool.core.values import Object
from registry_tool.store import paths

WHOLE: Final = 20_000
"""Versions that one document holds: some 8 MB."""
DEPENDENCIES: Final = f"{paths.METADATA}/dependencies.json"
PARTS: Final = f"{paths.METADATA}/dependencies"
POINTER: Final[Object] = {
    "parts": f"{PARTS}/<xx>.json",
    "xx": "the first two hexadecimal digits of the SHA-256 of the workflow's name",
}
KEYS: Final = frozenset({"dependents", "requires"})


def is_in_parts(versions: int) -> bool:
    """Whether a registry of so many versions has its dependencies in parts."""
    return versions > WHOLE


def dependency_path(name: str, *, parts: bool) -> str:
    """The document that tells of a workflow."""
    return f"{PARTS}/{sha256(name.encode()).hexdigest()[:2]}.json" if parts else DEPENDENCIES


def dependency_documents(
    requires: Object, dependents: Object, versions: int
) -> Iterator[tuple[str, Object]]:
    """(path, document), sorted by path; `requires` and `dependents` are given by workflow name."""
    if not is_in_parts(versions):
        yield DEPENDENCIES, {"requires": requires, "dependents": dependents}
        return
    yield DEPENDENCIES, POINTER
    required, needed = _by_path(requires), _by_path(dependents)
    for path in sorted({*required, *needed}):
        yield path, {"requires": required.get(path, {}), "dependents": needed.get(path, {})}


def _by_path(of: Object) -> dict[str, Object]:
    found: dict[str, Object] = {}
    for name, value in of.items():
        found.setdefault(dependency_path(name, parts=True), {})[name] = value
    return found


def is_part(path: str, keys: Iterable[str]) -> bool:
    """Whether a document at a path, with these keys, is a part that was written here."""
    return path.startswith(f"{PARTS}/") and set(keys) == KEYS
