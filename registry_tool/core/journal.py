"""Many changes to a folder as one: prepared beside it, decided by one rename, then carried out.

| what is beside the folder `out` | means |
| --- | --- |
| `.out.new-…` | changes that a process prepares (core/replacing.py); nothing is decided |
| `.out.patch` | changes that are decided: whoever comes next carries out the rest (`settle`) |

A process may be killed at any moment: before the rename nothing has changed, after it `settle` ends the work. Who
reads the folder without calling `settle` may see a part of the changes while they are carried out.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from registry_tool.core.errors import UsageError
from registry_tool.core.files import inside
from registry_tool.core.replacing import held_folder, remove_leftovers

_PLAN: Final = "plan.json"
_MOST_SHOWN: Final = 10


def change_together(
    folder: Path, writes: Mapping[str, bytes], removes: Collection[str], created: Collection[str]
) -> None:
    """Write and remove files below a folder; `created` are those of the written ones that are new there.

    The last of `writes` takes its place last. `UsageError` where something else stands at a path, or a link on
    the way to it: nothing is changed then.
    """
    folder = folder.resolve()
    settle(folder)
    _demand_plain(folder, writes, removes, created)
    remove_leftovers(folder)
    with held_folder(folder) as new:
        for number, data in enumerate(writes.values()):
            (new / str(number)).write_bytes(data)
        plan = {"writes": list(writes), "removes": sorted(removes)}
        (new / _PLAN).write_text(json.dumps(plan), "utf-8")
        new.rename(_decided(folder))
    settle(folder)


def settle(folder: Path) -> None:
    """Carry out what was decided for a folder and not done yet; two processes may do so at once."""
    folder = folder.resolve()
    patch = _decided(folder)
    with suppress(FileNotFoundError):  # a rival has carried it out meanwhile
        if not patch.is_dir():
            return
        plan = json.loads((patch / _PLAN).read_text("utf-8"))
        for path in plan["removes"]:
            _remove(folder, path)
        for number, path in enumerate(plan["writes"]):
            target = inside(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # it was carried out before
                (patch / str(number)).replace(target)
    shutil.rmtree(patch, ignore_errors=True)


def _decided(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.patch")


def _remove(folder: Path, path: str) -> None:
    target = inside(folder, path)
    target.unlink(missing_ok=True)
    for above in target.parents:
        if above == folder:
            return
        try:
            above.rmdir()
        except OSError:  # something is left in it
            return


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
