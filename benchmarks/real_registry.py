"""A registry with the names, versions and dependencies of a real one (the Bazel Central Registry), or several.

The data lies beside the project (`../shared/data/real-registry.jsonl.gz`) and is not part of it. Every version
gets a small workflow that greets; a dependency on version V becomes the range ^V.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from registry_tool.core.files import canonical_json, pretty_json
from registry_tool.manifest.compile import compile_bytes, compile_value
from registry_tool.manifest.load import load
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.resolver.latest import latest

DATA = Path(__file__).parents[2] / "shared/data/real-registry.jsonl.gz"
OWNERS = b"owners: [{ login: ada, id: 1 }]\n"
README = b"# A workflow\n\nGreets whoever you name.\n"
MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  name: NAME
  version: "VERSION"
  author: ada@example.com
  description: Greets whoever you name
  tags: [greeting]
  license: MIT
spec:
  blocks:
    - { id: who, type: text }
    - { id: greeting, type: text }
  edges:
    - id: greet
      source: who
      target: greeting
      type: modify
      config: { modify_type: edit_text, content: "Hello, {{who}}!" }
  interface:
    inputs: [{ name: who, type: string, required: true }]
    outputs: [{ name: greeting, type: string }]
  tests:
    - { name: greets, inputs: { who: world }, expected: { greeting: "Hello, world!" } }
"""


CATEGORIES = tuple(f"kind-{letter}" for letter in "abcdefghijkl")
SETTINGS = f"name: Generated\ncategories: {{ {', '.join(f'{c}: {c}' for c in CATEGORIES)} }}\n"


@dataclass
class Real:
    """Versions by name, requirements by (name, version), all under our names."""

    versions: dict[str, list[str]] = field(default_factory=dict)
    requires: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    maintainers: dict[str, str] = field(default_factory=dict)

    def about(self, name: str) -> dict[str, str]:
        """Author, category and tag of a workflow: its maintainer, one of a dozen, the first word of its name."""
        number = sum(name.encode()) % len(CATEGORIES)
        author = self.maintainers.get(name, "ada@example.com")
        return {"author": author, "category": CATEGORIES[number], "tag": name.partition("-")[0]}


def read(copies: int = 1, workflows: int | None = None, *, distinct: bool = False) -> Real:
    """The real registry (or its first `workflows`), `copies` times beside itself under other names.

    Versions that differ in build metadata alone become patches of their own where they shall be `distinct`.
    """
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    people = {row["name"]: row["maintainers"] for row in rows if row["kind"] == "module"}
    rows = [row for row in rows if row["kind"] == "version"]
    if workflows is not None:
        kept = sorted({row["name"] for row in rows})[:workflows]
        rows = [row for row in rows if row["name"] in kept]
    if distinct:
        _tell_apart(rows)
    known = {(row["name"], row["version"]): row["semver"] for row in rows}
    real = Real()
    for copy in range(copies):
        tail = f"-c{copy}" if copy else ""
        for row in rows:
            name, number = _name(row["name"]) + tail, row["semver"]
            if bad_name(name) or bad_version(number) or (name, number) in real.requires:
                continue
            real.versions.setdefault(name, []).append(number)
            if who := people.get(row["name"]):
                real.maintainers[name] = who[0] + tail
            real.requires[name, number] = {
                _name(need) + tail: f"^{known[need, version].split('+')[0]}"
                for need, version in row["deps"]
                if (need, version) in known and need != row["name"]
            }
    return real


def _tell_apart(rows: list[Any]) -> None:
    """A thousand patches for each: what build metadata told apart, the last figures do."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        plain = row["semver"].partition("+")[0]
        found = re.fullmatch(r"(\d+\.\d+\.)(\d+)", plain)
        if found:
            number = seen[row["name"], plain] = seen.get((row["name"], plain), -1) + 1
            row["semver"] = f"{found[1]}{int(found[2]) * 1000 + number}"


def _name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def manifest(
    name: str, number: str, requires: dict[str, str], about: dict[str, str] | None = None
) -> bytes:
    """One version's manifest."""
    text = MANIFEST.replace("NAME", name).replace("VERSION", number)
    if about:
        text = text.replace("ada@example.com", json.dumps(about["author"]))
        text = text.replace("[greeting]", f"[{about['tag']}]\n  category: {about['category']}")
    if requires:
        text += "  runtime:\n    dependencies:\n      workflows:\n"
        text += "".join(f'        - {{ name: {n}, version: "{r}" }}\n' for n, r in requires.items())
    return text.encode()


class Compiler:
    """`workflow.json` without parsing 90,000 manifests: one is compiled, the others differ in three places."""

    def __init__(self) -> None:
        self._value = compile_value(load(manifest("a", "1.0.0", {}), "x").workflow)

    def __call__(
        self, name: str, number: str, requires: dict[str, str], about: dict[str, str] | None = None
    ) -> bytes:
        value = json.loads(json.dumps(self._value))
        if about:
            value["metadata"] |= {"author": about["author"], "category": about["category"]}
            value["metadata"]["tags"] = [about["tag"]]
        value["metadata"]["name"], value["metadata"]["version"] = name, number
        if requires:
            needs = [{"name": n, "version": r, "registry": "public"} for n, r in requires.items()]
            value["spec"]["runtime"] = {"dependencies": {"workflows": needs}}
        return canonical_json(value)


def files(real: Real) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of the whole registry, reverse indexes included."""
    compiled = Compiler()
    yield "registry/registry.yaml", SETTINGS.encode()
    dependents: dict[str, list[dict[str, str]]] = {}
    for name, numbers in real.versions.items():
        folder = f"registry/workflows/{name}"
        yield f"{folder}/owners.yaml", OWNERS
        for number in numbers:
            needs = real.requires[name, number]
            about = real.about(name)
            yield f"{folder}/{number}/manifest.yaml", manifest(name, number, needs, about)
            yield f"{folder}/{number}/workflow.json", compiled(name, number, needs, about)
            yield f"{folder}/{number}/docs/README.md", README
        best = latest(numbers)
        for need, wanted in real.requires[name, best].items():
            entry = {"name": name, "version": best, "range": wanted}
            dependents.setdefault(need, []).append(entry)
    for need, entries in dependents.items():
        path = f"registry/metadata/dependents/{need}.json"
        yield path, pretty_json({"dependents": entries}).encode()  # type: ignore[dict-item]


def repository(folder: Path, real: Real) -> None:
    """A bare repository whose branch `main` holds the registry, by `git fast-import`."""
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", folder], check=True)
    importer = subprocess.Popen(
        ["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE
    )
    assert importer.stdin
    out = importer.stdin
    out.write(b"commit refs/heads/main\ncommitter Ada <ada@example.com> 1700000000 +0000\n")
    out.write(b"data 5\nStart\n")
    for path, data in files(real):
        out.write(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
    out.close()
    assert importer.wait() == 0


def sample_is_true(real: Real) -> bool:
    """The shortcut above gives what the tool itself compiles."""
    name, numbers = next(iter(real.versions.items()))
    needs = real.requires[name, numbers[0]]
    text = manifest(name, numbers[0], needs)
    return Compiler()(name, numbers[0], needs) == compile_bytes(load(text, "x").workflow)
