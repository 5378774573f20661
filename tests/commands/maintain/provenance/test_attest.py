"""From a publish to a reader who asks who built it: listed, attested, kept, shown, verified."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.commands.author.provenance import ProvenanceQuery, provenance_of
from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.build_mark import read_mark
from registry_tool.commands.maintain.output.attestations import attestations_of
from registry_tool.commands.maintain.output.increment import Previous, patch_between
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.commands.maintain.provenance.attest import keep, pending
from registry_tool.core.errors import RegistryError
from registry_tool.core.output_folder import MARK
from registry_tool.security.provenance.statement import ProvenanceError
from registry_tool.sources.reference import open_reference
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from tests.cli.typed import run
from tests.conftest import RegistryFolder
from tests.security.provenance.sigstore_world import (
    CLAIMS,
    COMMIT,
    REPOSITORY,
    SigstoreWorld,
    statement,
)

WORLD = SigstoreWorld()


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    made.lay("hello", "1.0.0")
    made.lay("hello", "1.1.0-rc.1+5")
    made.compile()
    made.commit("Publish")
    return made


def listed(registry: RegistryFolder, file: Path) -> dict[str, str]:
    """What a job would attest."""
    file.unlink(missing_ok=True)
    pending(registry.root, file, branch="main")
    lines = file.read_text().splitlines() if file.exists() else []
    return {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}


def attest(registry: RegistryFolder, folder: Path, packages: dict[str, str]) -> None:
    bundle = folder / "bundle.json"
    bundle.write_bytes(WORLD.bundle(statement(packages)) + b"\n")
    commit = registry.git("rev-parse", "main")
    assert keep(registry.root, bundle, commit) == tuple(packages)


def test_each_package_is_listed_once(registry: RegistryFolder, tmp_path: Path) -> None:
    file = tmp_path / "packages.sha256"
    first = listed(registry, file)
    assert list(first) == ["hello-1.0.0.wfpkg", "hello-1.1.0-rc.1+5.wfpkg"]
    attest(registry, tmp_path, first)
    assert listed(registry, file) == {}
    assert not file.exists()
    registry.add("hello", "2.0.0")
    registry.commit("Publish another")
    assert list(listed(registry, file)) == ["hello-2.0.0.wfpkg"]
    kept = registry.git("ls-tree", "-r", "--name-only", "provenance").split()
    assert kept == [
        "attested.json",
        "hello/hello-1.0.0.sigstore.json",
        "hello/hello-1.1.0-rc.1+5.sigstore.json",
    ]


def test_a_jobs_shallow_clone_lists_what_is_new_alone(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    attest(registry, tmp_path, listed(registry, tmp_path / "packages.sha256"))
    registry.add("hello", "2.0.0")
    registry.commit("Publish another")
    clone = tmp_path / "clone"
    registry.git("clone", "--quiet", "--depth=1", registry.root.as_uri(), str(clone))
    found = pending(clone, tmp_path / "new.sha256", branch="main", remote="origin")
    assert list(found.packages) == ["hello-2.0.0.wfpkg"]


def test_what_is_no_package_is_not_kept(registry: RegistryFolder, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.json"
    for payload, reason in (
        (WORLD.bundle(statement({"../evil-1.0.0.wfpkg": "a" * 64})), "is not a package"),
        (b"{}\n{}\n", "not one bundle"),
        (b"[]", "not an attestation"),
    ):
        bundle.write_bytes(payload)
        with pytest.raises(RegistryError, match=reason):
            keep(registry.root, bundle, "a" * 40)
    assert registry.git("branch", "--list", "provenance") == ""


def source(registry: RegistryFolder) -> OutputSource:
    repository = Repository(registry.root)
    commit = repository.find("main")
    made = OutputSource(GitTree(repository, commit), commit, commit)
    return replace(made, attestations=attestations_of(registry.root))


def test_an_output_shows_attestations_as_one_built_anew_does(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    old = dict(output_files(source(registry)))
    packages = listed(registry, tmp_path / "packages.sha256")
    package = old["api/v1/packages/hello/hello-1.0.0.wfpkg"]
    assert packages["hello-1.0.0.wfpkg"] == hashlib.sha256(package).hexdigest()
    attest(registry, tmp_path, packages)
    after = source(registry)
    new, mark = dict(output_files(after)), read_mark(old[MARK])
    assert mark
    patch = patch_between(after, Previous(old.get), mark, after.mark)
    assert patch
    assert {**old, **patch.writes} == new
    for page in ("workflows/hello/1.0.0/index.html", "workflows/hello/1.0.0/index.md"):
        assert COMMIT.encode() in new[page]
        assert COMMIT.encode() not in old[page]
    document = json.loads(new["api/v1/workflows/hello/1.0.0.json"])
    assert document["status"]["provenance"]["repository"] == REPOSITORY
    site = tmp_path / "site"
    for path in (path for path in new if path.startswith("api/")):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(new[path])
    (tmp_path / "root.json").write_bytes(WORLD.trusted_root())
    query = ProvenanceQuery(trusted_root=tmp_path / "root.json")
    opened = open_reference("hello:1.0.0", str(site))
    assert provenance_of(opened, str(site), query).repository == REPOSITORY
    other = replace(query, repository="mallory/registry")
    with pytest.raises(ProvenanceError, match="it was built in https://github"):
        provenance_of(opened, str(site), other)
    for ref in ("main", "refs/heads/main"):
        assert provenance_of(opened, str(site), replace(query, ref=ref)).commit == COMMIT
    with pytest.raises(ProvenanceError, match="from refs/heads/main, not from v1"):
        provenance_of(opened, str(site), replace(query, ref="v1"))


def test_what_a_pull_requests_job_built_is_refused_unless_it_is_named(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    packages = listed(registry, tmp_path / "packages.sha256")
    claims = {**CLAIMS, 14: "refs/pull/7/merge", 20: "pull_request"}
    bundle, root = tmp_path / "its.json", tmp_path / "root.json"
    bundle.write_bytes(WORLD.bundle(statement(packages), claims))
    root.write_bytes(WORLD.trusted_root())
    opened = open_reference("hello:1.0.0", str(registry.root))
    query = ProvenanceQuery(bundle, trusted_root=root)
    with pytest.raises(ProvenanceError, match="nobody had merged it"):
        provenance_of(opened, str(registry.root), query)
    named = replace(query, ref="refs/pull/7/merge")
    assert provenance_of(opened, str(registry.root), named).trigger == "pull_request"


def test_a_reader_of_a_clone_is_told_who_built_it(registry: RegistryFolder, tmp_path: Path) -> None:
    (tmp_path / "root.json").write_bytes(WORLD.trusted_root())
    ask = ("puppy-cli", "verify", "hello:1.0.0", "--provenance", "--trusted-root", "root.json")
    done = run(tmp_path, *ask, "--registry", registry.root)
    assert done.returncode == 1
    assert "there is no attestation of hello-1.0.0.wfpkg" in done.stderr
    attest(registry, tmp_path, listed(registry, tmp_path / "packages.sha256"))
    done = run(tmp_path, *ask, "--registry", registry.root, "--format", "json")
    assert json.loads(done.stdout)["provenance"]["repository"] == REPOSITORY
