"""The environment of a run: the manifest's, below what a registry's settings and a deployment's request say."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Object
from registry_tool.manifest.callee_environment import REPEATED
from registry_tool.manifest.model import Environment, Workflow
from registry_tool.runtime.substitutes import SUBSTITUTE


def environment_of(
    workflow: Workflow, name: str, overlay: Frozen | None = None, *, entire: bool = True
) -> Environment:
    """The manifest's environment with the overlay on top.

    The overlay is a deployment's configuration, which also holds what the manifest says; one that is not `entire`
    holds what the operator and the deployment's request set, and nothing else. A name that the manifest lacks is
    refused, unless it has none at all or the registry gave the overlay.
    """
    known = workflow.environment_by_name
    if name and known and name not in known and overlay is None:
        raise UsageError(
            f"{workflow.reference} has no environment {name!r}",
            hint=f"it has {', '.join(known)}",
        )
    own = known.get(name, Environment(name))
    if overlay is None and own.governed:
        return own
    mine = {key: value for key, value in own.overrides.items() if key != SUBSTITUTE}
    extra = _Overlay.read(overlay or {})
    repeated = extra.repeated if entire else tuple(extra.saying_the_same(mine, own.variables))
    given = _set(extra.overrides, mine, repeated)
    return Environment(
        name,
        {**mine, **extra.overrides},
        {**own.variables, **extra.variables},
        {**own.limits, **extra.limits},
        governed=overlay is not None,
        operator_address=str(given.get("base_url") or ""),
        overlay=given,
        overlay_variables=_set(extra.variables, own.variables, repeated, "variables."),
        repeated=repeated,
    )


def _set(overrides: Frozen, mine: Frozen, repeated: tuple[str, ...], prefix: str = "") -> Object:
    """What the manifest does not say, and what was set though it does."""
    return {
        key: value
        for key, value in overrides.items()
        if key not in mine or mine[key] != value or f"{prefix}{key}" in repeated
    }


class _Overlay(Record, frozen=True):
    overrides: Object
    variables: Object
    limits: Object
    repeated: tuple[str, ...]

    @classmethod
    def read(cls, value: Frozen) -> _Overlay:
        rest = dict(value)
        variables, limits = rest.pop("variables", {}), rest.pop("limits", {})
        named = rest.pop(REPEATED, [])
        return cls(
            rest,
            variables if isinstance(variables, dict) else {},
            limits if isinstance(limits, dict) else {},
            tuple(str(key) for key in named) if isinstance(named, list) else (),
        )

    def saying_the_same(self, mine: Frozen, variables: Frozen) -> Iterator[str]:
        yield from (key for key, value in self.overrides.items() if mine.get(key) == value)
        for key, value in self.variables.items():
            if variables.get(key) == value:
                yield f"variables.{key}"
