"""What of an output is signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from registry_tool.commands.maintain.build_mark import Mark, read_mark
from registry_tool.commands.maintain.output.increment import Previous, patch_between
from registry_tool.commands.maintain.output.signing import (
    api_files,
    signed_everything,
    signed_patch,
)
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.output_folder import MARK, count_files
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
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


def test_an_output_that_shows_all_is_only_signed_again_when_that_is_due() -> None:
    tree = GitTree(cast(Repository, None), "a" * 40)
    source = OutputSource(tree, "a" * 40, "a" * 40, signer=roles())
    output = dict(signed_everything(source, FILES.items(), lambda _: None))
    mark = Mark("r", "a" * 40, "a" * 40, "", "t", "c", "s", "s", signed="8 bins")
    mark = mark.with_count(count_files(output), sum(map(len, output.values())))
    later = replace(source, signer=roles(timedelta(days=1)))
    found = []
    for asked in (source, later):
        expected: list[str] = []
        previous = Previous(output.get, expected.extend)
        patch = patch_between(asked, previous, mark, replace(mark, files=0, paths="", size=0))
        assert patch
        assert all(path.startswith("tuf/") for path in expected)
        found.append(patch)
    for lost in (path for path in output if "snapshot" in path or "timestamp" in path):
        rest = {path: data for path, data in output.items() if path != lost}
        assert source.signer
        assert source.signer.is_due(rest.get)
        wanted = replace(mark, files=0, paths="", size=0)
        assert patch_between(source, Previous(rest.get), mark, wanted) is None
    assert not found[0].writes
    assert sorted(path.split(".", 1)[-1] for path in found[1].writes) == [
        *("json", "registry-build.json", "snapshot.json"),
    ]
    after = read_mark(found[1].writes[MARK])
    assert after
    assert (after.count.files, len(found[1].removes)) == (len(output), 1)


def test_without_a_signer_nothing_is_signed_and_no_file_is_read() -> None:
    source = OutputSource(FolderTree(Path()))
    assert signed_everything(source, api_files(Path("nowhere")), pytest.fail) == {}
    assert signed_patch(source, {"api/v1/a": b""}, set(), pytest.fail) == {}
