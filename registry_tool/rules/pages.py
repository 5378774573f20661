"""What publishing makes of a version can be made: its pages, API documents, package and entries.

Whoever judges a request makes them (commands/review/pages.py) and tells here what could not be made; a description
that lists could not show is reported without.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.core.finding import Problem
from registry_tool.rules.base import Rule, Subject

MOST_DESCRIPTION: Final = 4096
"""Characters: every list, feed and search result that names the workflow holds its whole description."""
HELP: Final = "leave out or shorten what is so large there; long texts and data belong into files of the package"


def _check(subject: Subject) -> Iterator[Problem]:
    length = len(subject.workflow.metadata.description)
    if subject.is_addition and length > MOST_DESCRIPTION:
        yield Problem(
            ("metadata", "description"),
            f"the description has {length} characters, more than {MOST_DESCRIPTION}",
            "say it in a paragraph, and the rest in docs/README.md",
        )
    for part in subject.context.unmade:
        yield Problem(part.route, part.reason, HELP, path=part.path, location=part.location)


RULE = Rule("pages", "Its pages, documents and package can be made within bounds.", _check)
