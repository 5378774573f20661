"""Which folders may be replaced or filled: nothing that somebody else put there is ever removed.

Folders are compared by what they are, not by how they are spelled: links, other spellings and letter case lead to
the same one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import read_json
from registry_tool.core.links import resolved
from registry_tool.core.values import Object

MARK: Final = ".registry-build.json"
"""The file at an output's root that says which registry it shows, and which files it has."""
_HINT: Final = "name a folder that is new or empty, such as build/site"
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class FileCount:
    """How many files, and a digest of their paths that doesn't depend on their order.

    The digest is the sum of the paths' SHA-256 modulo 2^256: a patch can add and take away paths without
    reading the rest.
    """

    files: int
    paths: str

    def plus(self, other: FileCount) -> FileCount:
        """Of both together, where they share no path."""
        return FileCount(self.files + other.files, _sum(self.paths, other.paths, 1))

    def minus(self, other: FileCount) -> FileCount:
        """Without another's, which are all among these."""
        return FileCount(self.files - other.files, _sum(self.paths, other.paths, -1))

    def to_value(self) -> Object:
        """As the mark holds it."""
        return {"files": self.files, "paths": self.paths}


def _sum(one: str, other: str, sign: int) -> str:
    return f"{(int(one, 16) + sign * int(other, 16)) % 2**256:064x}"


def count_files(paths: Iterable[str]) -> FileCount:
    """The count of relative paths with `/`; the mark itself is left out."""
    number = total = 0
    for path in paths:
        if path != MARK:
            number += 1
            digest = hashlib.sha256(os.fsencode(path)).digest()
            total = (total + int.from_bytes(digest)) % 2**256
    return FileCount(number, f"{total:064x}")


def demand_output(folder: Path, registry: str, keep: Iterable[Path] = ()) -> None:
    """`UsageError` unless `folder` may be replaced by an output of the registry with this name.

    It may where it is new, empty, or carries the mark of an earlier output of that registry, and neither is nor
    holds one of `keep`, the working directory, a home or a repository.
    """
    demand_place(folder, keep)
    if _is_free(folder):
        return
    mark = folder / MARK
    if not _is_plain(mark):
        raise UsageError(
            "the folder has files, and no earlier output made them; nothing was removed",
            location=str(folder),
            hint=f"{_HINT}, or empty this one yourself",
        )
    earlier = read_json(mark)
    if not isinstance(earlier, dict) or earlier.get("registry") != registry:
        of = earlier.get("registry") if isinstance(earlier, dict) else None
        raise UsageError(
            f"the folder holds the output of {str(of)[:80]!r}, not of {registry!r}; nothing was removed",
            location=str(folder),
            hint=f"{_HINT}, or empty this one yourself",
        )


def demand_unmixed(folder: Path, wanted: Collection[str], same: Collection[str]) -> None:
    """`UsageError` where a folder has files that the output whose mark it carries didn't write.

    `wanted` are the paths of the output that takes its place, `same` those of them that hold the same already;
    whatever else the folder has would be removed or overwritten.
    """
    there = dict(entries(folder)) if folder.is_dir() else {}
    links = {path for path, plain in there.items() if not plain}
    lost = links | (there.keys() - set(same) - {MARK})
    if not lost or (not links and count_files(there) == _marked(folder)):
        return
    names = sorted(lost, key=lambda path: (path in wanted, path))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    raise UsageError(
        "the folder is not as the earlier output left it, and would lose "
        f"{', '.join(names[:_SHOWN])}{more}; nothing was removed",
        location=str(folder),
        hint="move what is yours out of it, or name a folder that is new or empty",
    )


def demand_place(folder: Path, keep: Iterable[Path] = ()) -> None:
    """`UsageError` for a folder that is, or is above, one that must stay; or that lies in git's own folder."""
    location = str(folder)
    real = _resolved(folder)
    if real.exists() and not real.is_dir():
        raise UsageError("is a file, not a folder", location=location, hint=_HINT)
    for kept, what in (*((path, "the registry") for path in keep), *_kept()):
        if is_or_is_above(real, kept):
            raise UsageError(
                f"the folder is or holds {what} ({kept}); nothing was removed",
                location=location,
                hint=_HINT,
            )
    if os.path.lexists(real / ".git"):
        raise UsageError(
            "the folder is a git repository; nothing was removed", location=location, hint=_HINT
        )
    demand_outside_git(real)


def demand_outside_git(folder: Path) -> None:
    """`UsageError` for a folder inside a repository's `.git` or a bare repository."""
    upwards = _upwards(_resolved(folder))
    if any(part.casefold() == ".git" or _is_git_dir(above) for above, part in upwards):
        raise UsageError("the folder lies inside git's own", location=str(folder), hint=_HINT)


def is_or_is_above(folder: Path, other: Path) -> bool:
    """True where `other` is `folder` or lies below it, by whatever name."""
    try:
        identity = folder.stat()
        real = resolved(other)
    except OSError:  # nothing there holds nothing
        return False
    return any(
        os.path.samestat(identity, found) for above, _ in _upwards(real) if (found := _stat(above))
    )


def demand_inside(root: Path, path: Path) -> None:
    """`RegistryError` where a path below `root` leads out of it by a link, or nowhere by links in a circle."""
    try:
        inside = resolved(path).is_relative_to(resolved(root))
    except OSError as error:
        raise RegistryError(
            f"leads nowhere: {error.strerror}; nothing was written there",
            location=str(path),
            hint="replace the link by a file or a folder",
        ) from None
    if not inside:
        raise RegistryError(
            f"leads out of {root} by a link; nothing was written there",
            location=str(path),
            hint="replace the link by what it stands for",
        )


def _resolved(folder: Path) -> Path:
    try:
        return resolved(folder)
    except OSError as error:
        raise UsageError(
            f"is not a folder: {error.strerror}", location=str(folder), hint=_HINT
        ) from None


def _kept() -> Iterator[tuple[Path, str]]:
    yield Path.cwd(), "the folder that you stand in"
    homes = {os.path.expanduser("~")}  # noqa: PTH111 - Path.home fails where there is none
    try:
        import pwd

        homes.add(pwd.getpwuid(os.getuid()).pw_dir)
    except (ImportError, KeyError):  # Windows, or a user without an entry
        pass
    for home in sorted(homes):
        if Path(home).is_absolute():
            yield Path(home), "a home"


def _upwards(path: Path) -> Iterator[tuple[Path, str]]:
    for above in (path, *path.parents):
        yield above, above.name


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _is_git_dir(folder: Path) -> bool:
    return all((folder / name).exists() for name in ("HEAD", "objects", "refs"))


def _is_free(folder: Path) -> bool:
    try:
        return not folder.exists() or not any(folder.iterdir())
    except OSError as error:
        raise RegistryError(f"can't be read: {error.strerror}", location=str(folder)) from None


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def entries(folder: Path, prefix: str = "") -> Iterator[tuple[str, bool]]:
    """(relative path, is a regular file) of everything below a folder but folders; no link is followed."""
    with os.scandir(folder) as found:
        for entry in found:
            path = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from entries(Path(entry.path), f"{path}/")
            else:
                yield path, entry.is_file(follow_symlinks=False)


def _marked(folder: Path) -> FileCount | None:
    mark = folder / MARK
    value = read_json(mark) if _is_plain(mark) else None
    files, paths = (value.get("files"), value.get("paths")) if isinstance(value, dict) else (0, 0)
    return FileCount(files, paths) if type(files) is int and isinstance(paths, str) else None
