"""`registry-tool auto-merge`: look at the open requests whose time has come, say what becomes of each, merge.

One request after the other, each judged on the branch as it is then; merged is the commit that was judged and no
other, and what came of it is compared with what was judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from registry_tool.catalogue.auto_merge import AutoMergePolicy
from registry_tool.catalogue.load import load_settings
from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.review.auto_merge.attempt import (
    MergeAttempt,
    in_code,
    unknown_outcome,
)
from registry_tool.commands.review.auto_merge.comment import (
    StatusComment,
    comment_text,
    is_recheck_due,
    policy_key,
    status_comment,
)
from registry_tool.commands.review.auto_merge.decision import (
    JudgedMerge,
    MergeOutcome,
    RequestFacts,
    decide,
)
from registry_tool.commands.review.auto_merge.facts import (
    changes_asked_by,
    proposed_since,
    stopped_by,
)
from registry_tool.commands.review.auto_merge.releases import CONFLICT, judged_merge
from registry_tool.commands.review.check_pr import MergeConflictError, check_merge
from registry_tool.commands.review.pr_result import MergeSides
from registry_tool.commands.review.rule_contexts import Scope
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.http import LostError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.http import MOST_LISTED, TooManyError
from registry_tool.forge.open_requests import OpenRequest, Push
from registry_tool.monitoring.successors import BRANCHES
from registry_tool.rules.change_set import Actor, Pusher
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository

MOST: Final = 100
"""Requests that one look takes; of more, each look takes the next ones."""
_LOOK_EVERY: Final = 15 * 60
_MOVED, _NOT_ALLOWED, _UNPROCESSABLE, _TROUBLE = 409, 405, 422, 500
_UNJUDGED = JudgedMerge("held", ("it could not be judged",))


@dataclass(frozen=True)
class AutoMerger:
    """Merges routine releases into `base` of the registry that `github` and the clone's `remote` are.

    With `dry_run` nothing is written or merged. `warn` hears of requests that are left for the next look.
    """

    repository: Repository
    github: GitHub
    remote: str
    base: str = "main"
    clock: Clock = field(default_factory=SystemClock)
    dry_run: bool = False
    warn: Callable[[str], None] = lambda _: None

    def due(self) -> tuple[OpenRequest, ...]:
        """The requests that have to be looked at; none where the registry has no policy. Judges nothing."""
        policy = self._settings(self._base()).auto_merge
        return tuple(request for request, _ in self._due(policy)) if policy else ()

    def run(self) -> Iterator[MergeAttempt]:
        """Look at each request that is due; where one was merged, the site is published."""
        policy = self._settings(self._base()).auto_merge
        if policy is None:
            return
        merged = False
        try:
            for request, known in self._due(policy):
                looked = self._look_at(request, policy)
                if looked:
                    merged = merged or bool(looked.merged or looked.problem)
                    self._say(looked, policy, known)
                    yield looked
        finally:
            if merged:
                self._publish()

    def _due(self, policy: AutoMergePolicy) -> Iterator[tuple[OpenRequest, StatusComment | None]]:
        forge, now = self.github.open_requests, self.clock.now()
        own, key = self.github.token_owner(), policy_key(policy)
        for request in self._window(forge.into(self.base), now):
            known = status_comment(forge.comments(request.number), own)
            if is_recheck_due(request, known, key, now):
                yield request, known

    def _window(self, found: tuple[OpenRequest, ...], now: datetime) -> tuple[OpenRequest, ...]:
        """A bounded part of the requests, another one at each look: nobody's flood keeps others waiting."""
        ready = tuple(request for request in found if not request.draft)
        parts = [ready[start : start + MOST] for start in range(0, len(ready), MOST)]
        if len(parts) <= 1:
            return ready
        part = parts[int(now.timestamp()) // _LOOK_EVERY % len(parts)]
        self.warn(f"{len(ready)} requests are open: this look takes {len(part)} of them")
        return part

    def _look_at(self, request: OpenRequest, policy: AutoMergePolicy) -> MergeAttempt | None:
        """What becomes of it now, done; None where the request moved meanwhile."""
        base = self._base()
        settings = self._settings(base)
        if self._head(request.number) != request.head:
            return None
        forge, now = self.github.open_requests, self.clock.now()
        push = forge.newest_push(request.repository, request.branch) if request.repository else None
        judged, sides = self._judged(request, push, base)
        decision = decide(policy, self._facts(request, push, settings), judged, now)
        looked = MergeAttempt(request, decision)
        if decision.outcome is not MergeOutcome.MERGE or self.dry_run:
            return looked
        if self._is_other_now(request, push):
            return None
        return self._merged(looked, policy, sides)

    def _head(self, number: int) -> str:
        """The request's head, fetched now; empty where it can't be, which keeps no other request waiting."""
        try:
            return self.repository.fetch(
                self.remote, f"refs/pull/{number}/head", _local(f"pull/{number}")
            )
        except RegistryError as error:
            self.warn(f"#{number} could not be fetched: {error}")
            return ""

    def _is_other_now(self, request: OpenRequest, push: Push | None) -> bool:
        """Whether base, place, draft or labels changed while it was judged: it is left for the next call.

        A place is asked for by its name, which its owner may give to another repository meanwhile.
        """
        forge = self.github.open_requests
        found = (one for one in forge.into(self.base) if one.number == request.number)
        there = next(found, None)
        if there is None or replace(there, changed=request.changed) != request:
            return True
        return forge.newest_push(request.repository, request.branch) != push

    def _judged(
        self, request: OpenRequest, push: Push | None, base: str
    ) -> tuple[JudgedMerge, MergeSides | None]:
        """What the gatekeeper says of merging the head into the base, and of which commits it says that."""
        others = (
            (Pusher(push.pusher_id, push.pusher),)
            if push and push.pusher_id not in {0, request.author_id}
            else ()
        )
        unknown = push is None or not push.pusher_id
        actor = Actor(request.author_id, request.author, frozenset(), others, unknown)
        try:
            result = check_merge(
                self.repository, base, request.head, actor=actor, scope=Scope(confined=True)
            )
        except MergeConflictError:
            return CONFLICT, None
        except RegistryError as error:
            self.warn(f"#{request.number} could not be judged: {error}")
            return _UNJUDGED, None
        return judged_merge(result), result.sides

    def _facts(
        self, request: OpenRequest, push: Push | None, settings: RegistrySettings
    ) -> RequestFacts:
        forge, number = self.github.open_requests, request.number
        maintainers = frozenset(person.id for person in settings.maintainers)
        label = settings.auto_merge.stop_label if settings.auto_merge else ""
        try:
            events, reviews = forge.events(number), forge.reviews(number)
        except TooManyError:
            return RequestFacts(None, flooded=True)
        return RequestFacts(
            proposed_since(request, push, events),
            stopped_by(events, request, label, maintainers),
            changes_asked_by(reviews, events, maintainers),
            self.github.checks.of(request.head),
            tools_own=request.branch.startswith(BRANCHES),
        )

    def _merged(
        self, looked: MergeAttempt, policy: AutoMergePolicy, sides: MergeSides | None
    ) -> MergeAttempt | None:
        """The request once it is merged, or why GitHub doesn't; None where its head has moved."""
        request = looked.request
        names = ", ".join(f"{r.name} {r.version}" for r in looked.decision.releases)
        title = f"Merge #{request.number}: publish {names}"[:200]
        try:
            commit = self.github.open_requests.merge(
                request.number, request.head, policy.method, title
            )
        except GitHubRefusedError as error:
            if error.status == _MOVED:
                return None
            if error.status >= _TROUBLE:
                return unknown_outcome(looked, error)
            if error.status not in {_NOT_ALLOWED, _UNPROCESSABLE}:
                raise
            reason = f"GitHub refuses the merge: {in_code(error.reason)}"
            decision = replace(looked.decision, outcome=MergeOutcome.WAITS, reasons=(reason,))
            return replace(looked, decision=decision)
        except LostError as error:
            return unknown_outcome(looked, error)
        return replace(looked, merged=commit, problem=self._other_result(commit, sides))

    def _other_result(self, commit: str, sides: MergeSides | None) -> str:
        """What is wrong where the branch moved after judging; empty where what was judged was merged."""
        self._base()
        try:
            tree = self.repository.text("rev-parse", "--verify", "--quiet", f"{commit}^{{tree}}")
        except GitError:
            tree = ""
        if sides and tree == sides.tree:
            return ""
        return (
            f"{self.base} moved while it was merged, so that {commit} is not what was judged: look at it now "
            f"(`registry-tool check`)"
        )

    def _say(
        self, looked: MergeAttempt, policy: AutoMergePolicy, known: StatusComment | None
    ) -> None:
        """Write the comment, or change the one that is there."""
        body = comment_text(looked.decision, looked.request, policy, self.clock.now())
        if looked.merged:
            body += f"\n- merged as `{looked.merged}`"
        if looked.problem:
            body += f"\n\n**{looked.problem}**"
        forge = self.github.open_requests
        if self.dry_run:
            return
        if known:
            forge.change_comment(known.id, body)
        elif sum(1 for _ in forge.comments(looked.request.number)) < MOST_LISTED:
            forge.comment(looked.request.number, body)
        else:
            self.warn(f"#{looked.request.number} has too many comments: none was added")

    def _publish(self) -> None:
        """Have the job `publish` run: what a job's own token merged starts none."""
        try:
            self.github.dispatches.start("publish.yml", self.base)
        except (GitHubRefusedError, NotFoundError) as error:
            self.warn(f"the job publish was not started ({error.reason}): start it by hand")

    def _base(self) -> str:
        return _fetched(self.repository, self.remote, self.base)

    def _settings(self, base: str) -> RegistrySettings:
        return load_settings(GitTree(self.repository, base))


def has_policy(repository: Repository, remote: str, base: str) -> bool:
    """Whether the registry merges anything by itself, as its branch says now."""
    tree = GitTree(repository, _fetched(repository, remote, base))
    return load_settings(tree).auto_merge is not None


def _fetched(repository: Repository, remote: str, base: str) -> str:
    """A remote branch's newest commit, fetched now."""
    commit = repository.fetch(remote, f"refs/heads/{base}", _local(f"base/{base}"))
    if not commit:
        raise UsageError(f"there is no branch {base}", location=remote, hint="name it: --base")
    return commit


def _local(name: str) -> str:
    return f"refs/registry-tool/auto-merge/{name}"
