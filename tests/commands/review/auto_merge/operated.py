"""A registry that merges routine releases, on a forge that remembers (tests/forge/stand_in)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from registry_tool.commands.review.auto_merge.attempt import MergeAttempt
from registry_tool.commands.review.auto_merge.merger import AutoMerger
from registry_tool.core.clock import FixedClock
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.model import PullRequest
from registry_tool.store.git.repository import Repository as Clone
from tests.conftest import RegistryFolder
from tests.forge.stand_in import requests
from tests.forge.stand_in.repositories import Repository
from tests.forge.stand_in.server import Person, StandIn, stand_in

NAME = "puppyai/registry"
TOKENS = {"ada": "gho_of-ada-0123456789", "job": "ghs_of-the-job-0123456789"}
ZOE, EVE = (9, "zoe"), (666, "eve")
START = datetime(2031, 5, 4, 12, tzinfo=UTC)
POLICY = """
policy:
  maintainers: [{ login: zoe, id: 9 }]
  auto_merge: { bumps: [patch], wait: { new_version: 24h }, score: 10 }
"""


@dataclass
class Operated:
    """The registry's working copy, its forge, and the clone that the job has."""

    registry: RegistryFolder
    forge: StandIn
    clone: Path
    warnings: list[str]

    def now(self, hours: float) -> None:
        """The forge's clock, from START."""
        self.forge.now = (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def github(self, who: str) -> GitHub:
        """Somebody's connection."""
        pace = Pace(sleep=lambda _: None)
        return GitHub(NAME, TOKENS[who], self.forge.address, pace=pace)

    def commit(self, name: str, version: str, change: Callable[[Path], object] = str) -> str:
        """A commit that releases a version, known to the forge."""
        self.registry.git("checkout", "--quiet", "--detach", "origin/main")
        change(self.registry.add(name, version))
        made = self.registry.commit(f"Publish {name} {version}")
        self.registry.git("push", "--quiet", "origin", f"HEAD:refs/sent/{made}")
        self.registry.git("push", "--quiet", "origin", f":refs/sent/{made}")
        return made

    def propose(self, name: str, version: str, change: Callable[[Path], object] = str) -> Any:
        """ada's pull request that releases a version."""
        made, branch = self.commit(name, version, change), f"publish/{name}-{version}"
        self.github("ada").objects.create_branch(branch, made)
        self.github("ada").pulls.open_pull_request(PullRequest("Publish", "", branch, "main"))
        return self.forge.pulls(NAME)[-1]

    def merger(self, hours: float, **more: Any) -> AutoMerger:
        """The job, so many hours after START."""
        self.now(hours)
        clock = FixedClock(START + timedelta(hours=hours))
        job = self.github("job")
        return AutoMerger(
            Clone(self.clone), job, "origin", clock=clock, warn=self.warnings.append, **more
        )

    def look(self, hours: float, **more: Any) -> list[MergeAttempt]:
        """What the job does then."""
        return list(self.merger(hours, **more).run())

    def comments(self, pull: Any) -> list[str]:
        """The status comments of a request."""
        return [
            one["body"] for one in pull["comments"] if "registry-tool auto-merge" in one["body"]
        ]

    def main(self) -> str:
        """The registry's branch."""
        return self.forge.repositories[NAME].line("rev-parse", "main")

    def label(self, pull: Any, kind: str, who: tuple[int, str]) -> None:
        """Somebody sets or takes the label that stops."""
        requests.event(self.forge, pull, kind, who, "hold-merge")


@contextmanager
def operating(registry: RegistryFolder, tmp_path: Path) -> Iterator[Operated]:
    """A registry with a policy, and its forge while the block runs."""
    settings = registry.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + POLICY)
    registry.commit("Merge routine releases")
    bare, clone = tmp_path / "bare.git", tmp_path / "clone"
    registry.git("clone", "--quiet", "--bare", ".", str(bare))
    registry.git("remote", "add", "origin", str(bare))
    registry.git("fetch", "--quiet", "origin")
    subprocess.run(["git", "clone", "--quiet", bare, clone], check=True)
    with stand_in(tmp_path) as running:
        running.repositories[NAME] = Repository(NAME, bare, {"ada", "github-actions[bot]"})
        running.people[TOKENS["ada"]] = Person("ada", 1)
        running.people[TOKENS["job"]] = Person("github-actions[bot]", 41_898_282, "", app=True)
        yield Operated(registry, running, clone, [])
