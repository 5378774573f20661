"""The same tree gives the same bytes in another folder, locale, time zone, hash seed and umask."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from registry_tool.commands.maintain.build import build

ROOT = Path(__file__).parents[3]


def built(folder: Path, umask: int, **environment: str) -> dict[str, str]:
    for name in ("registry", "indexes"):
        shutil.copytree(ROOT / name, folder / "tree" / name)
    tool = Path(sys.executable).parent / "registry-tool"
    subprocess.run(
        [tool, "build", "--root", folder / "tree", "--out", folder / "out"],
        env={**os.environ, **environment},
        umask=umask,
        check=True,
        capture_output=True,
    )
    return {
        str(path.relative_to(folder / "out")): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "out").rglob("*"))
        if path.is_file()
    }


def test_two_builds_are_equal(tmp_path: Path) -> None:
    one = built(tmp_path / "here", 0o077, PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C", LANG="C")
    other = built(
        tmp_path / "some where/else",
        0o002,
        PYTHONHASHSEED="4242",
        TZ="America/New_York",
        LC_ALL="C.UTF-8",
        LANG="tr_TR.UTF-8",
    )
    assert len(one) > 100
    assert one == other


def test_building_again_writes_only_what_differs(tmp_path: Path) -> None:
    first = build(ROOT, tmp_path / "out")
    (tmp_path / "out/index.html").write_text("edited by hand")
    again = build(ROOT, tmp_path / "out")
    assert (again.written, again.removed, again.kept) == (1, 0, first.written - 1)
