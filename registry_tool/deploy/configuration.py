"""With which configuration and which secrets a version runs in an environment; no secret's value gets in here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from registry_tool.catalogue.environments import EnvironmentSettings
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import canonical_json, pretty_json
from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.callee_environment import REPEATED
from registry_tool.manifest.digest import content_hash
from registry_tool.manifest.model import Environment, Workflow
from registry_tool.manifest.schemas import REGISTRY_SCHEMA, schema_problems
from registry_tool.manifest.secret_variables import variables_of
from registry_tool.security.secrets import secrets_in

_CAPS = (
    "requests_per_minute",
    "tokens_per_minute",
    "concurrency",
    "tokens_per_run",
    "cost_per_run",
)
REGISTRYS = (
    *("after", "approval", "approvers", "secrets", "runners", "limits", "strategy", "watch"),
    *("health_check", "substitute", "base_url"),
)
"""Keys of an environment that a request can't set: they bound it, guard it, or say to whom its inputs go."""
ASKED = (
    *("provider", "llm_model", "embedding_model", "transcription_model", "judge_model"),
    *("max_tokens", "temperature", "debug", "monitoring", "variables"),
)
"""Keys that a request may set."""
_PLACE = "request: config"


def read_config(value: Frozen) -> Object:
    """A request's configuration: what an environment of registry.yaml may say of runs, and no secret.

    `UsageError` for everything else. What bounds and guards an environment is the registry's alone.
    """
    for key in value:
        if key in REGISTRYS:
            raise UsageError(
                f"{key} belongs to the registry", location=f"{_PLACE}.{key}",
                hint="change environments in registry/registry.yaml",
            )  # fmt: skip
    wrapped: Object = {"name": "request", "environments": {"asked": dict(value)}}
    for problem in schema_problems(wrapped, REGISTRY_SCHEMA):
        route = ".".join(str(step) for step in problem.route[2:])
        raise UsageError(
            problem.message.replace("environments.asked.", ""),
            location=f"{_PLACE}.{route}" if route else _PLACE,
            hint=problem.help or "see docs/deployments.md",
        )
    for secret in secrets_in(pretty_json(dict(value)).encode()):
        raise UsageError(
            f"it holds what looks like a secret ({secret.kind}), and deployments are public to readers",
            location=_PLACE,
            hint="set it as a secret of the environment; registry.yaml names it in `secrets`",
        )
    return dict(value)


def overlay_of(settings: EnvironmentSettings | None, requested: Frozen) -> Object:
    """What comes on top of the manifest's environment: the registry's overlay and caps, then the request's."""
    registry: Object = dict(settings.overlay) if settings else {}
    caps: Object = {
        key: value for key, value in (settings.limits if settings else {}).items() if key in _CAPS
    }
    merged = {**registry, **requested}
    variables = {**_mapping(registry.get("variables")), **_mapping(requested.get("variables"))}
    return {
        **merged,
        **({"variables": variables} if variables else {}),
        **({"limits": caps} if caps else {}),
    }


def config_value(environment: Environment) -> Object:
    """All of a run's configuration, so that a later change of registry.yaml changes nothing that serves."""
    return {
        **environment.overrides,
        **({"variables": dict(environment.variables)} if environment.variables else {}),
        **({"limits": dict(environment.limits)} if environment.limits else {}),
        **({REPEATED: list[Value](environment.repeated)} if environment.repeated else {}),
    }


def config_digest(config: Object) -> str:
    """`sha256:<hex>` over a configuration."""
    return f"sha256:{content_hash(canonical_json(config))}"


def _mapping(value: Value) -> Object:
    return value if isinstance(value, dict) else {}


class Secrets(Record, frozen=True):
    """Names of secrets that a version's runs may read: those that are set, and optional ones that are not."""

    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def resolve_secrets(
    workflows: Iterable[Workflow],
    one_of: tuple[str, ...],
    settings: EnvironmentSettings | None,
    environ: Mapping[str, str],
) -> Secrets:
    """Looks whether the job brings what is needed; `RegistryError` names what a required service lacks.

    A service with several hosts needs a secret for one of them. `one_of` are names of which the provider needs
    any. Only names leave this function.
    """
    apis = [api for workflow in workflows for api in workflow.external_apis]
    needed = [(api, variables_of(api, name)) for api in apis for name in api.secrets]
    wanted = {variable for _, variables in needed for variable in variables}
    present = {name for name in (*wanted, *one_of) if environ.get(name)}
    missing = {
        " or ".join(variables): (api.name, variables)
        for api, variables in needed
        if api.required and not present & set(variables)
    }
    if missing:
        who = ", ".join(f"{names} (for {missing[names][0]})" for names in sorted(missing))
        lacking = sorted({name for _, variables in missing.values() for name in variables})
        raise _missing(who, settings, lacking)
    if one_of and not present & set(one_of):
        raise _missing(" or ".join(one_of), settings, list(one_of))
    return Secrets(tuple(sorted(present)), tuple(sorted(wanted - present)))


def _missing(who: str, settings: EnvironmentSettings | None, names: list[str]) -> RegistryError:
    where = settings.name if settings else "the environment"
    unnamed = [name for name in names if settings is None or name not in settings.secrets]
    hint = f"set it as a secret of {where}"
    if settings is not None and unnamed:
        hint += f", and name {', '.join(unnamed)} in environments.{where}.secrets of registry.yaml"
    return RegistryError(f"the job does not bring {who}", hint=hint)
