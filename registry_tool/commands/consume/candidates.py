"""Names that a shell may complete, out of what is on this machine; a choice's `offline` is the caller's to set."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.catalogue.load import load_settings
from registry_tool.sources.configuration.choice import RegistryChoice
from registry_tool.sources.reader import open_reader
from registry_tool.sources.reference import open_reference
from registry_tool.store.registry_tree import registry_tree


def workflow_names(choice: RegistryChoice) -> Sequence[str]:
    """Every workflow's name, sorted."""
    return open_reader(choice).names()


def version_numbers(choice: RegistryChoice, name: str) -> Sequence[str]:
    """A workflow's versions, newest first; none for one that isn't there."""
    return [one.version for one in reversed(open_reader(choice).versions(name))]


def environment_names(choice: RegistryChoice) -> Sequence[str]:
    """A registry's environments, the lowest first; none where it isn't a folder: only a clone can be operated."""
    if choice.folder is None:
        return []
    return list(load_settings(registry_tree(choice.folder)).environments)


def test_names(choice: RegistryChoice, reference: str) -> Sequence[str]:
    """The names of a workflow's own tests."""
    workflow = open_reference(reference, choice).program.workflow
    return [one.name for one in workflow.tests]
