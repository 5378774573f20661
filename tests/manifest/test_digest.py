"""The digest of SPEC.md §2, checked by coreutils and by its own laws."""

from __future__ import annotations

import hashlib
import random
import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.manifest.digest import content_hash, digest, digest_of_entries

PATHS = st.text("ab/é-.", min_size=1, max_size=6)
FILES = st.dictionaries(PATHS, st.binary(max_size=8), max_size=5)


def test_a_shell_finds_the_same_digest(tmp_path: Path) -> None:
    files = {"b.txt": b"two\n", "a/é.txt": b"", "a.txt": b"\0one"}
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    script = """
        find . -type f -printf '%P\\n' | LC_ALL=C sort | while read -r path; do
            echo "$(sha256sum < "$path" | cut -d' ' -f1) $(stat -c %s "$path") $path"
        done | sha256sum | cut -d' ' -f1
    """
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert digest(files) == f"sha256:{done.stdout.strip()}"


def test_nothing_has_the_digest_of_nothing() -> None:
    assert digest({}) == f"sha256:{hashlib.sha256().hexdigest()}"


@given(FILES, st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(files: dict[str, bytes], chance: random.Random) -> None:
    entries = [(path, len(data), content_hash(data)) for path, data in files.items()]
    chance.shuffle(entries)
    assert digest_of_entries(entries) == digest(files)


@given(FILES, FILES)
def test_other_files_have_another_digest(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    assert (digest(one) == digest(other)) is (one == other)
