"""Only plain files: no symbolic link, submodule, executable, or stand-in for a file kept elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry_tool.core.archives import archive_kind
from registry_tool.core.finding import Finding
from registry_tool.rules.file_set import REGULAR_MODE, FileRule, FileSet

_KINDS = {
    "120000": ("a symbolic link", "put the file itself here"),
    "160000": ("a submodule", "put the files themselves here"),
    "100755": ("executable", "git update-index --chmod=-x"),
}
_LFS = re.compile(
    rb"\s*version (https?://git-lfs\.github\.com/spec/|http://git-media\.io/v/|https?://hawser\.github\.com/spec/)"
)
"""The first line of a pointer, of old versions too: https://github.com/git-lfs/git-lfs/blob/main/lfs/pointer.go."""


def _check(subject: FileSet) -> Iterator[Finding]:
    for path, file in sorted(subject.files.items()):
        if file.mode != REGULAR_MODE:
            kind, help_ = _KINDS.get(file.mode, (f"of mode {file.mode}", "use mode 100644"))
            yield subject.finding(RULE.id, path, f"the file is {kind}", help_)
        elif _LFS.match(file.content):
            yield subject.finding(
                RULE.id,
                path,
                "the file is a Git LFS pointer, not its content",
                "git lfs untrack it and commit the content",
            )
        elif kind := archive_kind(file.content):
            yield subject.finding(
                RULE.id,
                path,
                f"the file is an archive ({kind}), in which others hide",
                "put what it holds here as files",
            )


RULE = FileRule("regular-files", "Only plain files.", _check)
