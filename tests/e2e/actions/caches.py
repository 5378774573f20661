"""What the stand-ins for actions/cache/restore and actions/cache/save do.

Hand-written, since the real ones speak to GitHub's own service. A cache is known by key and path together, as
there; kept is `CACHES/<hash of both>`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

LONGEST_KEY = 512


def location(key: str, path: str) -> Path:
    if not key or len(key) > LONGEST_KEY or "," in key:
        raise SystemExit(f"::error::Key Validation Error: {key!r} cannot be used")
    name = hashlib.sha256(f"{path}\n{key}".encode()).hexdigest()
    return Path(os.environ["SCRATCH_CACHES"]) / name


def restore(key: str, path: str) -> bool:
    kept = location(key, path)
    if kept.is_dir():
        shutil.copytree(kept, Path(path).expanduser(), dirs_exist_ok=True, symlinks=True)
    return kept.is_dir()


def save(key: str, path: str) -> None:
    kept, source = location(key, path), Path(path).expanduser()
    if not source.exists():
        print(
            "::warning::Path Validation Error: Path(s) specified do not exist, hence no cache is saved"
        )
    elif kept.is_dir():
        print("::warning::Unable to reserve cache, another job may be creating this cache")
    else:
        shutil.copytree(source, kept, symlinks=True)


def main() -> None:
    key, path = os.environ["IN_KEY"], os.environ["IN_PATH"]
    if os.environ.get("IN_RESTORE__KEYS"):
        raise SystemExit("::error::the stand-in knows no restore-keys")
    if sys.argv[1] == "save":
        save(key, path)
        return
    hit = "true" if restore(key, path) else ""
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.write(f"cache-hit={hit}\n")


if __name__ == "__main__":
    main()
