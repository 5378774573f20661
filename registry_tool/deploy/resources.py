"""What a version asks of the environment that shall run it (Kubernetes quantities, Go-style durations)."""

from __future__ import annotations

import re
from decimal import Decimal

from registry_tool.catalogue.environments import EnvironmentSettings
from registry_tool.core.clock import seconds
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.manifest.model import Requirements

DEFAULT_RUNNER = "ubuntu-latest"
DEFAULT_CLASS = "standard"

_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18}
_UNITS |= {f"{name}i": 2 ** (10 * power) for power, name in enumerate("KMGTPE", 1)}
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)([a-zA-Z]*)")


def amount(quantity: str) -> Decimal:
    """A Kubernetes quantity (`2Gi`, `500m`) as a number; `ValueError` for none."""
    match = _QUANTITY.fullmatch(quantity)
    if match is None or match[2] not in {*_UNITS, "m"}:
        raise ValueError(f"{quantity!r} is not a quantity such as 512Mi or 2Gi")
    factor = Decimal("0.001") if match[2] == "m" else Decimal(_UNITS[match[2]])
    return Decimal(match[1]) * factor


def allocate(needs: Requirements, settings: EnvironmentSettings) -> Object:
    """What a run will get, with its runner's label; `RegistryError` where the environment can't give it."""
    limits, environment = settings.limits, settings.name
    for name in ("memory", "storage"):
        wanted, most = getattr(needs, name), str(limits.get(name) or "")
        if wanted and most and amount(wanted) > amount(most):
            raise _too_much(name, wanted, most, environment)
    most = str(limits.get("timeout") or "")
    if needs.timeout and most and seconds(needs.timeout) > seconds(most):
        raise _too_much("timeout", needs.timeout, most, environment)
    given: Object = {
        name: getattr(needs, name) or str(limits.get(name) or "")
        for name in ("compute", "memory", "storage", "timeout")
    }
    return {
        **{name: value for name, value in given.items() if value},
        "runner": _runner(needs, settings),
    }


def _runner(needs: Requirements, settings: EnvironmentSettings) -> str:
    """The label of the class that is asked for; without any mapping, GitHub's own runner does all."""
    runners = settings.runners
    if not runners:
        return DEFAULT_RUNNER
    wanted = needs.compute or DEFAULT_CLASS
    if wanted in runners:
        return runners[wanted]
    if not needs.compute:
        return DEFAULT_RUNNER
    raise RegistryError(
        f"the version asks for the compute class {wanted!r}, and {settings.name} has {', '.join(runners)}",
        hint=f"add it to environments.{settings.name}.runners in registry.yaml, or ask for another",
    )


def _too_much(name: str, wanted: str, most: str, environment: str) -> RegistryError:
    return RegistryError(
        f"the version asks for {wanted} of {name}, and {environment} gives at most {most}",
        hint=f"raise environments.{environment}.limits.{name} in registry.yaml, or ask for less",
    )
