"""The kinds of hostile input: from a fixture to a folder and the command that meets it."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml

from registry_tool.api.documents import summed
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.maintain.build import build
from registry_tool.commands.maintain.index import index
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.review.check import write_compiled
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.execute import execute_request
from registry_tool.core.children import python_command
from registry_tool.core.output_folder import MARK
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, Usage
from registry_tool.engine.sandbox.wasm import WasmSandbox
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.package.build import package_bytes
from registry_tool.runtime.run_tests import SuiteOptions, test_program
from registry_tool.sources.program import program_from_files
from registry_tool.state.target import Target
from registry_tool.store.tree import FolderTree
from tests.commands.running import dispatched
from tests.conftest import RegistryFolder
from tests.engine.providers.fault_server import running
from tests.made_once import put_copy
from tests.marks import expanded, expanded_bytes
from tests.package.zeros import BLOCK, with_zeros
from tests.raw_trees import commit_raw
from tests.threats.state_places import prepare, read_recipe

CASES = Path(__file__).parent / "cases"
PLAIN = CASES / "07-unquoted/benign-quoted.yaml"
MEMORY_KIB = 256 * 1024
CPU_SECONDS = 2.0
LOADING_KIB = 256 * 1024
LOADING_SECONDS = 8.0
"""What a command may take on top where the embedded model's weights are hashed and loaded."""
ANSWERED = CASES / "56-another-model/greet.yaml"
PEOPLE = "owners: [{ login: ada, id: 1 }]\ncollaborators: [{ login: bob, id: 2 }]\n"


@dataclass
class Job:
    """A command in a folder. `watched` must stay as it is; nothing of `never` may be told.

    `memory_kib` bounds its data; a process that wants more gets an error, which would be told.
    `cpu_seconds` bounds its time. `held` is open while it runs.
    """

    folder: Path
    cwd: Path
    command: list[str]
    watched: Path
    json: bool = False
    never: tuple[str, ...] = ()
    checks: list[Callable[[Any], None]] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    memory_kib: int = MEMORY_KIB
    cpu_seconds: float = CPU_SECONDS
    held: ExitStack = field(default_factory=ExitStack)


def _project(path: Path, folder: Path) -> Path:
    project = folder / "project"
    project.mkdir()
    (project / "workflow-resource.yaml").write_bytes(expanded_bytes(path.read_text()))
    return project


def project(path: Path, folder: Path) -> Job:
    location = _project(path, folder)
    return Job(folder, location, ["puppy-cli", "validate", "--format", "json"], location, json=True)


def annotations(path: Path, folder: Path) -> Job:
    """Findings as an Action job prints them; the JSON form is asked for by the same rules elsewhere."""
    location = _project(path, folder)
    words = ["puppy-cli", "validate", "--format", "github"]

    ours = ("::error file=", "::notice title=not checked::")

    def only_ours(done: Any) -> None:
        lines = (done.out + done.err).splitlines()
        assert all(line.startswith(ours) for line in lines if line.lstrip()[:2] == "::")
        assert "##[" not in done.out
        done.findings = [
            {
                "rule": line.split("title=")[1].split("::")[0],
                "severity": "error",
                "message": "x",
                "help": "x",
            }
            for line in lines
            if line.startswith("::error")
        ]

    return Job(folder, location, words, location, checks=[only_ours])


def terminal(path: Path, folder: Path) -> Job:
    location = _project(path, folder)
    words = ["puppy-cli", "validate"]
    return Job(folder, location, words, location, never=("\x1b", "\x9b", "\x07"))


def told(path: Path, folder: Path) -> Job:
    """Findings for people, with their source lines; of the credential not even its beginning is told."""
    location = _project(path, folder)
    never = ("0123456789012345", "x67hp_")
    return Job(folder, location, ["puppy-cli", "validate"], location, never=never)


def save(path: Path, folder: Path) -> Job:
    """A run that saves into a workspace in which links, a FIFO and git's folders wait; all of it is watched."""
    location, watched = _project(path, folder), folder / "watched"
    for name in (
        "workspace/.git",
        "workspace/bare.git/objects",
        "workspace/bare.git/refs",
        "outside",
    ):
        (watched / name).mkdir(parents=True)
    for name in ("workspace/.git/config", "workspace/bare.git/HEAD", "outside/kept.txt"):
        (watched / name).write_text("before\n")
    (watched / "workspace/link").symlink_to(watched / "outside")
    (watched / "workspace/linked.txt").symlink_to(watched / "outside/kept.txt")
    os.mkfifo(watched / "workspace/pipe")
    words = [
        "puppy-cli",
        "run",
        ".",
        "--input",
        "who=you",
        "--workspace",
        str(watched / "workspace"),
    ]

    def saved(done: Any) -> None:
        if path.name.startswith("benign"):
            assert (watched / "workspace/out/greeting.txt").read_text() == "you"

    return Job(folder, location, words, watched, checks=[saved])


def loading(path: Path, folder: Path) -> Job:
    """A run that loads from resources in which a link, a FIFO and a tool's folder wait."""
    location = _project(path, folder)
    (location / "resources/.git").mkdir(parents=True)
    (folder / "outside.txt").write_text("kept-from-everyone")
    (location / "resources/.git/config").write_text("kept-from-everyone")
    (location / "resources/plain.txt").write_text("for everyone")
    if "link" in path.name:
        (location / "resources/linked.txt").symlink_to(folder / "outside.txt")
    if "fifo" in path.name:
        os.mkfifo(location / "resources/pipe")
    words = ["puppy-cli", "run", ".", "--input", "who=you"]
    return Job(folder, location, words, location, never=("kept-from-everyone",))


def run(path: Path, folder: Path) -> Job:
    location = _project(path, folder)
    words = ["puppy-cli", "run", ".", "--input", "who={{greeting}} {{secret}}"]

    def nothing_to_obey(done: Any) -> None:
        lines = (done.out + done.err).splitlines()
        assert not [line for line in lines if line.lstrip().startswith("::")]
        assert "##[" not in done.out
        assert "{{greeting}} {{secret}}" in done.out

    return Job(folder, location, words, location, checks=[nothing_to_obey])


def code(path: Path, folder: Path) -> Job:
    """A manifest whose code edge runs in WebAssembly; its environment holds a secret."""
    WasmSandbox().prepare()
    location = _project(path, folder)
    environment = {"A_SECRET": "hidden-from-code", "PUPPY_SANDBOX": "wasm"}
    words = ["puppy-cli", "run", ".", "--input", "who=you"]
    never = ("hidden-from-code", "root:x:0:0", str(folder / "project"))
    return Job(folder, location, words, location, never=never, environment=environment)


def code_native(path: Path, folder: Path) -> Job:
    """The same behind bubblewrap's walls."""
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is missing (Debian: apt-get install bubblewrap)")
    job = code(path, folder)
    job.environment["PUPPY_SANDBOX"] = "native"
    return job


def no_sandbox(path: Path, folder: Path) -> Job:
    """A machine that lacks the sandbox which was asked for."""
    job = code(path, folder)
    job.environment |= {"PUPPY_SANDBOX": "native", "PATH": str(folder)}
    job.never += ("ran-all-the-same",)
    return job


def inputs(path: Path, folder: Path) -> Job:
    manifest = path.parent / "manifest.yaml"
    location = _project(manifest if manifest.exists() else PLAIN, folder)
    (folder / "in.json").write_bytes(expanded_bytes(path.read_text()))
    return Job(folder, location, ["puppy-cli", "run", ".", "--inputs", "../in.json"], location)


class Registry:
    """A scratch registry: hello 1.0.0 (0.9.0 has a tombstone), sentiment and modern 1.0.0, and a removed name."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(expanded_bytes(text))

    def add(self, name: str, number: str, owners: str, needs: str = "", **texts: str) -> None:
        text = PLAIN.read_text().replace("name: hello", f"name: {name}")
        text = text.replace('"1.0.0"', f'"{number}"').replace(
            'description: "no"',
            f"description: {json.dumps(texts.get('description', 'Greets whoever'))}",
        )
        if needs:
            text += f"  runtime: {{ dependencies: {{ workflows: [{needs}] }} }}\n"
        folder = f"registry/workflows/{name}/{number}"
        self.write(f"{folder}/manifest.yaml", text)
        self.write(f"{folder}/docs/README.md", texts.get("readme", f"# {name}\n"))
        if not (self.root / f"registry/workflows/{name}/owners.yaml").exists():
            self.write(f"registry/workflows/{name}/owners.yaml", owners)

    def compile(self) -> None:
        write_compiled(self.root, FolderTree(self.root))

    def git(self, *words: str, stdin: bytes = b"") -> str:
        command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words]
        done = subprocess.run(command, cwd=self.root, check=True, capture_output=True, input=stdin)
        return done.stdout.decode().strip()

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)

    def raw(self, step: dict[str, str]) -> None:
        """A path, mode or kind that no work tree gives: straight into the index."""
        folder = f"registry/workflows/{step.get('in', 'hello/1.1.0')}/"
        mode = step.get("mode", "100644")
        data = expanded_bytes(step.get("text", "x\n"))
        blob = (
            "1" * 40 if mode == "160000" else self.git("hash-object", "-w", "--stdin", stdin=data)
        )
        entry = f"{mode} {blob}\t{folder}".encode() + expanded_bytes(step["raw"]) + b"\0"
        self.git("update-index", "--add", "-z", "--index-info", stdin=entry)


def _make_files(root: Path) -> None:
    registry = Registry(root)
    registry.write("registry/registry.yaml", "name: Scratch\n")
    for name in ("hello", "sentiment", "modern"):
        registry.add(name, "1.0.0", PEOPLE)
    tombstone = PEOPLE + 'tombstones: { "0.9.0": a court asked }\n'
    registry.write("registry/workflows/hello/owners.yaml", tombstone)
    registry.write("registry/workflows/gone/owners.yaml", PEOPLE + "removed: it was malware\n")
    registry.compile()


def _make_repository(root: Path) -> None:
    _make_files(root)
    registry = Registry(root)
    registry.git("init", "--quiet", "--initial-branch=main", "--template=")
    registry.commit("Start")
    registry.git("checkout", "--quiet", "-b", "change")


def _registry(root: Path, *, git: bool = True) -> Registry:
    """A registry of the test's own, on the branch `change` where it is in git."""
    put_copy(_make_repository if git else _make_files, root)
    return Registry(root)


def change(path: Path, folder: Path) -> Job:
    registry, pusher = _registry(folder / "registry"), 0
    actor, login, later = 1, "ada", []
    for step in json.loads(path.read_text()):
        if "actor" in step:
            actor, login = step["actor"], step["login"]
            pusher = step.get("pusher", 0)
        elif "version" in step:
            registry.add(step["version"], step["number"], PEOPLE, step.get("needs", ""))
            registry.compile()
        elif "write" in step:
            registry.write(step["write"], step["text"])
        elif "replace" in step:
            file = registry.root / step["replace"]
            file.write_text(file.read_text().replace(step["old"], expanded(step["new"])))
            registry.compile()
        elif "delete" in step:
            (registry.root / step["delete"]).unlink()
        elif "move" in step:
            (registry.root / step["move"]).rename(registry.root / step["to"])
        else:
            later.append(step)
    registry.commit("A change")
    raw = [step for step in later if "raw" in step]
    for step in raw:
        registry.raw(step)
    if raw:
        registry.git("commit", "--quiet", "-m", "More")
        registry.git("reset", "--quiet", "--soft", "HEAD")
    commit_raw(registry.root, [step for step in later if "at" in step])
    words = ["registry-tool", "check-pr", "--base", "main", "--head", "change", "--format", "json"]
    words += ["--actor-id", str(actor), "--actor-login", login]
    if pusher:
        words += ["--pusher-id", str(pusher)]
    never = ("Q7XW2ZMN5TRB3YKD", "012345678901234567890123456789abcdEF", "proj-abcdefghijkl")
    return Job(folder, registry.root, words, registry.root, json=True, never=never)


def label(path: Path, folder: Path) -> Job:
    """A held request whose label was told for one commit; `then` is pushed before it is set, `to` gets it."""
    registry = _registry(folder / "registry")
    recipe = json.loads(path.read_text())
    registry.write("README.md", "# Ours\n")
    registry.commit("Say what this is")
    seen = check_pr(registry.root, "main", "change").key
    for text in recipe.get("then", []):
        registry.write("README.md", text)
        registry.commit("More")
    if recipe.get("main"):
        registry.git("checkout", "--quiet", "main")
        registry.commit(recipe["main"])
    words = ["registry-tool", "check-pr", "--base", "main", "--head", "change", "--format", "json"]
    words += ["--actor-id", "1", "--accept", seen[: recipe.get("digits", len(seen))]]
    return Job(folder, registry.root, words, registry.root, json=True)


def inside_a_version(path: Path, folder: Path) -> Job:
    """The new version is checked out, and somebody who stands in its folder checks it, and replays its tests."""
    registry = _registry(folder / "registry")
    registry.add("hello", "1.1.0", PEOPLE)
    registry.compile()
    location = registry.root / "registry/workflows/hello/1.1.0"
    for name, text in json.loads(path.read_text())["files"].items():
        registry.write(f"registry/workflows/hello/1.1.0/{name}", text)
    registry.commit("A change")

    def children_run_nothing_either(_: Any) -> None:
        words = python_command("registry_tool.commands.review.confined_child")
        done = subprocess.run(
            words,
            cwd=location,
            input=pickle.dumps(("replay", [])),
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, b'{}\n{"done": true}\n'), done.stderr

    words = ["registry-tool", "check-pr", "--base", "main", "--head", "change", "--format", "json"]
    words += ["--root", str(registry.root), "--actor-id", "1", "--actor-login", "ada"]
    checks: list[Callable[[Any], None]] = [children_run_nothing_either]
    return Job(folder, location, words, registry.root, json=True, checks=checks)


def clone(path: Path, folder: Path) -> Job:
    """A clone that names programs in settings, attributes, hooks or environment; merging reads a file."""
    registry, recipe = _registry(folder / "registry"), json.loads(path.read_text())
    owners = "registry/workflows/hello/owners.yaml"
    filler = "".join(f"x-{n}: {n}\n" for n in range(9))
    stones = 'tombstones: { "0.9.0": a court asked }\n'
    registry.git("checkout", "--quiet", "main")
    registry.write(owners, PEOPLE + filler + stones)
    registry.commit("Write at length")
    registry.git("checkout", "--quiet", "-B", "change")
    warned = 'yanked: { "1.0.0": { reason: It is slow., level: warn } }\n'
    registry.write(owners, PEOPLE + filler + stones + warned)
    registry.commit("Warn")
    registry.git("checkout", "--quiet", "main")
    registry.write(owners, "x-9: 9\n" + PEOPLE + filler + stones)
    registry.commit("Go on")
    registry.git("checkout", "--quiet", "change")
    evil = folder / "evil"
    evil.write_text(f"#!/bin/sh\ntouch '{folder}/pwned'\nexit 1\n")
    evil.chmod(0o755)

    def named(words: dict[str, str]) -> dict[str, str]:
        return {key: value.replace("EVIL", str(evil)) for key, value in words.items()}

    for key, value in named(recipe.get("settings", {})).items():
        registry.git("config", "--local", key, value)
    for file, text in named(recipe.get("files", {})).items():
        target = registry.root / ".git" / file
        target.parent.mkdir(exist_ok=True)
        target.write_text(text)
        target.chmod(0o755)
    words = ["registry-tool", "check-pr", "--base", "main", "--head", "change", "--format", "json"]
    job = Job(folder, registry.root, [*words, "--actor-id", "1"], registry.root, json=True)
    job.environment.update(named(recipe.get("environment", {})))
    return job


OUR_FORMS = {"", "search/index.html", "zh/search/index.html"}
"""Where a form leads: to the search, or (an example's inputs) nowhere."""
OUR_SCRIPTS = {"site.js", "search.js", "compare.js"}
OUR_PICTURES = r"/?(\.\./)*(assets/icon|badges/[a-z0-9-]+)\.svg"


class Inspector(HTMLParser):
    """Refuses what a stranger may not bring into a page: scripts, handlers, frames, remote content."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        assert tag not in {"iframe", "object", "embed", "style", "base"}, tag
        assert tag != "form" or values.get("action", "").strip("./") in OUR_FORMS, values
        assert not [key for key in values if key.startswith("on")], values
        address = values.get("href", "") + values.get("src", "")
        assert not address.lower().startswith(("javascript:", "data:", "https://evil")), address
        assert tag != "img" or re.fullmatch(OUR_PICTURES, values["src"]), values
        source = values.get("src", "").rpartition("assets/")[2]
        is_data = values == {"type": "application/ld+json"}  # which no browser runs
        assert tag != "script" or is_data or source in OUR_SCRIPTS, values


def page(path: Path, folder: Path) -> Job:
    registry = _registry(folder / "registry", git=False)
    texts = json.loads(path.read_text())
    registry.add("hello", "1.1.0", PEOPLE, **texts)
    registry.compile()
    words = ["registry-tool", "build", "--out", "../site"]

    def clean(done: Any) -> None:
        pages = [file.read_text() for file in (folder / "site").rglob("*.html")]
        for text in pages:
            assert "Content-Security-Policy" in text
            Inspector().feed(text)
        assert any("<strong>bold</strong>" in text for text in pages) or "hostile" in path.name

    return Job(folder, registry.root, words, registry.root, checks=[clean])


def package(path: Path, folder: Path) -> Job:
    location = folder / "project"
    location.mkdir()
    manifest = PLAIN.read_bytes()
    files = {
        "manifest.yaml": manifest,
        "workflow.json": compile_bytes(load(manifest, "manifest.yaml").workflow),
    }
    file = location / "evil.wfpkg"
    recipe = json.loads(path.read_text())
    if "sparse" in recipe:
        with file.open("wb") as target:
            target.truncate(recipe["sparse"])
    else:
        file.write_bytes(_packed(files, recipe))
    words = ["puppy-cli", "verify", "./evil.wfpkg"]
    return Job(folder, location, words, location, memory_kib=64 * 1024)


def _packed(files: dict[str, bytes], recipe: dict[str, Any]) -> bytes:
    good = package_bytes(files)
    if "entries" in recipe or "zeros" in recipe:
        return _zip(files, good, recipe)
    if "nested" in recipe:
        return package_bytes({**files, recipe["nested"]: _inner(recipe, good)})
    if recipe.get("flip") == "local-name":
        return good.replace(b"manifest.yaml", b"manifest.yamk", 1)
    if recipe.get("flip") == "offset":
        end = good.rindex(b"PK\x01\x02")
        return good[: end + 42] + b"\0\0\0\0" + good[end + 46 :]
    return recipe.get("before", "").encode() + good + recipe.get("after", "").encode()


def _inner(recipe: dict[str, Any], good: bytes) -> bytes:
    """A package, or the same in gzip, or an office document."""
    if recipe.get("as") == "gzip":
        return gzip.compress(good, mtime=0)
    if recipe.get("as") == "document":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(_entry("[Content_Types].xml", "100644"), "<Types/>")
        return buffer.getvalue()
    return good


def _zip(files: dict[str, bytes], good: bytes, recipe: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # zipfile warns of what is done here on purpose
        for name, data in files.items():
            archive.writestr(_entry(name, "100644"), data)
        for name, text, *mode in recipe.get("entries", ()):
            data = good if text == "<<nested>>" else text.encode()
            archive.writestr(_entry(name, mode[0] if mode else "100644"), data)
    packed = buffer.getvalue()
    return with_zeros(packed, recipe["zeros"] // BLOCK) if "zeros" in recipe else packed


def _entry(name: str, mode: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system, info.external_attr = 3, int(mode, 8) << 16
    return info


def _make_sites(folder: Path) -> None:
    _make_files(folder / "registry")
    registry = Registry(folder / "registry")
    index(registry.root)
    build(registry.root, folder / "yesterday")
    registry.add("hello", "1.1.0", PEOPLE)
    registry.compile()
    build(registry.root, folder / "today")


def install(path: Path, folder: Path) -> Job:
    """A site and a project that has installed from it; then the damage."""
    put_copy(_make_sites, folder / "sites")
    site, location = folder / "sites/today", folder / "project"
    location.mkdir()
    words = ["puppy-cli", "install", "hello", "--registry", "../sites/today"]
    recipe = json.loads(path.read_text())
    damage = recipe.get("damage", "")
    if damage in {"lock", "yesterday"}:
        from registry_tool.commands.consume.install import install as done

        done(["hello"], str(site), location)
    if damage == "yesterday":
        words[-1] = "../sites/yesterday"
    elif damage:
        files = {
            "sparse": site / "api/v1/sparse/he/hello",
            "package": site / "api/v1/packages/hello/hello-1.1.0.wfpkg",
            "lock": location / "workflow.lock",
        }
        _damage(files[damage], recipe)
    return Job(folder, location, words, location)


def _damage(file: Path, recipe: dict[str, Any]) -> None:
    data = file.read_bytes()
    if "line" in recipe or "as" in recipe:
        data = _lying_index(file, recipe)
    elif "replace" in recipe:
        old, new = (part.encode() for part in recipe["replace"])
        assert old in data
        data = data.replace(old, new, 1)
    elif "cut" in recipe:
        data = data[: -recipe["cut"]]
    else:
        at = recipe["at"]
        data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    file.write_bytes(data)


def _lying_index(file: Path, recipe: dict[str, Any]) -> bytes:
    """An index whose newest line says what `line` holds, or gives the bytes of an older version (`as`)."""
    first, *_, last = [json.loads(line) for line in file.read_text().splitlines()]
    if "as" in recipe:
        packages = file.parents[2] / "packages/hello"
        shutil.copy(packages / "hello-1.0.0.wfpkg", packages / "hello-1.1.0.wfpkg")
        recipe = {"line": {"digest": first["digest"]}}
    lines = [first, {**last, **recipe["line"]}]
    made: list[bytes] = [
        summed({key: item for key, item in line.items() if key != "sum"}) for line in lines
    ]
    return b"\n".join((*made, b""))


class Said:
    """A model that says what it is told to."""

    name = "said"

    def __init__(self, text: str) -> None:
        self._text = text

    async def complete(self, request: ModelRequest, on_text: object = None) -> ModelAnswer:
        return ModelAnswer(self._text, "said", Usage(1, 1, 1))

    async def aclose(self) -> None:
        pass


def answered(path: Path, folder: Path) -> Job:
    """A project whose recorded model says what the manifest's `x-answer` holds; its tests are replayed."""
    location = _project(path, folder)
    program = program_from_files(
        {"workflow-resource.yaml": (location / "workflow-resource.yaml").read_bytes()}, ""
    )
    own: Any = program.workflow.extensions[""]
    said = Said(str(own["x-answer"]))
    with patch("registry_tool.runtime.run_tests.make_provider", lambda _: said):
        report = test_program(program, SuiteOptions("said", record=True))
    assert report.cassette is not None
    (location / "tests").mkdir()
    (location / "tests/cassettes.json").write_bytes(report.cassette.to_bytes())
    return Job(folder, location, ["puppy-cli", "test"], location)


def request(path: Path, folder: Path) -> Job:
    """What somebody typed into a dispatch of the deploy job; the registry publishes greet 1.0.0."""
    registry = RegistryFolder(folder / "registry", git=True)
    registry.add("greet", "1.0.0")
    registry.commit("Publish")
    return Job(
        folder,
        registry.root,
        ["registry-tool", "deploy", "--env", "development"],
        registry.root,
        environment={"REQUEST": expanded(path.read_text()).rstrip("\n")},
        never=("\n::", "\x1b"),
    )


def same_id(path: Path, folder: Path) -> Job:
    """The request of somebody with a plan, under an execution id that ran and ended before."""
    recipe = json.loads(path.read_text())
    registry = RegistryFolder(folder / "registry", git=True)
    registry.add("greet", "1.0.0")
    settings = {
        "name": "Test",
        "categories": {"text": "Text"},
        "environments": {"production": {}},
        "plans": {"free": {"runs_per_month": recipe["runs_per_month"]}},
        "access": {"default_plan": "free"},
    }
    (registry.root / "registry/registry.yaml").write_text(yaml.safe_dump(settings))
    registry.commit("Publish")
    target = Target(registry.root)
    deploy(target, "greet", "production")
    asked = ExecuteRequest("greet", {"who": "you"})
    sealed = dispatched(target, asked, Requester(8))
    execute_request(target, "production", sealed, Requester(8), execution_id="exec-1")
    words = ["registry-tool", "admit", "--env", "production", "--execution-id", "exec-1"]
    request = json.dumps({**sealed.to_value(), **recipe.get("request", {})})
    return Job(
        folder,
        registry.root,
        [*words, "--actor-id", "8", "--request", request],
        registry.root / "registry",
    )


def substitute(path: Path, folder: Path) -> Job:
    """What would happen where greet, whose manifest names gpt-4, came into an environment as the recipe says.

    `models` are those of a server that the operator names; where the embedded model `loads`, that counts.
    """
    recipe = json.loads(path.read_text())
    registry = RegistryFolder(folder / "registry", git=True)
    version = registry.root / "registry/workflows/greet/1.0.0"
    registry.add("greet", "1.0.0")
    manifest = yaml.safe_load(ANSWERED.read_text())
    manifest["spec"]["runtime"] = {"environments": recipe.get("manifest", {})}
    (version / "manifest.yaml").write_text(yaml.safe_dump(manifest))
    settings = {"name": "Test", "categories": {"text": "Text"}, "environments": recipe["registry"]}
    (registry.root / "registry/registry.yaml").write_text(yaml.safe_dump(settings))
    write_compiled(registry.root, FolderTree(registry.root))
    registry.commit("Publish")
    words = ["puppy-cli", "deploy", "greet", "--env", "production", "--dry-run", "--via", "local"]
    own = {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", "PUPPY_PROVIDER": ""}
    job = Job(folder, registry.root, words, registry.root, environment=own)
    if "models" in recipe:
        server = job.held.enter_context(running())
        server.models = recipe["models"]
        own["OPENAI_BASE_URL"] = server.address
    if recipe.get("loads"):
        job.memory_kib += LOADING_KIB
        job.cpu_seconds += LOADING_SECONDS
    return job


def output(path: Path, folder: Path) -> Job:
    """A clone among other folders of its user, whose home is above them."""
    location = folder / "home/work"
    registry = _registry(location / "registry")
    recipe = json.loads(path.read_text())
    if recipe.get("twice"):
        build(registry.root, location / "site")
    for name in recipe.get("make", ()):
        file = location / name
        (file if name.endswith("/") else file.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            file.write_text("years of work\n")
    _links(recipe, location)
    if "mark" in recipe:
        (location / recipe["mark"] / MARK).write_text('{ "registry": "Theirs" }')
    home = {"HOME": str(folder / "home")}
    return Job(folder, registry.root, recipe["words"], folder / "home", environment=home)


def batch_files(path: Path, folder: Path) -> Job:
    """A batch over two lines; its files as the recipe says."""
    location = _project(PLAIN, folder)
    (location / "in.jsonl").write_text('{"who": "you"}\n{"who": "me"}\n')
    recipe = json.loads(path.read_text())
    _links(recipe, location)
    return Job(folder, location, ["puppy-cli", "batch", ".", *recipe["words"]], location)


def _links(recipe: dict[str, Any], location: Path) -> None:
    for name, target in recipe.get("link", {}).items():
        (location / name).symlink_to(target)
    for name, target in recipe.get("hard", {}).items():
        (location / name).hardlink_to(location / target)


def state(path: Path, folder: Path) -> Job:
    """A command in a clone whose remote holds state, or held it."""
    recipe = read_recipe(path)
    location = prepare(recipe, folder)

    def told(done: Any) -> None:
        for text in (recipe["says"], recipe.get("shows", "")):
            assert text in done.out + done.err

    return Job(
        folder,
        location,
        recipe["command"],
        folder / "watched",
        never=("Nothing is deployed", *recipe.get("never", ())),
        checks=[told],
    )


KINDS: dict[str, Callable[[Path, Path], Job]] = {
    "project": project,
    "answered": answered,
    "annotations": annotations,
    "terminal": terminal,
    "told": told,
    "save": save,
    "load": loading,
    "run": run,
    "inputs": inputs,
    "code": code,
    "code-native": code_native,
    "no-sandbox": no_sandbox,
    "change": change,
    "inside-a-version": inside_a_version,
    "label": label,
    "clone": clone,
    "page": page,
    "package": package,
    "install": install,
    "request": request,
    "output": output,
    "same-id": same_id,
    "substitute": substitute,
    "batch-files": batch_files,
    "state": state,
}
