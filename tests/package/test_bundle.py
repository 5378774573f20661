"""A bundle: the same bytes for the same versions; anything else in the file is refused when it is opened."""

from __future__ import annotations

import copy
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.digest import digest
from registry_tool.package.build import package_bytes
from registry_tool.package.bundle import Bundle, BundleRoot, bundle_bytes, open_bundle
from registry_tool.package.limits import MAX_BUNDLE, MAX_BUNDLED
from registry_tool.package.open import PackageError, open_package
from registry_tool.resolver.lock import Lock, LockedVersion

CALLER = {"manifest.yaml": b"kind: Workflow\n"}
CALLED = {"manifest.yaml": b"kind: Workflow\n", "docs/README.md": b"# b\n"}
LOCK = Lock({"b": LockedVersion("1.2.0", digest(CALLED), "public")})
ROOT = BundleRoot("a", "1.0.0", digest(CALLER))
BUNDLE = Bundle(ROOT, LOCK, {"a": CALLER, "b": CALLED})
B_PATH = "packages/b/b-1.2.0.wfpkg"
Files = dict[str, bytes]


def entries() -> Files:
    """What lies in the bundle."""
    with zipfile.ZipFile(io.BytesIO(bundle_bytes(BUNDLE))) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_what_is_bundled_is_what_is_opened_and_the_bytes_are_the_same() -> None:
    data = bundle_bytes(BUNDLE)
    found = open_bundle(data, location="x")
    assert (found.root, found.lock, dict(found.files)) == (ROOT, LOCK, {"a": CALLER, "b": CALLED})
    turned = Bundle(ROOT, LOCK, {"b": dict(reversed(CALLED.items())), "a": CALLER})
    assert bundle_bytes(turned) == data
    assert sorted(entries()) == [
        *("bundle.json", "packages/a/a-1.0.0.wfpkg", B_PATH, "workflow.lock"),
    ]


def changed(name: str, change: Callable[[dict[str, object]], object]) -> Files:
    """With another JSON document."""
    files = entries()
    value = json.loads(files[name])
    change(value)
    files[name] = json.dumps(value, indent=2, sort_keys=True).encode() + b"\n"
    return files


def locked(**members: str) -> Files:
    """With other words in the lock about `b`."""
    return changed("workflow.lock", lambda lock: lock["workflows"]["b"].update(members))  # type: ignore[index]


HOSTILE: dict[str, tuple[Callable[[], Files], str]] = {
    "another file": (
        lambda: entries() | {B_PATH: package_bytes({**CALLED, "x": b"y"})},
        "its digest is",
    ),
    "a wrong digest": (lambda: locked(digest=f"sha256:{'0' * 64}"), "its digest is"),
    "no digest": (lambda: locked(digest=""), "has no digest"),
    "a version that leads elsewhere": (lambda: locked(version="../../1"), "'b' "),
    "a name that leads elsewhere": (
        lambda: changed("bundle.json", lambda root: root.update(name="../../a")),
        "'../../a' ",
    ),
    "a path that leads elsewhere": (lambda: entries() | {"../x": b""}, "the path '../x'"),
    "a file that nobody asked for": (lambda: entries() | {"x": b""}, "holds nothing about|about x"),
    "a package less": (
        lambda: {name: data for name, data in entries().items() if name != B_PATH},
        f"lacks {B_PATH}",
    ),
    "no lock": (
        lambda: {name: data for name, data in entries().items() if name != "workflow.lock"},
        "it has no workflow.lock",
    ),
    "no root": (
        lambda: {name: data for name, data in entries().items() if name != "bundle.json"},
        "it has no bundle.json",
    ),
    "a package that is none": (lambda: entries() | {B_PATH: b"PK"}, "not a package"),
    "an unknown member": (
        lambda: changed("bundle.json", lambda root: root.update(more=1)),
        "more is unknown",
    ),
    "itself": (
        lambda: changed(
            "workflow.lock",
            lambda lock: lock["workflows"].update(a=lock["workflows"]["b"]),  # type: ignore[index,attr-defined]
        ),
        "requires itself",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_bundle_is_refused(name: str) -> None:
    make, reason = HOSTILE[name]
    with pytest.raises(RegistryError, match=reason) as error:
        open_bundle(package_bytes(make()), location="evil.wfbundle")
    assert "evil.wfbundle" in error.value.location


def test_an_entry_twice_compressed_or_linked_is_refused() -> None:
    for kind in ("twice", "packed", "link"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for path, data in entries().items():
                entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
                entry.external_attr = (0o120777 if kind == "link" else 0o100644) << 16
                archive.writestr(
                    entry, data, zipfile.ZIP_DEFLATED if kind == "packed" else zipfile.ZIP_STORED
                )
            if kind == "twice":
                with pytest.warns(UserWarning, match="Duplicate"):
                    archive.writestr(entry, data)
        with pytest.raises(PackageError, match=r"duplicate entry|not a plain stored file"):
            open_bundle(buffer.getvalue(), location="x")


def test_a_bundle_that_is_too_large_is_neither_opened_nor_made() -> None:
    with pytest.raises(PackageError, match="larger than"):
        open_bundle(b"\0" * (MAX_BUNDLE + 1), location="x")
    names = [f"n{number}" for number in range(MAX_BUNDLED)]
    many = Lock(dict.fromkeys(names, LOCK.workflows["b"]))
    held = Bundle(ROOT, many, {"a": CALLER, **dict.fromkeys(names, CALLED)})
    with pytest.raises(PackageError, match="larger than"):
        bundle_bytes(held)


def test_entries_that_share_their_bytes_cost_nothing() -> None:
    """A small file in which a hundred entries are all the same large one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("0", (1980, 1, 1, 0, 0, 0))
        entry.create_system, entry.external_attr = 3, 0o100644 << 16
        archive.writestr(entry, bytes(2**20))
        for number in range(1, 60):
            other = copy.copy(entry)
            other.filename = str(number)
            archive.filelist.append(other)
            archive.NameToInfo[other.filename] = other
    tracemalloc.start()
    for opened in (open_bundle, open_package):
        with pytest.raises(PackageError, match="hold more than the file does"):
            opened(buffer.getvalue(), location="x")
    assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    tracemalloc.stop()
