"""Judges one version of a request in the process that calls it: the confined child."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from registry_tool.catalogue.load import load_settings
from registry_tool.commands.review.change_set import facts_of
from registry_tool.commands.review.judge import JudgeRequest
from registry_tool.commands.review.rule_contexts import Scope
from registry_tool.commands.review.version_judge import VersionJudge
from registry_tool.core.finding import Finding
from registry_tool.core.values import Object
from registry_tool.rules import pages
from registry_tool.rules.all_rules import refused
from registry_tool.rules.base import Subject
from registry_tool.store.changes import changes_between
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository


def judge_in_git(
    request: JudgeRequest, name: str, version: str, send: Callable[[Object], object]
) -> tuple[Subject | None, tuple[Finding, ...]]:
    """Judge one version of a request, in the process that calls this (the confined one).

    Of one that nothing else is wrong with, all is made that publishing would make. `send` hears what begins.
    """
    found_by = _judge_of(request)
    subject, found = found_by.judge(name, version, lambda rule: send({"rule": rule}))
    if subject is not None and not refused(found):
        from registry_tool.commands.review.pages import page_findings  # what renders is loaded last

        send({"rule": pages.RULE.id})
        found += page_findings(found_by.after, found_by.settings, subject, send)
    return subject, found


@cache
def _judge_of(request: JudgeRequest) -> VersionJudge:
    repository = Repository(Path(request.location))
    before, after = GitTree(repository, request.before), GitTree(repository, request.after)
    changes = changes_between(repository, request.before, request.after)
    settings = load_settings(before)
    facts = facts_of(changes, before, after, settings, request.actor)
    return VersionJudge(before, after, settings, facts.change_set, Scope())
