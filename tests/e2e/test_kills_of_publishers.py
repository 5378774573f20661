"""publish, index and build, killed at every few of their writes, crowded out, left without a disk."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import RegistryFolder
from tests.e2e.hardship import HERE, TOOL, Remote, without_override
from tests.started import Started, run

pytestmark = pytest.mark.e2e

MOMENTS = 7


def moments(folder: Path, *words: str) -> Iterator[None]:
    """Kill a command at some of its writes, once each; between the kills the caller looks at what there is.

    Processes that share a build make a few writes more or fewer, so the last kill may come too late.
    """
    log = folder / "count"
    counted = dying(0, log, *words)
    assert counted.returncode == 0, counted.stderr
    count = int(log.read_text())
    assert count > MOMENTS
    yield
    for number in sorted({1 + at * (count - 1) // (MOMENTS - 1) for at in range(MOMENTS)}):
        done = dying(number, log, *words)
        late = done.returncode == 0 and number == count
        assert late or done.returncode == -signal.SIGKILL, (number, done.stderr)
        yield


def dying(at: int, log: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The real command, which dies right before the write with the number `at` (0: lives, and counts them)."""
    return run(["registry-tool", *words], cwd=log.parent, before=(f"{HERE}:dies_at", at, str(log)))


def tool(*words: str | Path) -> None:
    done = run(["registry-tool", *words], cwd=Path("/"))
    assert done.returncode == 0, done.stderr


def contents(folder: Path) -> dict[str, str]:
    """Every file by its hash, hidden ones too."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What killed commands leave in the folder for temporary files goes with the test's own."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.commit("Publish hello 1.0.0")
    return made


def test_a_killed_build_leaves_the_old_output_or_the_new_one(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    out = tmp_path / "made/site"
    words = ("build", "--root", str(registry.root), "--out", str(out))
    tool(*words)
    old = contents(out)
    registry.add("hello", "1.1.0")
    seen = []
    for _ in moments(tmp_path, *words):
        seen.append(contents(out))
        if len(seen) == 1:
            new = seen[0]
            subprocess.run(["git", "stash", "--quiet", "--all"], cwd=registry.root, check=True)
            tool(*words)
            assert contents(out) == old
            subprocess.run(["git", "stash", "pop", "--quiet"], cwd=registry.root, check=True)
            continue
        assert seen[-1] in (old, new)
    assert old in seen
    tool(*words)
    assert contents(out) == new
    assert list(out.parent.iterdir()) == [out], "what the killed ones left is gone"


def test_a_killed_index_leaves_whole_documents_and_the_next_one_completes(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    root = registry.root
    words = ("index", "--root", str(root))
    tool(*words)
    old = documents(root)
    registry.add("hello", "1.1.0")
    registry.add("caller", "1.0.0", hello="^1.0.0")
    new: dict[str, bytes] = {}
    for _ in moments(tmp_path, *words):
        found = documents(root)
        new = new or found
        assert all(
            found[path] in (old.get(path), data) for path, data in new.items() if path in found
        )
        assert set(old) <= set(found)
        for path in found:
            path.unlink()
        for path, data in old.items():
            path.write_bytes(data)
    tool(*words)
    assert documents(root) == new
    assert not list(root.rglob(".*.new-*")), "what the killed ones left is gone"
    tool(*words, "--check")


def documents(root: Path) -> dict[Path, bytes]:
    """What `index` writes."""
    folders = (root / "indexes", root / "registry/metadata")
    found = (path for folder in folders for path in folder.rglob("*.json"))
    return {path: path.read_bytes() for path in found}


def publish_words(clone: Path) -> tuple[str, ...]:
    """The job's command, but for where the output goes."""
    return ("publish", "--root", str(clone), "--remote", "origin", "--branch", "main")


def published(remote: Remote) -> tuple[str, set[str]]:
    """(subject of main's last commit, versions of hello in the index) as the remote has them; git is content."""
    remote.demand_whole()
    subject = remote.git(remote.bare, "log", "-1", "--format=%s", "main").strip()
    index = json.loads(remote.git(remote.bare, "show", "main:indexes/by-tags.json"))
    return subject, {workflow["version"] for workflow in index.get("greeting", ())}


def test_a_killed_publisher_leaves_the_old_state_or_the_new_one(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    remote = Remote(tmp_path, registry)
    clone, out = remote.clone("one"), tmp_path / "made/site"
    words = publish_words(clone)
    tool(*words, "--out", out)
    registry.git("pull", "--quiet", "--rebase", "origin", "main")
    registry.add("hello", "1.1.0")
    before = registry.commit("Publish hello 1.1.0")
    registry.git("push", "--quiet", "origin", "main")
    old = shutil.copytree(out, tmp_path / "old")
    for _ in moments(tmp_path, *words, "--out", str(out)):
        assert published(remote) in (
            ("Publish hello 1.1.0", {"1.0.0"}),
            ("Regenerate the indexes", {"1.1.0"}),
        )
        named = json.loads((out / "api/v1/index.json").read_text())["commit"]
        served = (out / "api/v1/packages/hello/hello-1.1.0.wfpkg").exists()
        assert served == (remote.git(remote.bare, "ls-tree", "-r", named).count("/1.1.0/") > 0)
        tool(*words, "--out", out)
        assert published(remote) == ("Regenerate the indexes", {"1.1.0"})
        assert list(out.parent.iterdir()) == [out]
        remote.git(remote.bare, "update-ref", "refs/heads/main", before)
        shutil.rmtree(out)  # each publish has the same to do
        shutil.copytree(old, out)


def merge(registry: RegistryFolder) -> None:
    """Push to main, on top of whatever publishers have pushed meanwhile."""
    while True:
        registry.git("pull", "--quiet", "--rebase", "origin", "main")
        try:
            registry.git("push", "--quiet", "origin", "main")
        except subprocess.CalledProcessError:
            continue  # one was faster
        return


def test_eight_publishers_and_one_who_merges_lose_nothing(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    remote = Remote(tmp_path, registry)
    names = [f"clone{number}" for number in range(8)]
    running = [
        Started(
            [
                "registry-tool",
                *publish_words(remote.clone(name)),
                "--out",
                tmp_path / "made" / name,
            ],
            cwd=tmp_path,
        )
        for name in names
    ]
    versions = [f"1.{number}.0" for number in range(1, 5)]
    for version in versions:
        registry.add("hello", version)
        registry.commit(f"Publish hello {version}")
        merge(registry)
    found = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 8, found
    last = remote.clone("last")
    tool(*publish_words(last), "--out", tmp_path / "site")
    assert published(remote) == ("Regenerate the indexes", {"1.4.0"})
    listed = remote.git(remote.bare, "ls-tree", "-r", "--name-only", "main")
    assert all(f"hello/{version}/manifest.yaml" in listed for version in ("1.0.0", *versions))
    remote.git(last, "pull", "--quiet", "origin", "main")
    tool("index", "--check", "--root", last)


def test_two_builds_into_one_folder_leave_one_of_them(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    out = tmp_path / "made/site"
    words = [TOOL, "build", "--root", registry.root, "--out", out]
    running = [subprocess.Popen(words, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    together = contents(out)
    tool(*words[1:4], "--out", tmp_path / "alone")
    assert together == contents(tmp_path / "alone")
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize("command", ["build", "publish", "index"])
def test_a_full_disk_is_reported_and_nothing_is_half_written(
    registry: RegistryFolder, tmp_path: Path, command: str
) -> None:
    out = tmp_path / "made/site"
    tool("build", "--root", registry.root, "--out", out)
    registry.add("hello", "1.1.0")
    commit = registry.commit("Publish hello 1.1.0")
    before = contents(out), contents(registry.root / "registry")
    more = {"build": ["--out", out], "publish": ["--branch", "main", "--out", out], "index": []}
    words = ["registry-tool", command, "--root", registry.root, *more[command]]
    done = run(words, cwd=tmp_path, before=(f"{HERE}:small_files", 100))
    assert done.returncode == 1, done.stderr
    assert "error: " in done.stderr
    assert "Traceback" not in done.stderr
    assert (contents(out), contents(registry.root / "registry")) == before
    assert registry.git("rev-parse", "main") == commit
    assert list(out.parent.iterdir()) == [out]


def test_a_read_only_place_is_reported(registry: RegistryFolder, tmp_path: Path) -> None:
    location = tmp_path / "made"
    location.mkdir(mode=0o500)
    done = subprocess.run(
        [TOOL, "build", "--root", registry.root, "--out", location / "site"],
        capture_output=True, text=True, check=False, preexec_fn=without_override,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("error: ")
    assert list(location.iterdir()) == []


def test_a_stale_index_lock_stops_no_publisher(registry: RegistryFolder, tmp_path: Path) -> None:
    (registry.root / ".git/index.lock").touch()
    tool("publish", "--root", registry.root, "--branch", "main", "--out", tmp_path / "site")
    assert registry.git("log", "-1", "--format=%s", "main") == "Regenerate the indexes"
    assert (tmp_path / "site/index.html").is_file()
