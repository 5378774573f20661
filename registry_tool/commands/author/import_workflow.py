"""`puppy-cli import`: a workflow of another tool → an author's project."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from registry_tool.commands.author.editor_schema import NONE, editor_schema
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import inside, read_limited, write_atomic
from registry_tool.core.links import leads_inside
from registry_tool.core.output_folder import demand_inside, demand_outside_git
from registry_tool.core.put_aside import back_up
from registry_tool.core.values import Object, Value
from registry_tool.importers.all_importers import ForeignFile, importer_of
from registry_tool.importers.first_test import FirstTest, first_test
from registry_tool.importers.foreign_text import parse_foreign
from registry_tool.importers.foreign_values import sub_object
from registry_tool.importers.imported import Imported, Loss, NodeReport, NodeStatus
from registry_tool.importers.manifest_text import TooLargeError, manifest_text
from registry_tool.importers.puppyflow.assembly import IMPORTED, RECORDED
from registry_tool.importers.puppyflow.package import is_package, resource_paths
from registry_tool.importers.readme import readme
from registry_tool.manifest.load import load_file
from registry_tool.manifest.source import MAX_BYTES
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.store.paths import PROJECT_MANIFEST, README

MAX_FILE = 10 * 1024 * 1024
"""Bytes of the file and of all resources together: what a version may hold (docs: threats)."""
_PACKAGE_FILE = "package.json"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Where the project is, how much is in it, and what was left behind.

    `kept` is where the files are that stood there before and were others; hidden, so no part of a version.
    """

    project: Path
    blocks: int
    edges: int
    not_carried: tuple[Loss, ...]
    kept: tuple[Path, ...] = ()
    test: FirstTest = field(default_factory=lambda: FirstTest(None, asks=False))
    nodes: tuple[NodeReport, ...] = ()

    @property
    def nodes_to_report(self) -> tuple[NodeReport, ...]:
        """The nodes that need something, or that don't run here."""
        return tuple(node for node in self.nodes if node.status is not NodeStatus.RUNS)

    @property
    def next_steps(self) -> str:
        """The commands to go on with."""
        test = "puppy-cli test --record" if self.test.asks else "puppy-cli test"
        steps = ["puppy-cli validate", *([test] if self.test.case else [])]
        needed = "".join(f" --input {name}=…" for name in self.test.needs)
        return " && ".join(
            [f"cd {shlex.quote(str(self.project))}", *steps, f"puppy-cli run .{needed}"]
        )

    def to_value(self) -> Object:
        """The JSON shape of SPEC.md §4."""
        return {
            "project": str(self.project),
            "blocks": self.blocks,
            "edges": self.edges,
            "not_carried": [loss.to_value() for loss in self.not_carried],
            "nodes": [node.to_value() for node in self.nodes],
        }


def import_workflow(
    file: Path, out: Path | None = None, registry: AnyRegistry = NONE, format_: str = ""
) -> ImportResult:
    """Write the project of an exported workflow below `out`, by default a folder named like the workflow.

    `file` is an export (JSON or YAML), a template's package.json or its folder; `registry` is where the project's
    is. `format_` is one of `FORMATS`; without it the file itself says which.
    `RegistryError` where the file can't be imported, or where `out` holds anything but an earlier import of the
    same workflow; nothing is written then.
    """
    if file.is_dir():
        folder, file = file, file / _PACKAGE_FILE
        if file.exists() and not leads_inside(file, folder):
            raise RegistryError("leads out of the package's folder", location=str(file))
    value, source = _value(file)
    name = file.parent.resolve().name if file.name == _PACKAGE_FILE else file.stem
    try:
        importer = importer_of(format_, value)
        found = ForeignFile(value, source, name, _resources(value, file.parent))
        imported = importer.read(found)
        schema = editor_schema(registry)
        text, imported, test = _text(imported, schema.line)
    except RegistryError as error:
        error.location = f"{file}: {error.location}" if error.location else str(file)
        raise
    project = out if out is not None else Path(_name(imported))
    files = {PROJECT_MANIFEST: text.encode(), **imported.files}
    if not (project / README).is_file():  # one that is there may have been worked on
        files[README] = readme(imported, test, importer.title).encode()
    try:
        demand_outside_git(project)
        _refuse_strangers(project, _name(imported), importer.format)
        kept = _keep(project, files)
        _write(project, {**files, **schema.files})
    except OSError as error:
        raise RegistryError(f"can't be written: {error.strerror}", location=str(project)) from None
    counts = (imported.blocks, imported.edges)
    return ImportResult(project, *counts, imported.not_carried, kept, test, imported.nodes)


def _value(file: Path) -> tuple[Value, str]:
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        raise NotFoundError("there is no such file", location=str(file)) from None
    except OSError as error:
        raise RegistryError(f"can't be read: {error.strerror}", location=str(file)) from None
    if not stat.S_ISREG(mode):
        raise RegistryError(
            "is not a regular file", location=str(file), hint="name an exported file"
        )
    return parse_foreign(read_limited(file, MAX_FILE), str(file))


def _resources(value: Value, folder: Path) -> dict[str, bytes]:
    """The files that a package mounts, by path; missing ones are left out and reported by `read`."""
    if not is_package(value):
        return {}
    found: dict[str, bytes] = {}
    left = MAX_FILE
    for path in resource_paths(value):
        location = inside(folder, path)
        if not leads_inside(location, folder):
            raise RegistryError("leads out of the package's folder", location=str(location))
        if not location.is_file():
            continue
        left -= location.stat().st_size
        if left < 0:
            raise RegistryError(
                f"the resources have more than {MAX_FILE} bytes", location=str(location)
            )
        found[path] = location.read_bytes()
    return found


def _name(imported: Imported) -> str:
    return str(sub_object(imported.manifest, "metadata")["name"])


def _text(imported: Imported, head: str) -> tuple[str, Imported, FirstTest]:
    """The manifest's text with a first test; a record of earlier runs that makes it too large is left out.

    That is reported; there is no test then.
    """
    test = first_test(sub_object(imported.manifest, "spec"))
    tested = _with_test(imported, test)
    try:
        return manifest_text(tested.manifest, head), tested, test
    except TooLargeError:
        if RECORDED not in sub_object(imported.manifest, "spec"):
            raise
    imported = _without_record(imported)
    return manifest_text(imported.manifest, head), imported, replace(test, case=None)


def _with_test(imported: Imported, test: FirstTest) -> Imported:
    if test.case is None:
        return imported
    spec: Object = {**sub_object(imported.manifest, "spec"), "tests": [test.case]}
    return replace(imported, manifest={**imported.manifest, "spec": spec})


def _without_record(imported: Imported) -> Imported:
    spec = sub_object(imported.manifest, "spec")
    why = f"with it the manifest would have more than {MAX_BYTES} bytes"
    lost = [
        Loss(f"blocks.{block}", "the content that an earlier run left", why)
        for block in sub_object(spec, RECORDED)
    ]
    rest: Object = {key: value for key, value in spec.items() if key != RECORDED}
    return replace(
        imported,
        manifest={**imported.manifest, "spec": rest},
        not_carried=(*imported.not_carried, *lost),
    )


def _refuse_strangers(project: Path, name: str, format_: str) -> None:
    """Only an absent or empty folder, or an earlier import of the same workflow, may be written to."""
    if project.exists() and not project.is_dir():
        raise RegistryError("is a file", location=str(project), hint="choose a folder with -o")
    if not project.is_dir() or not any(project.iterdir()):
        return
    if (project / PROJECT_MANIFEST).is_file() and _is_import_of(project, name, format_):
        return
    raise RegistryError(
        f"holds files that are not from an earlier import of {name}",
        location=str(project),
        hint="choose an empty folder with -o",
    )


def _keep(project: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Put files of an earlier import aside that are others now: somebody may have worked on them."""
    kept = []
    for path, new in files.items():
        old = inside(project, path)
        demand_inside(project, old)
        kept.append(back_up(old, new))
    return tuple(path for path in kept if path is not None)


def _write(project: Path, files: Mapping[str, bytes]) -> None:
    """A new folder appears whole or not at all; in one that is there every file is replaced whole.

    There the manifest goes first: an import that was cut off can be repeated.
    """
    if project.is_dir():
        for path, content in files.items():
            write_atomic(inside(project, path), content)
        return
    project.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=project.parent, prefix=f".{project.name[:40]}.") as folder:
        made = Path(folder) / "project"
        for path, content in files.items():
            write_atomic(inside(made, path), content)
        made.replace(project)


def _is_import_of(project: Path, name: str, format_: str) -> bool:
    try:
        workflow = load_file(project / PROJECT_MANIFEST).workflow
    except RegistryError:
        return False
    source = workflow.extensions.get("spec")
    origin = source.get(IMPORTED) if isinstance(source, dict) else None
    is_import = isinstance(origin, dict) and origin.get("format") == format_
    return is_import and workflow.name == name
