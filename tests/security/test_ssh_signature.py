"""Commits that git signed with the system's own ssh-keygen, and what becomes of them when they are changed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from registry_tool.security.ssh_signature import SignatureState, commit_signature

pytestmark = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is absent")
KINDS = {"ed25519": (), "ecdsa": ("-b", "384"), "rsa": ("-b", "2048")}


def signed_commit(folder: Path, kind: str) -> tuple[bytes, str]:
    """A commit as git stores it, and the line of the key that signed it."""
    key = folder / "key"
    make = ["ssh-keygen", "-q", "-t", kind, *KINDS[kind], "-N", "", "-C", "ada", "-f", key]
    subprocess.run(make, check=True)
    git = ["git", "-C", folder, "-c", "gpg.format=ssh", "-c", f"user.signingkey={key}.pub"]
    git += ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-S", "-m", "Signed"], check=True)
    done = subprocess.run([*git, "cat-file", "commit", "HEAD"], check=True, capture_output=True)
    return done.stdout, (folder / "key.pub").read_text().strip()


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_of_a_known_key_is_known_and_of_that_commit_alone(
    tmp_path: Path, kind: str
) -> None:
    commit, key = signed_commit(tmp_path, kind)
    found = commit_signature(commit, ["ssh-ed25519 AAAA", "nonsense", key])
    assert (found.state, found.key) == (SignatureState.KNOWN, key)
    assert commit_signature(commit, []).state is SignatureState.STRANGE
    changed = commit.replace(b"Signed", b"Forged")
    assert commit_signature(changed, [key]).state is SignatureState.WRONG


def test_what_is_no_signature_is_told(tmp_path: Path) -> None:
    commit, key = signed_commit(tmp_path, "ed25519")
    unsigned = b"tree 0\nauthor Ada\n\nSigned\n"
    assert commit_signature(unsigned, [key]).state is SignatureState.MISSING
    pgp = unsigned.replace(b"\n\n", b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n xyz\n\n")
    assert commit_signature(pgp, [key]).state is SignatureState.MISSING
    start = commit.index(b"SIGNATURE-----\n ") + 16
    for cut in (commit[:start] + b"!" + commit[start:], commit[:start] + b"AAAA" + commit[start:]):
        assert commit_signature(cut, [key]).state is SignatureState.WRONG
