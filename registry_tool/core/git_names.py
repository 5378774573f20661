"""Names that git obeys or that some system takes for its folder, in whatever spelling.

HFS+ ignores some characters, NTFS drops trailing dots and blanks, knows streams (`name:stream`) and short names
(`git~1`): git's own list is in https://github.com/git/git/blob/master/path.c (is_ntfs_dotgit, is_hfs_dotgit).
"""

from __future__ import annotations

import unicodedata

_IGNORED = frozenset({"Cf", "Mn", "Cc"})
"""Categories of characters that show nothing by themselves; HFS+ ignores some of the first."""

_FILES = frozenset({".gitmodules", ".gitattributes", ".gitignore"})
_SHORT = ("gi7eba~", "gi7d29~", "gi250a~")
"""What NTFS may call `.gitmodules`, `.gitattributes` and `.gitignore` where `gitmod~1` and the like are taken."""


def folded_name(name: str) -> str:
    """A name as the most forgiving file system reads it: no ignorable characters, one case, compatibility form."""
    bare = "".join(c for c in name if unicodedata.category(c) not in _IGNORED)
    folded = unicodedata.normalize("NFKC", bare).casefold()
    return folded.split(":", 1)[0].rstrip(". ")


def is_git_folder(name: str) -> bool:
    """True for what some system takes for `.git`."""
    return folded_name(name) in {".git", "git~1"}


def is_git_file(name: str) -> bool:
    """True for what some system takes for a file that git reads: `.gitmodules`, `.gitattributes`, `.gitignore`."""
    seen = folded_name(name)
    return seen in _FILES or seen.startswith(("gitmod~", "gitatt~", "gitign~", *_SHORT))


def is_special_to_git(name: str) -> bool:
    """True for what some system takes for a name that git obeys: `.git`, `.gitattributes`, `.gitmodules` …"""
    return folded_name(name).startswith((".git", "git~", "gitmod~", "gitatt~", "gitign~", *_SHORT))
