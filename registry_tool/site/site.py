"""What every page of a site shares, and the compact values that aggregates are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.core.values import Object
from registry_tool.site.templates import LANGUAGES

Summary = Object
"""A WorkflowSummary (SPEC.md §3) with the facets that lists show."""


UNKNOWN = "https://registry.example"
"""Stands for a registry's address where neither settings nor the build know it; the script puts in its own."""


@dataclass(frozen=True, slots=True)
class DeployedWorkflow:
    """What one environment serves of one workflow.

    `serving` has (version, percent of runs, since); `status` is the word of `puppy-cli status`; `failed_stage` is
    where the last deployment failed, if it did, at `failed_time`. `runs` counts those that ended in this month and
    the one before, `failed_runs` those of them that did not succeed; `last_run` is when the last one ended.
    """

    workflow: str
    environment: str
    status: str
    serving: tuple[tuple[str, int, str], ...] = ()
    failed_stage: str = ""
    failed_time: str = ""
    runs: int = 0
    failed_runs: int = 0
    last_run: str = ""


@dataclass(frozen=True, slots=True)
class DeployedView:
    """The state of all deployments; `unread` says what of it could not be read, and is empty where all was."""

    workflows: tuple[DeployedWorkflow, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A site: its registry's settings and where it is served.

    `base_url` has no slash at its end, and is empty where nobody knows it: pages then have no canonical address.
    `deployed` is what serves where, None where the registry does not show it.
    """

    settings: RegistrySettings
    base_url: str = ""
    languages: tuple[str, ...] = LANGUAGES
    deployed: DeployedView | None = None

    def own_words(self, language: str) -> dict[str, str]:
        """What the settings say in a language: `registry_description`, and `own_category_<id>` by category."""
        translation = self.settings.translations.get(language)
        words = {
            "registry_description": (translation.description if translation else "")
            or self.settings.description
        }
        return words | {
            f"own_category_{key}": t
            for key, t in (translation.categories if translation else {}).items()
        }

    @property
    def known_address(self) -> str:
        """Where the registry is read, without a slash at its end; empty where nobody says."""
        return self.base_url or self.settings.url.rstrip("/")

    @property
    def address(self) -> str:
        """Where the registry is read, without a slash at its end; `UNKNOWN` where nobody says."""
        return self.known_address or UNKNOWN

    @property
    def name(self) -> str:
        """What the registry is called."""
        return self.settings.name


@dataclass(frozen=True, slots=True)
class WorkflowList:
    """A list of workflows: `kind` is `workflows`, `categories`, `authors` or `tags`.

    `key` and `title` are empty for all workflows; `title` is what the settings call a category.
    """

    kind: str
    key: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A category, author or tag in a list of them: its title is empty where the settings give it none."""

    key: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Highlights:
    """What the home page shows, each best first: the latest updates, the most downloaded, the certified."""

    latest: Sequence[Summary] = ()
    used: Sequence[Summary] = ()
    certified: Sequence[Summary] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a registry holds.

    `facets` counts workflows by facet and value (`{"licence": {"MIT": 3}, "edges": {"llm": 7}}`);
    `months` counts versions by month of publication (`{"2026-01": 4}`). `required` counts the workflows that
    require each one, `requires` has what each requires, or nothing where that is too much to draw.
    """

    workflows: int = 0
    versions: int = 0
    authors: int = 0
    categories: int = 0
    tags: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    required: Mapping[str, int] = field(default_factory=dict)
    requires: Mapping[str, Sequence[str]] = field(default_factory=dict)
