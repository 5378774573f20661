"""Options that several commands share, and what they mean."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.core.errors import UsageError
from registry_tool.core.files import read_json
from registry_tool.core.values import Value

if TYPE_CHECKING:
    from registry_tool.manifest.model import Workflow

registry_option = click.option(
    "--registry",
    envvar="PUPPY_REGISTRY",
    default="",
    help="A clone of the registry, a built site, or an https:// address. Default: the folder around you.",
)

root_option = click.option(
    "--registry",
    "--root",
    "root",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The registry's folder.",
)

project_argument = click.argument("path", type=click.Path(path_type=Path), default=Path())

provider_option = click.option(
    "--provider",
    type=click.Choice(["local", "replay", "openai"]),
    default=None,
    help="Who answers: the embedded model, recorded answers, or an OpenAI-compatible server.",
)


def registry_place(given: str) -> str:
    """The given registry, else the one around the present folder, else the present folder."""
    return given or str(registry_root(Path()))


def clone_place(given: str) -> Path:
    """The folder of a registry that is written to; `UsageError` for an address, which must be cloned first."""
    location = registry_place(given)
    if "://" in location or re.match(r"[\w.-]+@[\w.-]+:", location):
        raise UsageError(
            "this is an address, and the version goes onto a branch of a clone",
            location=location,
            hint=f"git clone {location}, then name the clone's folder with --registry",
        )
    return Path(location)


def registry_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a registry, else `start` itself."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / "registry" / "registry.yaml").is_file():
            return Path(os.path.relpath(folder))
    return start


def duration(_: click.Context, __: click.Parameter, value: str | None) -> float | None:
    """Seconds of `90s`, `10m` …, as a callback of click."""
    from registry_tool.core.clock import seconds

    if value is None:
        return None
    try:
        return seconds(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def read_inputs(workflow: Workflow, pairs: Iterable[str], file: Path | None) -> dict[str, Value]:
    """The inputs of both options together, a pair above the file's; `UsageError` for what can't be meant.

    That is a pair without `=`, a name that two pairs give, or a file that holds no object.
    """
    from registry_tool.engine.inputs import input_from_text

    given: dict[str, Value] = {}
    if file is not None:
        value = read_json(file)
        if not isinstance(value, dict):
            raise UsageError("the inputs must be one JSON object", location=str(file))
        given.update(value)
    ports = {port.name: port for port in workflow.interface.inputs}
    paired: set[str] = set()
    for pair in pairs:
        name, found, text = pair.partition("=")
        if not found:
            raise UsageError(f"{pair[:80]!r} has no =", hint="write --input NAME=VALUE")
        if name in paired:
            raise UsageError(
                f"the input {name[:64]!r} is given twice",
                hint=f"write --input {name[:64]}=… once; a list is one value, as JSON",
            )
        paired.add(name)
        given[name] = input_from_text(ports[name], text) if name in ports else text
    return given
