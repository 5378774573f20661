"""The real command, killed with SIGKILL at every stage, stopped, crowded out, left without a disk."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import DeployOptions, deploy
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.state.target import Target
from tests.conftest import RegistryFolder
from tests.e2e.hardship import HERE, TOOL, Remote, without_override
from tests.started import Started, run

pytestmark = pytest.mark.e2e
STAGES = ("select", "configure", "resolve", "allocate", "health-check", "switch", "watch")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Remote:
    """A remote to copy."""
    folder = tmp_path_factory.mktemp("published")
    registry = RegistryFolder(folder / "registry", git=True)
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        registry.add("hello", version)
    registry.add("caller", "1.0.0", hello="^1.0.0")
    registry.commit("Publish")
    return Remote(folder, registry)


@pytest.fixture(scope="module")
def deployed(published: Remote, tmp_path_factory: pytest.TempPathFactory) -> Remote:
    """A remote to copy, at which hello 1.0.0 serves."""
    remote = published.copied(tmp_path_factory.mktemp("deployed"))
    deploy(Target(remote.clone("one"), "origin"), "hello:1.0.0", "development")
    return remote


@pytest.fixture
def remote(published: Remote, tmp_path: Path) -> Remote:
    return published.copied(tmp_path)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What killed commands leave in the folder for temporary files goes with the test's own."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))


def until(remote: Remote, process: Started, events: int) -> None:
    """Wait until the remote has so many events, or the process has ended."""
    seen, count = None, 0
    while count < events and process.poll() is None:
        if (tip := remote.tip()) != seen:
            seen, count = tip, remote.count()
        time.sleep(0.005)


def killed_at(remote: Remote, clone: Path, events: int, workflow: str, **more: str) -> None:
    """Kill a deployer as soon as the remote has so many events."""
    with remote.start(clone, workflow, **more) as process:
        until(remote, process, events)
        process.send_signal(signal.SIGKILL)


@pytest.mark.parametrize("number", range(len(STAGES)), ids=STAGES)
def test_a_kill_at_any_stage_is_repaired(deployed: Remote, tmp_path: Path, number: int) -> None:
    remote = deployed.copied(tmp_path)
    clone = remote.clone("one")
    target = Target(clone, "origin")
    before = remote.count()
    killed_at(remote, clone, before + number + 1, "hello:1.1.0", id="dep-a")
    left = remote.state(clone)
    assert left is not None
    assert left.serves
    assert all(entry.error is None for entry in reconcile(target))
    state = remote.state(clone)
    assert state is not None
    assert (state.main.version, state.rollout) == ("1.1.0", None)
    assert state.previous is not None
    assert state.previous.version == "1.0.0"
    stages = remote.stages()
    assert stages[:7] == list(STAGES)
    assert stages.count("watch") == 2


@pytest.mark.parametrize("delay", [0.3, 0.6, 0.9])
def test_a_kill_at_any_moment_is_repaired_by_the_next_deployer(
    remote: Remote, delay: float
) -> None:
    clone = remote.clone("one")
    with remote.start_cold(clone, "hello:1.1.0") as process:
        time.sleep(delay)
        process.kill()
    remote.state(clone)
    deploy(Target(clone, "origin"), "hello:1.2.0", "development")
    state = remote.state(clone)
    assert state is not None
    assert (state.main.version, state.rollout) == ("1.2.0", None)


def test_a_stopped_deployer_that_wakes_is_fenced_off(remote: Remote) -> None:
    """SIGSTOP stands for a machine that sleeps; the same job is started again elsewhere, then the first wakes."""
    clone, other = remote.clone("one"), remote.clone("two")
    with remote.start(clone, "hello:1.1.0", id="job-1") as process:
        until(remote, process, 2)
        assert process.poll() is None
        process.send_signal(signal.SIGSTOP)
        deploy(Target(other, "origin"), "hello:1.1.0", "development", how=DeployOptions(id="job-1"))
        events = remote.count()
        process.send_signal(signal.SIGCONT)
        output = process.stderr.read()
    assert process.returncode == 1, output
    assert "was taken over or ended by another" in output
    assert "Traceback" not in output
    assert remote.count() == events
    state = remote.state(clone)
    assert state is not None
    assert state.main.version == "1.1.0"


@pytest.mark.parametrize(
    "workflows", [["hello:1.0.0"], ["hello:1.0.0", "hello:1.1.0", "caller:1.0.0"]]
)
def test_eight_deployers_at_once(remote: Remote, workflows: list[str]) -> None:
    clones = [remote.clone(f"clone{number}") for number in range(8)]
    wanted = [workflows[number % len(workflows)] for number in range(8)]
    running = [remote.start(clone, one) for clone, one in zip(clones, wanted, strict=True)]
    found = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 8, found
    for name in {one.partition(":")[0] for one in wanted}:
        state = remote.state(clones[0], name)
        assert state is not None
        assert state.rollout is None
        assert state.main.weight == 100


def test_an_interrupted_job_lets_go(remote: Remote) -> None:
    clone = remote.clone("one")
    with remote.start(clone, "hello:1.1.0") as process:
        until(remote, process, 1)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        _, output = process.communicate()
    assert process.returncode == 130, output
    state = remote.state(clone)
    assert state is not None
    assert state.rollout is None or state.rollout.holder == "", output


def test_a_stale_index_lock_is_none_of_its_business(remote: Remote) -> None:
    clone = remote.clone("one")
    (clone / ".git/index.lock").touch()
    deploy(Target(clone, "origin"), "hello:1.0.0", "development")
    assert (clone / ".git/index.lock").exists()


def test_a_full_disk_is_reported_and_nothing_is_half_written(
    deployed: Remote, tmp_path: Path
) -> None:
    remote = deployed.copied(tmp_path)
    clone = remote.clone("one")
    before = remote.state(clone)
    words = remote.command(clone, "hello:1.1.0")
    done = run(words, cwd=clone, before=(f"{HERE}:small_files", 700))
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("error: ") or "\nerror: " in done.stderr
    assert "Traceback" not in done.stderr
    state = remote.state(clone)
    assert state is not None
    assert before is not None
    assert state.serving == before.serving
    deploy(Target(clone, "origin"), "hello:1.1.0", "development")
    after = remote.state(clone)
    assert after is not None
    assert after.main.version == "1.1.0"


def test_a_read_only_clone_is_reported(remote: Remote) -> None:
    clone = remote.clone("one")
    folders = [folder for folder in (clone / ".git").rglob("*") if folder.is_dir()]
    for folder in folders:
        folder.chmod(0o500)
    done = subprocess.run(
        [TOOL, *remote.command(clone, "hello:1.0.0")[1:]],
        capture_output=True, text=True, check=False, preexec_fn=without_override,
    )  # fmt: skip
    for folder in folders:
        folder.chmod(0o700)
    assert done.returncode == 1, done.stderr
    assert "error: " in done.stderr
    assert "Traceback" not in done.stderr
    assert remote.count() == 0
