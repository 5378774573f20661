"""Release notes of a version as Markdown: what changed since the version below, and the bump that it required."""

from __future__ import annotations

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.site.facts.changes import changes_between
from registry_tool.site.templates import LANGUAGES, messages, plain_environment

MOST_CHANGES = 200
"""Changes that notes tell; of more there is the page of differences."""


def release_notes(
    before: PublishedVersion, after: PublishedVersion, language: str = LANGUAGES[0]
) -> str:
    """What changed from one version to a later one; empty where it is more than `MOST_CHANGES`.

    Strangers' words are text alone: no link, heading or code of theirs. The page of differences has the same
    notes as its Markdown twin.
    """
    changes = changes_between(before, after)
    if len(changes.found) + len(changes.flows) > MOST_CHANGES:
        return ""
    words = messages(language)
    template = plain_environment().get_template("release_notes.md")
    return template.render(d=changes.worded(words), t=words)
