"""Options that several commands share, and what they mean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry_tool.cli.completion.complete import GIVEN
from registry_tool.cli.output import print_warning, print_warnings
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import LARGEST_FILE, parse_json, read_json, read_limited
from registry_tool.core.values import Value

if TYPE_CHECKING:
    from registry_tool.manifest.model import Workflow
    from registry_tool.sources.configuration.choice import RegistryChoice

_OFFLINE = "registry_tool.offline"


def _keep_offline(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[_OFFLINE] = value


def _registry(
    parameter: str, about: str, callback: Callable[..., object] | None = None
) -> Callable[[Any], Any]:
    """`--registry`, the one declaration of it."""
    return click.option(
        "--registry",
        "--root",
        parameter,
        metavar="REGISTRY",
        default="",
        callback=callback,
        help=f"{about} Default: PUPPY_REGISTRY, puppy.toml, the clone around you, your settings.",
    )


_offline = click.option(
    "--offline",
    is_flag=True,
    expose_value=False,
    callback=_keep_offline,
    help="Use only what was fetched before, and the lock. Also: PUPPY_OFFLINE=1.",
)


def registry_option(command: Callable[..., object]) -> Any:
    """`--registry` and `--offline` of a command that reads: `chosen_registry` says what is meant."""
    declare = _registry(
        "registry", "A clone of the registry, a built site, an https:// address or OWNER/REPO."
    )
    return declare(_offline(command))


def chosen_registry(given: str, project: Path = Path()) -> RegistryChoice:
    """The registries for a command on a project (its folder or manifest), with what `--offline` says."""
    from registry_tool.sources.configuration.choice import choose_registry
    from registry_tool.sources.configuration.notes import RegistryNotes

    context, notes = click.get_current_context(silent=True), RegistryNotes(print_warning)
    if context:
        context.call_on_close(lambda: print_warnings(notes.as_of))
    offline = bool(context and context.meta.get(_OFFLINE))
    return choose_registry(given, project, offline=offline, notes=notes)


def registry_for(given: str, reference: str) -> RegistryChoice:
    """The registries for a command on a reference; where that is a path, the project there may name them."""
    from registry_tool.sources.project import project_of

    return chosen_registry(given, project_of(reference))


def _operable(context: click.Context, __: click.Parameter, value: str) -> Path:
    """The folder of the registry; what can be read, but is not on this machine, is refused."""
    if context.resilient_parsing:
        context.meta[GIVEN] = value
        return Path()
    return clone_folder(chosen_registry(value))


def clone_folder(choice: RegistryChoice) -> Path:
    """The folder of a registry that is operated or written to; `UsageError` for one that isn't on this machine."""
    if choice.folder is None:
        repository = choice.order[0].repository
        address = f"https://github.com/{repository}" if repository else str(choice)
        raise UsageError(
            f"this is not a folder, and state and branches are in a clone ({choice.order[0].source} names it)",
            location=str(choice),
            hint=f"name a clone or a bare repository: `git clone {address}`, then --registry FOLDER",
        )
    return choice.folder


clone_root = _registry("root", "The registry's clone, or its bare repository.", _operable)
"""`--registry` of a command that operates or writes: the folder, as `root`."""

project_argument = click.argument("path", type=click.Path(path_type=Path), default=Path())

project_option = click.option(
    "--project",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The project's folder or manifest. Default: where you are.",
)

provider_option = click.option(
    "--provider",
    type=click.Choice(["local", "replay", "openai"]),
    default=None,
    help="Who answers: the embedded model, recorded answers, or an OpenAI-compatible server.",
)


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

    That is a pair without `=`, a name that two pairs give, or a file (`-`: standard input) that holds no object.
    `name=@FILE` takes a value from a file.
    """
    from registry_tool.engine.inputs import input_from_text

    given: dict[str, Value] = {}
    if file is not None:
        value = _read_all(file)
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
        text = _meant(name, text)
        given[name] = input_from_text(ports[name], text) if name in ports else text
    return given


def _read_all(file: Path) -> Value:
    if str(file) != "-":
        return read_json(file)
    if sys.stdin.isatty():
        raise UsageError(
            "standard input is a terminal, and the inputs are to come from there",
            hint="put them there: puppy-cli run … --inputs - < inputs.json",
        )
    data = sys.stdin.buffer.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise UsageError(f"more than {LARGEST_FILE} bytes", location="standard input")
    return parse_json(data, location="standard input")


_NO_VALUE = "it is neither text in UTF-8 nor a whole picture (PNG, JPEG, GIF, WebP)"


def _meant(name: str, text: str) -> str:
    """A value as it is written, or the text of the file behind `@`; `@@` is an `@` of the value's own.

    A picture becomes the `data:` address of it, as `images` take it.
    """
    if not text.startswith("@") or text.startswith("@@"):
        return text[1:] if text.startswith("@@") else text
    from registry_tool.engine.providers.models.prompt_image import whole_image

    try:
        content = read_limited(Path(text[1:]))
        picture = whole_image(content)
        return picture.url() if picture else content.decode("utf-8-sig")
    except (RegistryError, UnicodeDecodeError) as error:
        why = error.reason if isinstance(error, RegistryError) else _NO_VALUE
        raise UsageError(
            f"the input {name[:64]!r} can't be taken from a file: {why}",
            location=text[1:],
            hint=f"name a readable file, or write --input {name[:64]}=@@… for a value that begins with @",
        ) from None
