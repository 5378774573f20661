"""Template names of one edge, looked up in the run's values when they are used."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.edges.base import EdgeError
from registry_tool.manifest.scope import Referent


class RunNames(Record, frozen=True):
    """What names can stand for in a run: block values, interface inputs, the environment's variables."""

    values: Mapping[str, Value]
    inputs: Mapping[str, Value]
    variables: Frozen
    environment: str


class RunScope(Mapping[str, Value]):
    """Values by name; the edge's own inputs come first (an item of a looped block, say)."""

    __slots__ = ("_inputs", "_known", "_names")

    def __init__(
        self, names: Mapping[str, Referent], known: RunNames, inputs: Mapping[str, Value]
    ) -> None:
        self._names, self._known, self._inputs = names, known, inputs

    def __getitem__(self, name: str) -> Value:
        referent = self._names[name]
        if referent.kind == "block":
            if referent.name in self._inputs:
                return self._inputs[referent.name]
            return self._known.values.get(referent.name)
        if referent.kind == "input":
            return self._known.inputs.get(referent.name)
        if referent.kind == "variable":
            return self._variable(referent.name)
        raise KeyError(name)

    def _variable(self, name: str) -> Value:
        variables = self._known.variables
        if name not in variables:
            where = self._known.environment or "no environment"
            raise EdgeError(
                f"the variable {name} is not set in {where}",
                hint=f"set it below runtime.environments.{where}.variables",
            )
        return variables[name]

    @property
    def not_taken(self) -> Container[str]:
        """Names of blocks that were skipped: they read as null, and so does every path into them."""
        return _NotTaken(self._names, self._known.values)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class _NotTaken(Container[str]):
    """Names of blocks that have no value in a run."""

    __slots__ = ("_names", "_values")

    def __init__(self, names: Mapping[str, Referent], values: Mapping[str, Value]) -> None:
        self._names, self._values = names, values

    def __contains__(self, name: object) -> bool:
        referent = self._names.get(str(name))
        return (
            referent is not None and referent.kind == "block" and referent.name not in self._values
        )
