"""`verify` in a clone says whether an owner signed the commit that brought a version."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.author.owner_signature import owner_signature
from registry_tool.resolver.candidates import Candidate
from tests.cli.typed import run
from tests.conftest import RegistryFolder

pytestmark = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is absent")
HELLO = Candidate("hello", "1.0.0")


def test_an_owners_signature_is_told_and_its_absence_too(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    key = tmp_path / "key"
    make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", key]
    subprocess.run(make, check=True)
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.git("add", "--all")
    signing = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}.pub")
    registry.git(*signing, "commit", "--quiet", "-S", "-m", "Publish hello")
    brought = registry.git("rev-parse", "HEAD")
    assert owner_signature(HELLO, str(registry.root)) is None  # its owners name no keys
    owners = registry.root / "registry/workflows/hello/owners.yaml"
    line = (tmp_path / "key.pub").read_text().strip()
    owners.write_text(f"owners: [{{ login: ada, id: 1, ssh_keys: ['{line}'] }}]\n")
    registry.add("hello", "1.1.0")
    registry.commit("Name my key, and publish another without it")
    words = ("puppy-cli", "verify", "hello:1.0.0", "--registry", registry.root)
    done = run(tmp_path, *words, "--format", "json")
    assert json.loads(done.stdout)["signature"] == {"commit": brought, "owner": "ada"}
    unsigned = owner_signature(Candidate("hello", "1.1.0"), str(registry.root))
    assert unsigned
    assert unsigned.login == ""
    assert str(unsigned).endswith("is not signed by a key of its owners")
    assert owner_signature(HELLO, "https://registry.example") is None
