"""The gatekeeper on a registry of real shape and on ten of it: a check costs what its diff costs.

`check-pr` of one new version on 8,900 and on 89,000 versions (aim: the same number of git calls, a ratio of at
most 1.2, under a second); `check` of everything (aim: 1.5 ms a version on one core); resolving the dependencies
of every version.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from real_registry import DATA, Compiler, Real, manifest, read, repository, sample_is_true
from timing import sized

from registry_tool.commands.review.acceptance import actor_from
from registry_tool.commands.review.check import check
from registry_tool.commands.review.check_pr import check_merge
from registry_tool.commands.review.pr_result import PrResult
from registry_tool.core.errors import RegistryError
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate, FixedSource
from registry_tool.resolver.solve import solve
from registry_tool.resolver.version import parse
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository

WHO = Identity("Ada", "ada@example.com", "2024-01-01T00:00:00Z")
ROUNDS = sized(9, 1)
WORKFLOWS = sized(None, 20)


def publish(folder: Path, real: Real, name: str) -> str:
    """A commit that adds the next patch of a workflow's highest version."""
    before = highest(real, name)
    major, minor, patch = parse(before).release
    number = f"{major}.{minor}.{patch + 1}"
    needs = real.requires[name, before]
    base = f"registry/workflows/{name}/{number}"
    store = Repository(folder)
    files = {
        f"{base}/manifest.yaml": manifest(name, number, needs),
        f"{base}/workflow.json": Compiler()(name, number, needs),
        f"{base}/docs/README.md": b"# Next\n",
    }
    above = store.commit("main")
    return store.commit_with(above, files, [above], "Publish", WHO)


def judged(folder: Path, head: str) -> tuple[float, int, PrResult]:
    """Seconds, git calls and the verdict of one check in a fresh repository object."""
    start = time.perf_counter()
    store = Repository(folder)
    result = check_merge(store, "main", head, actor=actor_from("1", "ada"))
    return time.perf_counter() - start, store.calls, result


def source_of(real: Real) -> FixedSource:
    """The registry as a resolver sees it."""
    return FixedSource(
        {
            name: [
                Candidate(name, number, requires=_needs(real, name, number))
                for number in sorted(numbers, key=parse)
            ]
            for name, numbers in real.versions.items()
        }
    )


def _needs(real: Real, name: str, number: str) -> tuple[Requirement, ...]:
    return tuple(Requirement(n, r) for n, r in real.requires[name, number].items())


def highest(real: Real, name: str) -> str:
    """A workflow's highest version."""
    return max(parse(number) for number in real.versions[name]).text


def a_busy_workflow(real: Real) -> str:
    """The one whose highest version pulls in the most others, among those that can be resolved."""
    source = source_of(real)
    best, most = "", -1
    for name in real.versions:
        try:
            chosen = solve(_needs(real, name, highest(real, name)), source).chosen
        except RegistryError:
            continue
        if len(chosen) > most:
            best, most = name, len(chosen)
    print(f"{best} pulls in {most} others")
    return best


def check_pr(folder: Path) -> None:
    small, large = read(1, WORKFLOWS), read(10, WORKFLOWS)
    assert sample_is_true(small)
    name = a_busy_workflow(small)
    locations = {"1 x": (folder / "small.git", small), "10 x": (folder / "large.git", large)}
    heads = {}
    for label, (location, real) in locations.items():
        repository(location, real)
        heads[label] = publish(location, real, name)
        print(f"{label}: {len(real.versions)} workflows, {len(real.requires)} versions", flush=True)
    times: dict[str, list[float]] = {label: [] for label in locations}
    calls, verdicts = {}, {}
    for _ in range(ROUNDS):
        for label, (location, _real) in locations.items():
            seconds, calls[label], result = judged(location, heads[label])
            times[label].append(seconds)
            verdicts[label] = result.verdict, [f.message for f in result.findings[:1]]
    medians = {label: statistics.median(seconds) for label, seconds in times.items()}
    for label, median in medians.items():
        print(
            f"check-pr, {label}: {median * 1000:.0f} ms, {calls[label]} git calls, {verdicts[label]}"
        )
    print(f"ratio {medians['10 x'] / medians['1 x']:.2f}, aim at most 1.2")
    tool = Path(sys.executable).parent / "registry-tool"
    words = [
        "check-pr",
        "--registry",
        locations["10 x"][0],
        "--base",
        "main",
        "--head",
        heads["10 x"],
    ]
    start = time.perf_counter()
    subprocess.run([tool, *words, "--actor-id", "1"], capture_output=True, check=False)
    print(f"the whole command on 10 x: {time.perf_counter() - start:.2f} s, aim under 1 s")


def check_everything(folder: Path) -> None:
    work = folder / "work"
    subprocess.run(["git", "clone", "--quiet", folder / "small.git", work], check=True)
    start = time.process_time()
    result = check(work)
    seconds = time.process_time() - start
    errors = [f for f in result.findings if f.severity.value == "error"]
    print(
        f"check of everything: {result.versions} versions, {seconds:.1f} s of one core, "
        f"{seconds / result.versions * 1000:.2f} ms a version, aim 1.5; {len(errors)} errors"
    )


def resolve_everything() -> None:
    real = read(1, WORKFLOWS)
    source = source_of(real)
    times: list[float] = []
    failed = 0
    for candidates in source.by_name.values():
        for candidate in candidates:
            start = time.perf_counter()
            try:
                solve(candidate.requires, source, by=f"{candidate.name}:{candidate.version}")
            except RegistryError:
                failed += 1
            times.append(time.perf_counter() - start)
    times.sort()
    print(
        f"resolving {len(times)} versions: median {statistics.median(times) * 1000:.2f} ms, "
        f"p99 {times[int(len(times) * 0.99)] * 1000:.1f} ms, worst {times[-1] * 1000:.0f} ms; "
        f"{failed} have no answer (conflicts and circles under ^ ranges)"
    )


def main() -> None:
    if not DATA.is_file():
        print(f"not run: {DATA} (real names and dependencies) is absent")
        return
    with tempfile.TemporaryDirectory() as folder:
        check_pr(Path(folder))
        check_everything(Path(folder))
    resolve_everything()


if __name__ == "__main__":
    main()
