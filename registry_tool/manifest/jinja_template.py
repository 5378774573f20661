"""The Jinja of `template` edges: read, never rendered here."""

from __future__ import annotations

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record

_DEEPEST = 100
"""Open brackets: Jinja reads by recursion."""


class JinjaProblem(RegistryError):  # noqa: N818 - as CodeProblem
    """Why a text is not valid Jinja; `line` counts from 1."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


class JinjaNames(Record, frozen=True):
    """What a template names that it doesn't define itself, and whether it asks for another template."""

    names: frozenset[str]
    asks_for_another: bool = False


def read_jinja(template: str) -> JinjaNames:
    """The names of a template, without Jinja's own (`range`); `JinjaProblem` where it can't be read."""
    from jinja2 import meta, nodes
    from jinja2.exceptions import TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    if _brackets(template) > _DEEPEST:
        raise JinjaProblem(f"it has more than {_DEEPEST} open brackets")
    environment = ImmutableSandboxedEnvironment()
    try:
        tree = environment.parse(template)
        names = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as error:
        raise JinjaProblem(str(error.message), error.lineno) from None
    except RecursionError:
        raise JinjaProblem("it is nested too deep") from None
    another = any(tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)))
    return JinjaNames(frozenset(names - set(environment.globals)), another)


def _brackets(template: str) -> int:
    depth = most = 0
    for char in template:
        depth = max(0, depth + (char in "([{") - (char in ")]}"))
        most = max(most, depth)
    return most
