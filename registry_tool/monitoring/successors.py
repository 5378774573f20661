"""Which versions can move from a model that retires to the one that is named as its successor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from registry_tool.catalogue.model import Catalogue
from registry_tool.core.records import Record
from registry_tool.monitoring.retirement import VERSION, Affected, Retirement, retirement_of

BRANCHES: Final = "successor/"
"""Branches that begin so hold moves that the tool proposes: `successor/<workflow>`."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}")
_STEPS: Final = 8


class ModelMove(Record, frozen=True):
    """The newest version of a workflow: the models that it is to ask instead (old: new), and their ends.

    `without` are sentences about models that retire and have no successor to go to.
    """

    name: str
    version: str
    models: Mapping[str, str]
    retirements: tuple[Retirement, ...]
    without: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """The version that is there."""
        return f"{self.name}:{self.version}"


def moves(
    found: Iterable[Affected],
    catalogue: Catalogue,
    known: Mapping[str, Retirement],
    named: Mapping[str, str],
    until: datetime,
) -> list[ModelMove]:
    """A move for each workflow whose newest version itself names a model that retires, by name.

    `named` are a maintainer's own successors (old: new), which count more than those of the lists. A successor
    that retires before `until`, too, is passed over for its own.
    """
    newest = {line.latest.reference: line.name for line in catalogue.lines}
    ends: dict[str, dict[str, Retirement]] = {}
    for item in found:
        if item.use.kind == VERSION and item.use.who in newest:
            ends.setdefault(item.use.who, {})[item.use.model] = item.retirement
    return [_move(reference, ends[reference], known, named, until) for reference in sorted(ends)]


def _move(
    reference: str,
    ends: Mapping[str, Retirement],
    known: Mapping[str, Retirement],
    named: Mapping[str, str],
    until: datetime,
) -> ModelMove:
    models: dict[str, str] = {}
    without: list[str] = []
    for model in sorted(ends):
        successor, why = _successor(model, known, named, until)
        if why:
            without.append(why)
        else:
            models[model] = successor
    name, _, version = reference.partition(":")
    retirements = tuple(ends[model] for model in models)
    return ModelMove(name, version, models, retirements, tuple(without))


def _successor(
    model: str, known: Mapping[str, Retirement], named: Mapping[str, str], until: datetime
) -> tuple[str, str]:
    """The successor, or why there is none."""
    if not _NAME.fullmatch(model):  # it would stand in a commit's message
        return "", f"{model[:64]!r} is not written as a model's name"
    at = model
    for _ in range(_STEPS):
        end = retirement_of(at, known)
        if at != model and (end is None or end.retires > until):
            return at, ""
        following = _named(at, named) or _beside(at, end.replacement if end else "")
        if not _NAME.fullmatch(following):
            through = f" (its successor {at} retires, too)" if at != model else ""
            return "", f"no successor of {model} is named{through}"
        at = following
    return "", f"the successors of {model} lead nowhere"


def _named(model: str, named: Mapping[str, str]) -> str:
    """What a maintainer named: for the model as it is written, else for its last part."""
    return named.get(model) or _beside(model, named.get(model.rsplit("/", 1)[-1], ""))


def _beside(model: str, successor: str) -> str:
    """A successor as the model is written: of the same maker, where somebody passes questions on."""
    maker, slash, _ = model.rpartition("/")
    return f"{maker}/{successor}" if slash and successor and "/" not in successor else successor
