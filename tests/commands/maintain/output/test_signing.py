"""What of an output is signed."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from registry_tool.commands.maintain.output.signing import (
    api_files,
    signed_everything,
    signed_patch,
)
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.store.tree import FolderTree
from tests.security.tuf.test_online import roles, targets

FILES = {
    "api/v1/a.json": b"a",
    "api/v1/packages/b.wfpkg": b"b",
    "index.html": b"c",
    "feed.xml": b"d",
}


def test_documents_and_packages_are_signed_and_pages_are_not() -> None:
    source = OutputSource(FolderTree(Path()), signer=roles())
    output = dict(signed_everything(source, FILES.items(), lambda _: None))
    listed = {path for found in targets(output).values() for path in found}
    assert listed == {"api/v1/a.json", "api/v1/packages/b.wfpkg"}
    assert signed_patch(source, {"index.html": b"new"}, {"feed.xml"}, output.get) == {}
    gone = signed_patch(source, {}, {"api/v1/a.json"}, output.get)
    after = cast(dict[str, bytes], {p: d for p, d in {**output, **gone}.items() if d is not None})
    listed = {path for found in targets(after).values() for path in found}
    assert listed == {"api/v1/packages/b.wfpkg"}


def test_without_a_signer_nothing_is_signed_and_no_file_is_read() -> None:
    source = OutputSource(FolderTree(Path()))
    assert signed_everything(source, api_files(Path("nowhere")), pytest.fail) == {}
    assert signed_patch(source, {"api/v1/a": b""}, set(), pytest.fail) == {}
