"""Paths that every system can store, and no two that some system takes for one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from registry_tool.core.files import unsafe_path
from registry_tool.core.finding import Finding
from registry_tool.core.git_names import is_special_to_git
from registry_tool.core.path_clashes import folded
from registry_tool.rules.file_set import FileRule, FileSet

_LONGEST = 200


def _check(subject: FileSet) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for path in sorted(subject.files):
        if reason := _wrong(path):
            yield subject.finding(RULE.id, path, f"the path {reason}", "rename the file")
            continue
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            prefix = "/".join(parts[:length])
            other = seen.setdefault(folded(prefix), prefix)
            if other != prefix:
                words = (
                    f"{prefix} and {other} are one path on systems that ignore case or Unicode form"
                )
                yield subject.finding(RULE.id, path, words, "rename one of them")
                break


def _wrong(path: str) -> str:
    try:
        path.encode()
    except UnicodeEncodeError:
        return "is not UTF-8"
    if reason := unsafe_path(path):
        return reason
    if len(path) > _LONGEST:
        return f"has {len(path)} characters, more than {_LONGEST}"
    if unicodedata.normalize("NFC", path) != path:
        return "is not in Unicode form NFC"
    for part in path.split("/"):
        if is_special_to_git(part):
            return "has a part that git obeys"
        if part.startswith("."):
            return "has a part that begins with a dot, as what tools obey where they find it"
    return ""


RULE = FileRule("file-paths", "Paths that every system can store.", _check)
