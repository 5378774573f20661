"""Many changes to a folder as one: prepared beside it, decided by one rename, then shown in one step.

| what is beside the folder `out` | means |
| --- | --- |
| `.out.new-…` | changes that a process prepares (core/replacing.py); nothing is decided |
| `.out.twin` | a second folder: as `out` was before the last change, or on its way to what comes next |
| `.out.patch` | the last change that was decided: whoever comes next shows it, where it isn't yet (`settle`) |

A change is made to the twin, and the two folders are exchanged: whoever looks at a path sees old or new, never a
mix, however many files there are, and wherever a process was killed. The twin follows at the next change, by the
patch that is kept for it. So each change costs what it changes, twice; only the first one links every file. Files
that are equal are the same on the disk.

Where two folders can't be exchanged (other systems than Linux, a folder that something is mounted on), the files
take their places one after the other: whoever reads then, without calling `settle`, may see a part of the changes.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from registry_tool.core.errors import UsageError
from registry_tool.core.exchange import can_exchange, exchange
from registry_tool.core.files import inside
from registry_tool.core.linked_files import link_all, put, remove
from registry_tool.core.replacing import held_folder, only_one, remove_leftovers

_PLAN: Final = "plan.json"
_MOST_SHOWN: Final = 10


class _Plan(msgspec.Struct, frozen=True):
    """A change: `before` and `after` are digests of its last file, the mark, which tells what a folder shows."""

    writes: list[str]
    removes: list[str]
    before: str = ""
    after: str = ""
    exchanged: bool = False

    def shown(self, folder: Path) -> str:
        """The digest of the mark that a folder has, empty for none."""
        mark = folder / self.writes[-1]
        return _digest(mark.read_bytes()) if mark.is_file() else ""


def change_together(
    folder: Path, writes: Mapping[str, bytes], removes: Collection[str], created: Collection[str]
) -> None:
    """Write and remove files below a folder; `created` are those of the written ones that are new there.

    The last of `writes` is the mark: it tells one content of the folder from another. `UsageError` where something
    else stands at a path, or a link on the way to it: nothing is changed then.
    """
    folder = folder.resolve()
    with only_one(folder.parent):
        _settle(folder)
        _demand_plain(folder, writes, removes, created)
        remove_leftovers(folder)
        mark = list(writes)[-1]
        exchanged = can_exchange() and not folder.is_mount()
        if exchanged:
            _prepare_twin(folder, mark)
        _forget(folder, _patch(folder))
        plan = _Plan(list(writes), sorted(removes), "", _digest(writes[mark]), exchanged)
        plan = replace(plan, before=plan.shown(folder))
        with held_folder(folder) as new:
            for number, data in enumerate(writes.values()):
                (new / str(number)).write_bytes(data)
            (new / _PLAN).write_bytes(msgspec.json.encode(plan))
            new.rename(_patch(folder))
        _settle(folder)


def settle(folder: Path) -> None:
    """Show what was decided for a folder and not shown yet."""
    folder = folder.resolve()
    if (_patch(folder) / _PLAN).is_file():
        with only_one(folder.parent):
            _settle(folder)


def _settle(folder: Path) -> None:
    plan = _plan(folder)
    if plan is None:
        return
    if not plan.exchanged:
        _carry_out(plan, folder, folder)
        _forget(folder, _patch(folder))
        return
    now, twin = plan.shown(folder), _twin(folder)
    if now == plan.after:
        return
    if now != plan.before or plan.shown(twin) not in {plan.before, plan.after}:
        _forget(folder, _patch(folder), twin)  # of a folder that isn't there any more
        return
    _carry_out(plan, folder, twin)
    if not exchange(twin, folder):
        _carry_out(plan, folder, folder)


def _prepare_twin(folder: Path, mark: str) -> None:
    """Have a second folder that holds what the folder does."""
    plan, twin = _plan(folder), _twin(folder)
    if plan is not None and plan.shown(twin) in {plan.before, plan.after}:
        _carry_out(plan, folder, twin)
    if _same(folder / mark, twin / mark):
        return
    _forget(folder, twin)
    with held_folder(folder) as new:
        link_all(folder, new)
        new.rename(twin)


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def _carry_out(plan: _Plan, folder: Path, target: Path) -> None:
    for path in plan.removes:
        remove(target, path)
    for number, path in enumerate(plan.writes):
        put(_patch(folder) / str(number), inside(target, path))


def _plan(folder: Path) -> _Plan | None:
    try:
        return msgspec.json.decode((_patch(folder) / _PLAN).read_bytes(), type=_Plan)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _forget(folder: Path, *gone: Path) -> None:
    """Remove what is beside a folder, so that a part of it is never taken for the whole."""
    for each in gone:
        if each.exists():
            with held_folder(folder) as aside:
                each.rename(aside / "old")
                shutil.rmtree(aside)  # with what was there


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _patch(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.patch")


def _twin(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.twin")


def _demand_plain(
    folder: Path, writes: Iterable[str], removes: Iterable[str], created: Collection[str]
) -> None:
    wrong = [
        path
        for path in (*writes, *removes)
        if _is_strange(folder, inside(folder, path), is_new=path in created)
    ]
    if wrong:
        more = f" and {len(wrong) - _MOST_SHOWN} more" if len(wrong) > _MOST_SHOWN else ""
        raise UsageError(
            f"the folder is not as the earlier output left it: {', '.join(wrong[:_MOST_SHOWN])}{more}; "
            "nothing was changed",
            location=str(folder),
            hint="move what is yours out of it, or name a folder that is new or empty",
        )


def _is_strange(folder: Path, target: Path, *, is_new: bool) -> bool:
    """Whether something is there that no earlier output wrote, or the way to it is a link or a file."""
    above = target.parent
    while above != folder:
        if above.is_symlink() or (above.exists() and not above.is_dir()):
            return True
        above = above.parent
    if target.is_symlink():
        return True
    return target.exists() if is_new else not target.is_file()
