"""A registry gets a root and a publish job, as its maintainers do it; and what they can get wrong."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.typed import run
from tests.conftest import RegistryFolder
from tests.forked import Ended

Typed = Callable[..., Ended]


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    return made


@pytest.fixture
def typed(registry: RegistryFolder, tmp_path: Path) -> Typed:
    """`registry-tool …` in a folder beside the registry's, where keys are."""
    (tmp_path / "keys").mkdir()

    def typed(*words: str, **environment: str) -> Ended:
        return run(
            tmp_path / "keys",
            "registry-tool",
            *words,
            PUPPY_REGISTRY=str(registry.root),
            **environment,
        )

    return typed


def made(typed: Typed, *names: str) -> None:
    for name in names:
        assert typed("trust", "new-key", name).returncode == 0


def begin(typed: Typed) -> None:
    made(typed, "ada", "bob", "online")
    keys = ("--root-key", "ada.pub", "--root-key", "bob.pub", "--threshold", "2")
    done = typed("trust", "init", *keys, "--online-key", "online.pub", "--bins", "2")
    assert done.returncode == 0, done.stderr
    assert "1.root.json lacks 2 of the signatures of" in done.stdout
    for name in ("ada", "bob"):
        assert typed("trust", "sign", "--key", name).returncode == 0


def test_a_registry_is_signed_from_its_first_root_to_the_next(
    registry: RegistryFolder, typed: Typed, tmp_path: Path
) -> None:
    begin(typed)
    status = json.loads(typed("trust", "status", "--format", "json").stdout)
    assert status["missing"] == []
    assert [(one["role"], one["threshold"]) for one in status["roles"]] == [
        *(("root", 2), ("snapshot", 1), ("targets", 2), ("timestamp", 1), ("bins", 1)),
    ]
    registry.commit("Sign what is published")
    branch = ("publish-site", "--site-branch", "site")
    refused = typed(*branch)
    assert refused.returncode == 1
    assert "set REGISTRY_TRUST_KEY to the private key as PEM" in refused.stderr
    key = (tmp_path / "keys/online").read_text()
    done = typed(*branch, REGISTRY_TRUST_KEY=key)
    assert done.returncode == 0, done.stderr
    files = registry.git("ls-tree", "--name-only", "site:tuf").split()
    assert {"1.root.json", "root.json", "1.targets.json", "timestamp.json"} <= set(files)
    registry.git("worktree", "add", "--quiet", str(tmp_path / "site"), "site")
    pinned = {"PUPPY_CACHE": str(tmp_path / "cache")}
    (tmp_path / "project").mkdir()
    install = ("puppy-cli", "install", "hello", "--registry", str(tmp_path / "site"))
    assert run(tmp_path / "project", *install, **pinned).returncode == 0
    lock = json.loads((tmp_path / "project/workflow.lock").read_text())
    assert lock["roots"] == {"public": status["root"]}

    made(typed, "carol", "other")
    words = ("--add-key", "carol.pub", "--online-key", "other.pub")
    assert typed("trust", "root", *words).returncode == 0
    assert typed("trust", "status").returncode == 1
    for name in ("ada", "bob"):
        assert typed("trust", "sign", "--key", name).returncode == 0
    after = json.loads(typed("trust", "status", "--format", "json").stdout)
    assert len(after["roles"][0]["keys"]) == len(status["roles"][0]["keys"]) + 1


def test_a_built_folder_is_signed_and_brought_along(
    registry: RegistryFolder, typed: Typed, tmp_path: Path
) -> None:
    begin(typed)
    registry.commit("Sign")
    key = {"REGISTRY_TRUST_KEY": (tmp_path / "keys/online").read_text()}
    build = ("build-site", "--out", str(tmp_path / "out"), "--format", "json")
    assert json.loads(typed(*build, **key).stdout)["written"] > 0
    registry.add("hello", "1.1.0")
    registry.commit("Another version")
    assert json.loads(typed(*build, **key).stdout)["kept"] > 0
    tuf = tmp_path / "out/tuf"
    assert len(list(tuf.glob("*.snapshot.json"))) == 1
    signed = [
        path
        for bin_ in tuf.glob("*.bin-?.json")
        for path in json.loads(bin_.read_text())["signed"]["targets"]
    ]
    there = [
        p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out/api/v1").rglob("*")
    ]
    assert sorted(signed) == sorted(path for path in there if (tmp_path / "out" / path).is_file())


def test_keys_are_private_and_never_overwritten(typed: Typed, tmp_path: Path) -> None:
    made(typed, "ada")
    key = tmp_path / "keys/ada"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    done = typed("trust", "new-key", "ada")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert key.read_bytes() == before


def test_another_number_of_bins_takes_another_online_key(typed: Typed) -> None:
    begin(typed)
    made(typed, "next")
    done = typed("trust", "root", "--bins", "64", "--online-key", "online.pub")
    assert (done.returncode, "takes another online key" in done.stderr) == (2, True)
    assert typed("trust", "root", "--bins", "64", "--online-key", "next.pub").returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="this system has no modes of files")
def test_a_root_key_that_others_can_read_signs_nothing(typed: Typed, tmp_path: Path) -> None:
    made(typed, "ada", "online")
    assert (
        typed("trust", "init", "--root-key", "ada.pub", "--online-key", "online.pub").returncode
        == 0
    )
    (tmp_path / "keys/ada").chmod(0o640)
    done = typed("trust", "sign", "--key", "ada")
    assert done.returncode == 1
    assert "others can read the key" in done.stderr
    assert "not a private Ed25519 key" in typed("trust", "sign", "--key", "ada.pub").stderr
    (tmp_path / "keys/ada").chmod(0o600)
    assert typed("trust", "sign", "--key", "ada").returncode == 0


def test_a_passphrase_is_asked_for_at_a_terminal_alone(typed: Typed, tmp_path: Path) -> None:
    done = typed("trust", "new-key", "ada", "--passphrase")
    assert (done.returncode, "run it in a terminal" in done.stderr) == (2, True)
    assert not (tmp_path / "keys/ada").exists()


def test_what_can_go_wrong_is_said(registry: RegistryFolder, typed: Typed) -> None:
    done = typed("trust", "status")
    assert done.returncode == 1
    assert "registry-tool trust init" in done.stderr
    made(typed, "ada", "online")
    init = ("trust", "init", "--root-key", "ada.pub", "--online-key")
    for words, told in (
        ((*init, "ada.pub"), "the online key is a root key, too"),
        ((*init, "nowhere.pub"), "there is no such file"),
        ((*init, "online"), "not a public Ed25519 key"),
    ):
        done = typed(*words)
        assert done.returncode in {1, 2}
        assert told in done.stderr
    assert not (registry.root / "registry/tuf").exists()
    assert typed(*init, "online.pub").returncode == 0
    for words, told in (
        ((*init, "online.pub"), "has a root already"),
        (("trust", "sign", "--key", "online"), "nothing is to be signed"),
        (("trust", "root", "--remove-key", "ffffffffff"), "no root key's id begins with"),
    ):
        done = typed(*words)
        assert done.returncode == 2
        assert told in done.stderr
