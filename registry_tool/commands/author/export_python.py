"""`puppy-cli export python`: a workflow → a script that stands alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from registry_tool.commands.author.python_script.script import script_of
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import write_atomic
from registry_tool.core.put_aside import back_up
from registry_tool.core.same_file import demand_distinct
from registry_tool.core.values import Object, Value
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.reference import open_alone, own_files


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """The file and the packages that it requires; `kept` is where another file is that stood there."""

    file: Path
    requirements: tuple[str, ...]
    kept: Path | None = None

    def to_value(self) -> Object:
        """The JSON shape of docs/authors.md."""
        return {"file": str(self.file), "requirements": list[Value](self.requirements)}


def export_python(reference: str, registry: AnyRegistry, out: Path | None = None) -> ScriptResult:
    """Write the script of what a reference or path leads to, by default as NAME.py here.

    `RegistryError` names the edge that no script can do, and why; nothing is written then.
    """
    workflow = open_alone(reference, registry).workflow
    file = out if out is not None else Path(f"{workflow.name}.py")
    demand_distinct(file, "--out", own_files(reference))
    if file.is_dir():
        raise RegistryError("is a folder", location=str(file), hint="name a file with --out")
    try:
        text, requirements = script_of(workflow)
    except RegistryError as error:
        error.location = f"{reference}: {error.location}" if error.location else reference
        raise
    data = text.encode()
    try:
        kept = back_up(file, data)
        write_atomic(file, data)
    except OSError as error:
        raise RegistryError(f"can't be written: {error.strerror}", location=str(file)) from None
    return ScriptResult(file, requirements, kept)
