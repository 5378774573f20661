"""`status`: what serves, what goes on, and what failed last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.attempts import (
    Attempt,
    failure_sentence,
    last_failure,
    last_rollback,
    rollback_sentence,
)
from registry_tool.deploy.event_log import DeployEvent, events_folder, read_event
from registry_tool.deploy.model import Deployment
from registry_tool.deploy.render import deployment_json, rollout_sentence
from registry_tool.state.target import Target
from registry_tool.store.git.commit_tree import GitTree


@dataclass(frozen=True, slots=True)
class Status:
    """One workflow in one environment. `failed` and `back` are None where a deployment has ended well since."""

    deployment: Deployment
    failed: Attempt | None = None
    back: Attempt | None = None

    def to_value(self) -> Object:
        """As JSON."""
        return {
            **deployment_json(self.deployment),
            "last_failure": self.failed.to_value() if self.failed else None,
            "last_rollback": self.back.to_value() if self.back else None,
        }

    def sentences(self) -> Iterator[str]:
        """What the table has no room for."""
        location = f"{self.deployment.workflow} in {self.deployment.environment}"
        if self.deployment.rollout is not None:
            yield f"{location}: {rollout_sentence(self.deployment.rollout)}"
        if self.failed is not None:
            yield failure_sentence(location, self.failed)
        if self.back is not None:
            yield rollback_sentence(location, self.back)


def statuses(target: Target, deployments: Iterable[Deployment]) -> list[Status]:
    """Each with its newest events; all of one state of the branch."""
    tree = target.store().branch.files()
    return [_status(tree, deployment, target.notes.warn) for deployment in deployments]


def _status(tree: GitTree, deployment: Deployment, say: Callable[[str], None]) -> Status:
    folder = events_folder(deployment.environment, deployment.workflow)
    files = [file.path for file in tree.files(folder)]

    reported: set[str] = set()

    def newest_first() -> Iterator[DeployEvent]:
        for path in reversed(files):
            try:
                yield read_event(tree.read(path), path)
            except RegistryError as error:  # one bad event hides none of the others
                if path not in reported:
                    say(str(error))
                reported.add(path)

    return Status(deployment, last_failure(newest_first()), last_rollback(newest_first()))
