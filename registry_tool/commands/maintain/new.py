"""`registry-tool new`: a private registry that passes its own checks, made whole or not at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from registry_tool import __version__
from registry_tool.commands.author.init import CreatedProject, ProjectWords, project_files_of
from registry_tool.commands.author.project_template import read_template
from registry_tool.commands.maintain import new_texts as texts
from registry_tool.commands.maintain.index import index
from registry_tool.commands.review.check import check
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.files import write_atomic
from registry_tool.core.finding import FindingsError
from registry_tool.core.output_folder import demand_outside_git, demand_place
from registry_tool.core.values import Object
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.manifest.schemas import OWNERS_SCHEMA, REGISTRY_SCHEMA, schema_problems
from registry_tool.store import paths

WORKFLOW: Final = "hello-world"
_NAMES: Final = (
    *("validate-pr", "evaluate", "publish", "deploy", "execute", "batch", "scheduled"),
    "publish-workflow",
)
ACTION_FILES: Final = (
    *(f"workflows/{name}.yml" for name in _NAMES),
    "actions/install/action.yml",
    "requirements.lock",
    "requirements-audit.lock",
    "requirements-local.lock",
)
_HERE = Path(__file__)


def new_registry(folder: Path, name: str, owner: OwnerAccount) -> CreatedProject:
    """Write a registry with one workflow to a folder that is new or empty.

    `UsageError` where the folder, the name or the owner won't do; whatever fails, nothing is left behind.
    """
    _refuse_words(name, owner)
    contents = _contents(name, owner)
    target = folder.resolve()
    try:
        _refuse_place(target)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-registry.") as temporary:
            made = Path(temporary) / target.name
            _write(made, contents)
            if target.exists():
                target.rmdir()
            made.rename(target)
    except OSError as error:
        raise RegistryError(
            f"the registry can't be written: {error.strerror or error}",
            location=str(folder),
            hint="nothing was left behind; fix that, or name another folder",
        ) from error
    files = sorted(path.relative_to(target) for path in target.rglob("*") if path.is_file())
    return CreatedProject(folder, tuple(folder / path for path in files))


@cache
def actions_folder() -> Path:
    """`.github/` of a source checkout, or its copy in an installed package."""
    for found in (_HERE.parents[3] / ".github", _HERE.parents[2] / "_data/github"):
        if all((found / path).is_file() for path in ACTION_FILES):
            return found
    raise NotFoundError("the Action files are missing", hint="install the tool again")


def _refuse_words(name: str, owner: OwnerAccount) -> None:
    if not name.isprintable():
        raise UsageError("the name holds a character that can't be seen", hint="use --name")
    settings: Object = {"name": name}
    owners: Object = {"owners": [{"login": owner.login, "id": owner.id}]}
    for problem in schema_problems(settings, REGISTRY_SCHEMA):
        raise UsageError(f"the name is not allowed: {problem.message}", hint="use --name")
    for problem in schema_problems(owners, OWNERS_SCHEMA):
        raise UsageError(
            f"the owner is not allowed: {problem.message}",
            hint="https://api.github.com/users/LOGIN tells login and id",
        )


def _refuse_place(target: Path) -> None:
    location = str(target)
    demand_outside_git(target)
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise UsageError("there is something already", location=location, hint="name a new folder")
    if not target.parent.is_dir():
        raise UsageError(
            "the folder above it is missing", location=location, hint="make that first"
        )
    if target == Path.cwd():
        raise UsageError(
            "this is the folder that you stand in, and it would be replaced",
            location=location,
            hint=f"go up with `cd ..` and name {target.name}",
        )
    demand_place(target)


def _contents(name: str, owner: OwnerAccount) -> dict[str, bytes]:
    """Every file by its path, but for what is compiled and indexed."""
    number = str(owner.id)

    def plain(text: str) -> bytes:
        return text.replace("{owner}", owner.login).replace("{name}", name).encode()

    def yaml(text: str) -> bytes:
        text = text.replace("{owner}", _quoted(owner.login)).replace("{id}", number)
        return text.replace("{name}", _quoted(name)).encode()

    version = paths.version_dir(WORKFLOW, "1.0.0")
    return {
        paths.REGISTRY_FILE: yaml(texts.SETTINGS),
        paths.owners_file(WORKFLOW): yaml(texts.OWNERS),
        f"{version}/{paths.MANIFEST}": _manifest(owner.login),
        f"{version}/{paths.README}": texts.WORKFLOW_README.encode(),
        **{f".github/{path}": (actions_folder() / path).read_bytes() for path in ACTION_FILES},
        ".github/CODEOWNERS": plain(texts.CODEOWNERS),
        ".github/requirements.txt": texts.REQUIREMENTS.replace("{version}", __version__).encode(),
        "README.md": plain(texts.README),
        ".gitignore": b"/build/\n",
    }


def _manifest(author: str) -> bytes:
    """The project of `puppy-cli init`, as its author would publish it."""
    words = ProjectWords(author=author)
    return project_files_of(read_template("text"), WORKFLOW, words)[paths.PROJECT_MANIFEST]


def _quoted(text: str) -> str:
    """Text for YAML, where a bare 1001 is a number and a colon means something: JSON strings are YAML strings."""
    return json.dumps(text, ensure_ascii=False)


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write, compile, judge and index; `FindingsError` where the new registry broke a rule."""
    for path, data in contents.items():
        write_atomic(folder / path, data)
    checked = check(folder, fix=True)
    if checked.refused:
        raise FindingsError(checked.findings)
    index(folder)
