"""What is found out about a successor: recorded, checked, compared; and what can't be proposed at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.commands.monitor.replacement.evidence import EvidenceCollector
from registry_tool.commands.monitor.replacement.next_version import Replacement, replacement
from registry_tool.core.errors import RegistryError
from registry_tool.sources.commit import TreeSource
from registry_tool.sources.commit_program import program_from_tree
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from tests.commands.monitor.replacement.conftest import NOW, Retiring, ScriptedAnswers

WHO = Identity("Ada", "ada@example.com", "2026-11-25T00:00:00Z")


def collected(retiring: Retiring) -> tuple[EvidenceCollector, Replacement]:
    repository = Repository(retiring.made.root)
    start = repository.commit("HEAD")
    base = program_from_tree(TreeSource(GitTree(repository, start)), "asker", "1.0.0")
    (move,) = retiring.moves()
    collector = EvidenceCollector(repository, start, retiring.access, WHO, NOW)
    return collector, replacement(base, move, NOW)


def test_a_model_that_is_gone_loses_every_pair(
    retiring: Retiring, answers: ScriptedAnswers
) -> None:
    answers.says["old-7b"] = None
    collector, version = collected(retiring)
    found = collector.of(version)
    assert (found.refused, found.evaluation.comparison.better) == ((), 1)
    assert len(found.version.new.cassette().recordings) == 1


def test_what_is_wrong_beside_the_tests_is_not_proposed(
    retiring: Retiring, answers: ScriptedAnswers
) -> None:
    collector, version = collected(retiring)
    stale = {**version.new.files, paths.COMPILED: b"{}"}
    with pytest.raises(RegistryError, match="the check would refuse it"):
        collector.of(replace(version, new=replace(version.new, files=stale)))
