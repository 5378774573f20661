"""When models retire, who asks them, and who depends on those.

The product's list stands in files/model-retirements.json: each date with the provider's page that gave it. A
registry adds its own in `registry/model-retirements.json`; for a model that both name, the registry's date counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources
from typing import cast

from registry_tool.catalogue.model import Catalogue, PublishedVersion
from registry_tool.core.clock import instant
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object
from registry_tool.resolver.ranges import admits, is_valid

FORMAT = "puppyai.com/model-retirements/v1"
OWN_FILE = "registry/model-retirements.json"
VERSION, DEPLOYED, SETTING, DEPENDENT = "version", "deployed", "setting", "dependent"


@dataclass(frozen=True, slots=True)
class Retirement:
    """A model's end. `replacement` is the provider's own word, empty where it names none."""

    model: str
    retires: datetime
    replacement: str
    source: str


@dataclass(frozen=True, slots=True)
class ModelUse:
    """A place that names a model. `kind` is one of the constants above, `who` a reference or an environment."""

    kind: str
    who: str
    model: str
    where: str


@dataclass(frozen=True, slots=True)
class Affected:
    """A use of a model that retires; `through` is the version that a dependent reaches it by."""

    retirement: Retirement
    use: ModelUse
    through: str = ""

    def days(self, now: datetime) -> int:
        """Whole days that are left; negative once it is gone."""
        return (self.retirement.retires - now).days

    def to_value(self, now: datetime) -> Object:
        """As JSON."""
        return {
            "model": self.retirement.model,
            "retires": instant(self.retirement.retires),
            "days": self.days(now),
            "replacement": self.retirement.replacement,
            "source": self.retirement.source,
            "kind": self.use.kind,
            "who": self.use.who,
            "where": self.use.where,
            "through": self.through,
        }


def product_retirements() -> dict[str, Retirement]:
    """The product's own list, by model."""
    file = resources.files("registry_tool.monitoring") / "files" / "model-retirements.json"
    return read_retirements(file.read_bytes(), "model-retirements.json")


def read_retirements(data: bytes, location: str) -> dict[str, Retirement]:
    """A list by model; `RegistryError` where it is malformed."""
    try:
        value = cast(Object, parse_json(data, location=location))
        if value["format"] != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        found = [_retirement(item) for item in cast(list[Object], value["models"])]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RegistryError(
            f"this is not a list of models that retire ({error})",
            location=location,
            hint='write {"format": "' + FORMAT + '", "models": [{"model", "retires", "source"}]}',
        ) from None
    return {retirement.model: retirement for retirement in found}


def _retirement(item: Object) -> Retirement:
    model, source = item["model"], item["source"]
    if not (isinstance(model, str) and model and isinstance(source, str) and source):
        raise ValueError("a model and the page that says so are texts")
    when = datetime.fromisoformat(str(item["retires"]))
    if when.tzinfo is None:
        raise ValueError(f"{item['retires']} names no time zone")
    return Retirement(model, when.astimezone(UTC), str(item.get("replacement", "")), source)


def retirement_of(model: str, known: Mapping[str, Retirement]) -> Retirement | None:
    """A model's retirement; `maker/model` is the same model through someone who passes questions on."""
    return known.get(model) or known.get(model.rsplit("/", 1)[-1])


def affected(
    uses: Iterable[ModelUse], known: Mapping[str, Retirement], until: datetime
) -> list[Affected]:
    """The uses of models that retire before `until`, or have."""
    found = ((use, retirement_of(use.model, known)) for use in uses)
    return [Affected(end, use) for use, end in found if end is not None and end.retires <= until]


def with_dependents(found: Iterable[Affected], catalogue: Catalogue) -> list[Affected]:
    """What was found, and every version whose ranges lead to such a version, through whatever is between."""
    everything = list(found)
    seen = {(item.retirement.model, item.use.who) for item in everything if _is_version(item)}
    waiting = [item for item in everything if item.use.kind == VERSION]
    while waiting:
        item = waiting.pop()
        for version, range_ in _takers(item.use.who, catalogue):
            key = (item.retirement.model, version.reference)
            if key in seen:
                continue
            seen.add(key)
            use = replace(
                item.use, kind=DEPENDENT, who=version.reference, where=f"requires {range_}"
            )
            reached = Affected(item.retirement, use, through=item.use.who)
            everything.append(reached)
            waiting.append(reached)
    return everything


def _is_version(item: Affected) -> bool:
    return item.use.kind in {VERSION, DEPENDENT}


def _takers(reference: str, catalogue: Catalogue) -> Iterator[tuple[PublishedVersion, str]]:
    """Versions whose range admits one, with the range; yanked ones are nobody's choice."""
    name, _, number = reference.partition(":")
    for version in catalogue.dependents.get(name, ()):
        for requirement in version.workflow.requires:
            fits = requirement.name == name and is_valid(requirement.range)
            if fits and admits(requirement.range, number) and not version.yanked:
                yield version, requirement.range
