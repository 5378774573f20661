"""Tokens as an admin types them."""

from __future__ import annotations

import json
import os

import pytest

from tests import forked
from tests.conftest import RegistryFolder
from tests.server.signing_in import MEMBERS

pytestmark = pytest.mark.e2e


def test_a_key_is_made_listed_and_revoked(make_registry: object) -> None:
    registry: RegistryFolder = make_registry(git=True)  # type: ignore[operator]
    file = registry.root / "registry/registry.yaml"
    file.write_text(file.read_text() + MEMBERS)

    def run(*words: str) -> forked.Ended:
        return forked.run(["registry-tool", "tokens", *words], cwd=registry.root, env=os.environ)

    made = run("new", "ci", "--member", "ada", "--scope", "run")
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    assert secret.startswith("puppyk_") and "shown once" in made.stderr
    (row,) = json.loads(run("list", "--format", "json").stdout)["tokens"]
    assert row["scopes"] == ["run"] and secret not in str(row)
    assert "no longer" in run("revoke", row["id"]).stdout
    wrong = run("new", "ci", "--member", "aba")
    assert wrong.returncode == 2 and "did you mean 'ada'" in wrong.stderr
