"""The signatures over an output: every document and package of its API, in metadata below `tuf/`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path

from registry_tool.api.layout import ROOT
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.commands.maintain.output.state import Expect, Read
from registry_tool.core.output_folder import entries

_PREFIX = f"{ROOT}/"


def signed_everything(
    source: OutputSource, files: Iterable[tuple[str, bytes]], read: Read
) -> Mapping[str, bytes]:
    """The metadata of an output with these files; none where nothing signs it. `read` gives the earlier output."""
    if source.signer is None:
        return {}
    from registry_tool.security.tuf.online import SignedFile

    listed = (
        (path, SignedFile(len(data), hashlib.sha256(data).hexdigest()))
        for path, data in files
        if path.startswith(_PREFIX)
    )
    return source.signer.everything(listed, read)


def signed_patch(
    source: OutputSource,
    writes: Mapping[str, bytes],
    removes: Set[str],
    read: Read,
    expect: Expect = lambda _: None,
) -> Mapping[str, bytes | None]:
    """The metadata that an output lacks after these changes, None for what goes."""
    if source.signer is None:
        return {}
    from registry_tool.security.tuf.online import SignedFile

    changes: dict[str, SignedFile | None] = {
        path: SignedFile(len(data), hashlib.sha256(data).hexdigest())
        for path, data in writes.items()
        if path.startswith(_PREFIX)
    }
    changes |= {path: None for path in removes if path.startswith(_PREFIX)}
    return source.signer.patch(changes, read, expect)


def api_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of the files of an output's API, by path."""
    for path in sorted(path for path, plain in entries(folder / ROOT) if plain):
        yield f"{_PREFIX}{path}", (folder / ROOT / path).read_bytes()
