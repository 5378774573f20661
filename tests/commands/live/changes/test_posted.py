"""What was posted: manifests alone, with packages, and with what is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry_tool.commands.live.changes.posted import UnfitPackageError, posted_version
from registry_tool.core.finding import FindingsError
from registry_tool.package.build import package_bytes
from tests.conftest import MANIFEST

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TEXT = MANIFEST.replace("NAME", "hello").replace("VERSION", "1.0.0").replace("REQUIRES", "[]")
UNDATED = TEXT.replace('  updated: "2024-01-01T00:00:00Z"\n', "").encode()


def test_a_manifest_alone_is_dated_and_stays_the_same_version() -> None:
    first = posted_version(UNDATED, None, NOW)
    assert sorted(first.files) == ["manifest.yaml", "workflow.json"]
    assert b'created: "2026-03-01T12:00:00Z"' in first.files["manifest.yaml"]
    later = posted_version(UNDATED, None, NOW + timedelta(days=1))
    assert later.digest != first.digest
    assert later.dated_like(first.files["manifest.yaml"]).digest == first.digest
    plain = later.dated_like(UNDATED)
    assert plain.files["manifest.yaml"] == UNDATED


def test_a_package_is_the_whole_version() -> None:
    files = {"manifest.yaml": UNDATED, "docs/README.md": b"# hello\n"}
    posted = posted_version(UNDATED, package_bytes(files), NOW)
    assert posted.files == files
    assert posted.dated_like(TEXT.encode()) is posted
    for package in (b"", b"PK", package_bytes({"manifest.yaml": TEXT.encode()})):
        with pytest.raises(UnfitPackageError):
            posted_version(UNDATED, package, NOW)


@pytest.mark.parametrize("text", [b"", b"a: [", b"\xff", b"x" * (2**18 + 1),
                                  TEXT.replace("hello", "../x").encode(),
                                  TEXT.replace('"1.0.0"', '"1.0.0/.."').encode()])  # fmt: skip
def test_what_is_no_manifest_is_a_finding(text: bytes) -> None:
    with pytest.raises(FindingsError) as caught:
        posted_version(text, None, NOW)
    assert all(finding.path == "manifest.yaml" for finding in caught.value.findings)
