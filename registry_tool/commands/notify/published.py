"""What a publish tells: the versions that the output did not show before, with what changed in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final

from registry_tool.catalogue.load import load_line, load_settings
from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.catalogue.publication import VersionKey
from registry_tool.commands.maintain.publish import PublishResult
from registry_tool.commands.notify.send import Delivery, SendPolicy, send
from registry_tool.core.clock import instant
from registry_tool.report.notifications.announcement import Announcement
from registry_tool.report.notifications.wording import PublishedFacts, many_published, published
from registry_tool.store import paths
from registry_tool.store.changes import changes_between
from registry_tool.store.first_published import is_on_first_parent_line
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository

MOST_MESSAGES: Final = 5
"""Versions of one publish that get a message each; more share one, since chats take few messages a minute."""
_MOST_CHANGES: Final = 8


def send_published(
    root: Path,
    result: PublishResult,
    base_url: str,
    environ: Mapping[str, str],
    policy: SendPolicy | None = None,
) -> list[Delivery]:
    """Notify receivers of what a publish has made visible; of a first output, nothing."""
    policy = policy or SendPolicy()
    repository = Repository(root)
    tree = GitTree(repository, result.commit)
    settings = load_settings(tree)
    if not settings.notifications or not result.since:
        return []
    new = newly_published(repository, result.since, result.commit)
    facts = list(_facts(tree, new, base_url or settings.url))
    time = instant(policy.clock.now())
    return send(settings, _announcements(settings.name, time, facts), environ, policy)


def newly_published(repository: Repository, old: str, new: str) -> list[VersionKey]:
    """The versions that one commit has and an earlier one on the same line lacks, by name."""
    if not repository.find(old) or not is_on_first_parent_line(repository, old, new):
        return []
    found = (
        paths.version_of(change.path)
        for change in changes_between(repository, old, new)
        if change.kind == "added" and change.path.endswith(f"/{paths.COMPILED}")
    )
    return sorted({version[:2] for version in found if version and version[2] == paths.COMPILED})


def _facts(tree: GitTree, new: list[VersionKey], base_url: str) -> Iterator[PublishedFacts]:
    for name in dict.fromkeys(name for name, _ in new):
        line = load_line(tree, name, {})
        for version in line.versions if line else ():
            if (name, version.number) in new and line:
                yield _version(line, version, base_url.rstrip("/"))


def _version(line: Line, version: PublishedVersion, base_url: str) -> PublishedFacts:
    from registry_tool.site.facts.changes import changes_between as changes

    below = {after.number: before for before, after in pairwise(line.versions)}
    found = changes(below[version.number], version) if version.number in below else None
    differences = [f"{change.field}: {change.words}" for change in found.found] if found else []
    about = version.workflow.metadata
    return PublishedFacts(
        name=version.name,
        version=version.number,
        author=about.author,
        description=about.description,
        url=f"{base_url}/workflows/{version.name}/{version.number}/" if base_url else "",
        bump=found.bump if found else "",
        changes=tuple(differences[:_MOST_CHANGES]),
    )


def _announcements(registry: str, time: str, facts: list[PublishedFacts]) -> list[Announcement]:
    if len(facts) > MOST_MESSAGES:
        return [many_published(registry, time, facts)]
    return [published(registry, time, one) for one in facts]
