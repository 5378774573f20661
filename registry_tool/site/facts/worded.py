"""What of a version's page depends on the language."""

from __future__ import annotations

from collections.abc import Iterable

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.manifest.model import Workflow
from registry_tool.site.contexts import Context, Words, category_title


def worded(page: Context, version: PublishedVersion, words: Words) -> Context:
    """A version's page in a language's words."""
    return {
        **page,
        "category": category_title(str(page["category_title"]), str(page["category_key"]), words),
        "security": _security(version.workflow, words),
        "needs": _needs(version.workflow, words),
    }


def _security(workflow: Workflow, words: Words) -> list[tuple[str, str]]:
    """Who may do what, and how personal data is handled, in a language's words."""
    rules = workflow.security

    def people(names: Iterable[str]) -> str:
        return words["comma"].join(words.get(f"who_{name}", name) for name in names)

    facts = [
        (words["may_read"], people(rules.read)),
        (words["may_execute"], people(rules.execute)),
        (words["may_modify"], people(rules.modify)),
        (words["personal_data"], words.get(f"pii_{rules.pii_handling}", rules.pii_handling)),
        (words["retention"], rules.data_retention),
        (words["encryption"], rules.encryption),
    ]
    return [fact for fact in facts if fact[1]]


def _needs(workflow: Workflow, words: Words) -> list[tuple[str, str]]:
    """What a run needs of its machine, in a language's words."""
    requirements = workflow.requirements
    facts = [
        (words["needs_compute"], requirements.compute),
        (words["needs_memory"], requirements.memory),
        (words["needs_storage"], requirements.storage),
        (words["needs_timeout"], requirements.timeout),
    ]
    return [fact for fact in facts if fact[1]]
