"""How old the recorded answers of a published version are, as git or else its manifest says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from registry_tool.core.errors import MissingToolError, NotFoundError
from registry_tool.report.recorded_answers import RecordedAnswers, dated
from registry_tool.sources.program import Program
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.first_brought import first_brought
from registry_tool.store.git.repository import Repository


def recorded_answers(program: Program, tree: GitTree | None, now: datetime) -> RecordedAnswers:
    """What its tests rest on, and its age: a model may answer otherwise today under the same name."""
    recordings, about = program.cassette().recordings, program.workflow.metadata
    models = tuple(sorted({one.answer.model for one in recordings.values()}))
    name, version = program.workflow.name, program.workflow.version
    by_git = first_brought(tree, name, version, paths.CASSETTES) if tree and recordings else ""
    return dated(len(recordings), models, by_git, about.updated or about.created, now)


def head_of(root: Path) -> GitTree | None:
    """The commit that a clone has checked out; None where there is no git, or no commit yet."""
    try:
        repository = Repository(root)
        head = repository.find("HEAD")
    except (GitError, MissingToolError, NotFoundError):
        return None
    return GitTree(repository, head) if head else None
