"""Writes a bill of materials (CycloneDX 1.6) for each wheel and source distribution of a release.

    scripts/bill_of_materials.py dist sbom [--lock .github/requirements.lock] [--check]

`sbom/<file>.cdx.json` holds the file's hashes and what its own metadata requires: names, ranges, extras, and the
version that the jobs install by hash. What those require in turn depends on who installs them, and the document
says that it is incomplete there. The same file and lock give the same bytes; SOURCE_DATE_EPOCH is the time.
`--check` writes nothing and ends with 1 where a document is missing, differs, or belongs to no file. The standard
library is enough, as for the build.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

SUFFIX = ".cdx.json"
_REQUIREMENT = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?\s*([^;]*?)\s*(?:;\s*(.*))?"
)
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")
_LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def main(arguments: list[str] | None = None) -> int:
    """1 where `--check` finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dist", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--lock", type=Path, help="the versions that the jobs install")
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    given = parser.parse_args(arguments)
    locked = versions_of(given.lock.read_text("utf-8")) if given.lock else {}
    files = sorted(path for path in given.dist.iterdir() if path.is_file())
    wanted = {f"{path.name}{SUFFIX}": text_of(document_of(path, locked)) for path in files}
    if given.check:
        return _checked(wanted, given.out)
    given.out.mkdir(parents=True, exist_ok=True)
    for name, text in wanted.items():
        (given.out / name).write_text(text, "utf-8", newline="\n")
    return 0


def _checked(wanted: Mapping[str, str], folder: Path) -> int:
    there = {path.name: path.read_text("utf-8") for path in folder.glob(f"*{SUFFIX}")}
    wrong = sorted(
        name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)
    )
    for name in wrong:
        print(f"{folder / name}: not the bill of materials of what was built", file=sys.stderr)
    return 1 if wrong else 0


def text_of(document: Mapping[str, Any]) -> str:
    """The document's bytes, as text."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def versions_of(lock: str) -> dict[str, str]:
    """The versions of a lock, by normalised name."""
    return {normalised(name): version for name, version in _LOCKED.findall(lock)}


def normalised(name: str) -> str:
    """A distribution's name as the index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def document_of(path: Path, locked: Mapping[str, str]) -> dict[str, Any]:
    """The bill of materials of one file; `locked` are versions by normalised name."""
    about = metadata_of(path)
    own = _own_component(path, about)
    parts = _required(
        [str(one) for one in about.get_all("Requires-Dist") or []], own["name"], locked
    )
    ref, refs = own["bom-ref"], sorted(parts)
    digest = own["hashes"][0]["content"]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{ref} {digest}')}",
        "version": 1,
        "metadata": {"component": own, **_time()},
        "components": [parts[one] for one in refs],
        "dependencies": [{"ref": ref, "dependsOn": refs}],
        "compositions": [
            {"aggregate": "complete", "dependencies": [ref]},
            {"aggregate": "incomplete", "dependencies": refs},
        ],
    }


def _own_component(path: Path, about: Message) -> dict[str, Any]:
    """The file itself: who it says that it is, and the hashes of its bytes."""
    data = path.read_bytes()
    name, version = normalised(str(about["Name"])), str(about["Version"])
    ref = f"pkg:pypi/{name}@{version}?file_name={path.name}"
    hashes = (("SHA-256", hashlib.sha256(data)), ("SHA-512", hashlib.sha512(data)))
    return {
        "type": "library",
        "bom-ref": ref,
        "name": name,
        "version": version,
        "description": str(about["Summary"] or ""),
        "purl": ref,
        "hashes": [{"alg": kind, "content": found.hexdigest()} for kind, found in hashes],
        "licenses": [{"expression": str(about["License-Expression"])}],
    }


def metadata_of(path: Path) -> Message:
    """The core metadata that a wheel or a source distribution holds; `SystemExit` for any other file."""
    try:
        text = _wheel_metadata(path) if path.suffix == ".whl" else _source_metadata(path)
        about = HeaderParser().parsestr(text.decode("utf-8"))
    except (ValueError, KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise SystemExit(
            f"{path}: not a wheel or source distribution with its metadata ({error}): build {path.parent} anew"
        ) from None
    lacking = [name for name in ("Name", "Version", "License-Expression") if not about[name]]
    if lacking:
        raise SystemExit(
            f"{path}: its metadata lacks {', '.join(lacking)}: add it to pyproject.toml"
        )
    return about


def _wheel_metadata(path: Path) -> bytes:
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        (name,) = (one for one in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", one))
        return wheel.read(name)


def _source_metadata(path: Path) -> bytes:
    with tarfile.open(path) as source:
        (name,) = (one for one in source.getnames() if re.fullmatch(r"[^/]+/PKG-INFO", one))
        held = source.extractfile(name)
        return held.read() if held else b""


def _required(written: list[str], own: str, locked: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """A component for each distribution that is required, by reference; extras of the own one are followed."""
    found: dict[str, list[tuple[str, str]]] = {}
    required: set[str] = set()
    for one in written:
        match = _REQUIREMENT.fullmatch(one)
        if match is None:
            raise SystemExit(f"the requirement {one!r} can't be read: write it as PEP 508 has it")
        name = normalised(match[1])
        if name == own:
            continue  # an extra that names other extras
        extra = _EXTRA.search(match[4] or "")
        if extra is None:
            required.add(name)
        pairs = [("requirement", one), *([("extra", extra[1])] if extra else [])]
        found.setdefault(name, []).extend(pairs)
    return {
        f"pkg:pypi/{name}": _component(name, name in required, {*pairs, *_tested(name, locked)})
        for name, pairs in found.items()
    }


def _component(name: str, required: bool, properties: set[tuple[str, str]]) -> dict[str, Any]:
    """A distribution that somebody else releases; `properties` are names below `puppyai:` and values."""
    ref = f"pkg:pypi/{name}"
    return {
        "type": "library",
        "bom-ref": ref,
        "name": name,
        "purl": ref,
        "scope": "required" if required else "optional",
        "properties": [
            {"name": f"puppyai:{key}", "value": value} for key, value in sorted(properties)
        ],
    }


def _tested(name: str, locked: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("installed-by-jobs", locked[name])] if name in locked else []


def _time() -> dict[str, str]:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else None
    return {"timestamp": moment.isoformat()} if moment else {}


if __name__ == "__main__":
    sys.exit(main())
