"""What may stand where somebody presses Tab: names, versions …, as click's `shell_complete` wants it.

Nothing here asks a network: a registry that isn't on this machine is answered for by what was fetched before. What
can't be read gives nothing, since there is nowhere to say why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from registry_tool.core.errors import RegistryError

if TYPE_CHECKING:
    from click import Context, Parameter
    from click.shell_completion import CompletionItem

    from registry_tool.sources.configuration.choice import RegistryChoice

GIVEN = "registry_tool.registry"
"""Where a context keeps what was given for `--registry`, before it is known what it means."""


def names(context: Context, _: Parameter, incomplete: str) -> list[str]:
    """Names of workflows."""
    from registry_tool.commands.consume.candidates import workflow_names

    return _beginning(incomplete, lambda: workflow_names(_choice(context)))


def references(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of workflows, behind `:` or `@` the versions of one, else paths."""
    from click.shell_completion import CompletionItem

    from registry_tool.commands.consume.candidates import version_numbers

    sign = next((one for one in incomplete if one in ":@"), "")
    name = incomplete.partition(sign)[0] if sign else ""
    found = (
        _beginning(
            incomplete,
            lambda: [f"{name}{sign}{number}" for number in version_numbers(_choice(context), name)],
        )
        if sign
        else names(context, parameter, incomplete)
    )
    return [CompletionItem(one) for one in found] or [CompletionItem(incomplete, type="file")]


def environments(context: Context, _: Parameter, incomplete: str) -> list[str]:
    """Names of a registry's environments, the lowest first."""
    from registry_tool.commands.consume.candidates import environment_names

    return _beginning(incomplete, lambda: environment_names(_choice(context)))


def tests(context: Context, _: Parameter, incomplete: str) -> list[str]:
    """Names of a workflow's tests."""
    from registry_tool.commands.consume.candidates import test_names

    # Where an option still lacks its value, click leaves the arguments before it unread.
    reference = str(next(iter(context.args), None) or context.params.get("reference") or ".")
    return _beginning(incomplete, lambda: test_names(_choice(context), reference))


def templates(_: Context, __: Parameter, incomplete: str) -> list[str]:
    """Names of what a project may begin with."""
    from registry_tool.commands.author.project_template import TEMPLATES

    return _beginning(incomplete, lambda: TEMPLATES)


def settings(_: Context, __: Parameter, incomplete: str) -> list[str]:
    """Keys of settings; the names of registries are the user's own."""
    from registry_tool.sources.configuration.keys import SETTINGS

    return _beginning(
        incomplete, lambda: [setting.key.removesuffix("NAME") for setting in SETTINGS]
    )


def edges(_: Context, __: Parameter, incomplete: str) -> list[str]:
    """Kinds of edges."""
    from registry_tool.manifest.schemas import EDGE_TYPES

    return _beginning(incomplete, lambda: EDGE_TYPES)


def _choice(context: Context) -> RegistryChoice:
    """The registries that the command would use, of which only what is on this machine is read."""
    from registry_tool.sources.configuration.choice import choose_registry

    given = context.meta.get(GIVEN) or context.params.get("registry") or ""
    return choose_registry(str(given), Path(), offline=True)


def _beginning(incomplete: str, find: Callable[[], Iterable[str]]) -> list[str]:
    """What begins as typed; nothing where it can't be found out."""
    try:
        return [one for one in find() if one.startswith(incomplete)]
    except (RegistryError, OSError):
        return []
