"""A version has at most 200 files and 10 MiB; refused by its sizes, before a byte is read."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding
from registry_tool.rules.file_set import MAX_BYTES, MAX_FILES, FileRule, FileSet


def _check(subject: FileSet) -> Iterator[Finding]:
    if len(subject.files) > MAX_FILES:
        words = f"the version has {len(subject.files)} files, more than {MAX_FILES}"
        yield subject.finding(RULE.id, "", words, "leave out what the workflow does not need")
    total = sum(file.length for file in subject.files.values())
    if total > MAX_BYTES:
        largest = max(subject.files, key=lambda path: (subject.files[path].length, path))
        yield subject.finding(
            RULE.id,
            largest,
            f"the version has {total} bytes, more than {MAX_BYTES}; this is its largest file",
            "keep large files elsewhere and load them from an address",
        )


RULE = FileRule("limits", "At most 200 files and 10 MiB.", _check)
