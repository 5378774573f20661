"""`registry-tool vulnerabilities`: what the jobs install, held against what is known of it, and its licences.

pip-audit asks (https://pypi.org/project/pip-audit/); where it can't, nothing was looked at, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

from registry_tool.core.children import run_python
from registry_tool.core.errors import NotFoundError
from registry_tool.core.records import Record, field
from registry_tool.core.urls import without_credentials
from registry_tool.core.values import Object, Value

_PINNED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.M)
_LONGEST: Final = 160
_NOT_REACHED: Final = (
    "ConnectionError",
    "ProxyError",
    "SSLError",
    "Timeout",
    "HTTPError",
    "ServiceError",
    "Could not connect",
)
_PROXIES: Final = ("HTTPS_PROXY", "https_proxy", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


class Vulnerability(msgspec.Struct, frozen=True):
    """One known hole, as pip-audit tells it."""

    id: str
    fix_versions: list[str] = []
    aliases: list[str] = []


class AuditedPackage(msgspec.Struct, frozen=True):
    """A package of a requirements file, with what is known against it; `skip_reason` says why nobody looked."""

    name: str
    version: str = ""
    vulns: list[Vulnerability] = []
    skip_reason: str = ""


class _Report(msgspec.Struct, frozen=True):
    dependencies: list[AuditedPackage]


class DependencyAudit(Record, frozen=True):
    """What a file's packages were found to be; `not_run` says why nobody looked at any, `skipped` at which.

    `licences` are by package, of those that are installed here: empty where none is stated.
    """

    file: str
    packages: int
    vulnerable: tuple[AuditedPackage, ...] = ()
    not_run: str = ""
    skipped: tuple[str, ...] = ()
    licences: dict[str, str] = field(default_factory=dict)

    def to_value(self) -> Object:
        """As JSON."""
        vulnerable: list[Value] = [
            {
                "package": one.name,
                "version": one.version,
                "vulnerabilities": [
                    {
                        "id": hole.id,
                        "aliases": list[Value](hole.aliases),
                        "fixed_in": list[Value](hole.fix_versions),
                    }
                    for hole in one.vulns
                ],
            }
            for one in self.vulnerable
        ]
        return {
            "file": self.file,
            "packages": self.packages,
            "vulnerable": vulnerable,
            "not_run": self.not_run or None,
            "skipped": list[Value](self.skipped),
            "licences": dict[str, Value](self.licences),
        }


def vulnerabilities(files: Sequence[Path], service: str = "") -> list[DependencyAudit]:
    """What is known against the packages of requirements files; `service` is another address of OSV's API."""
    return [_audited(file, service) for file in files]


def _audited(file: Path, service: str) -> DependencyAudit:
    if not file.is_file():
        raise NotFoundError(
            "there is no such file", location=str(file), hint="name a requirements file with hashes"
        )
    pinned = _PINNED.findall(file.read_text("utf-8"))
    found = DependencyAudit(str(file), len(pinned), licences=dict(_licences(pinned)))
    if find_spec("pip_audit") is None:
        return _not_run(found, "pip-audit is not installed (pip install pip-audit)")
    words = ("--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off")
    other = ("--vulnerability-service", "osv", "--osv-url", service) if service else ()
    done = run_python("pip_audit", "-r", str(file.resolve()), *words, *other, also=_PROXIES)
    return reported(found, done.stdout, done.stderr, service)


def reported(
    found: DependencyAudit, output: str, errors: str, service: str = ""
) -> DependencyAudit:
    """The audit with what pip-audit printed: a package that it skipped is not one without holes."""
    try:
        packages = msgspec.json.decode(output, type=_Report).dependencies
    except msgspec.DecodeError:
        return _not_run(found, _no_report(errors, service))
    skipped = [one for one in packages if one.skip_reason]
    if len(skipped) == len(packages):
        return _not_run(found, skipped[0].skip_reason if skipped else "pip-audit saw no package")
    vulnerable = tuple(one for one in packages if one.vulns)
    names = tuple(one.name for one in skipped)
    return replace(found, vulnerable=vulnerable, skipped=names)


def _not_run(found: DependencyAudit, why: str) -> DependencyAudit:
    return replace(found, not_run=why)


def _no_report(errors: str, service: str) -> str:
    """What couldn't be asked and what to do, then pip-audit's own last line: it may be an exception's text."""
    asked = without_credentials(service) or "PyPI's service"
    if any(word in errors for word in _NOT_REACHED):
        hint = "look at the network and the proxy (HTTPS_PROXY), or name another with --service"
        reason = f"{asked} couldn't be asked; {hint}"
    else:
        reason = (
            "pip-audit gave no report; run `pip-audit --require-hashes -r FILE` to see all it says"
        )
    last = next((line.strip() for line in reversed(errors.splitlines()) if line.strip()), "")
    return f"{reason}. Its last line: {_cut(last)}" if last else reason


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _licences(pinned: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, _ in pinned:
        try:
            yield name, licence_of(metadata.metadata(name))
        except metadata.PackageNotFoundError:
            continue


def licence_of(about: metadata.PackageMetadata) -> str:
    """The licence that a package states: an expression, else the classifiers' names, else a short text."""
    if "License-Expression" in about:
        return about["License-Expression"]
    classifiers = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    if classifiers:
        return " OR ".join(sorted(one.rpartition(" :: ")[2] for one in classifiers))
    stated = about["License"].strip() if "License" in about else ""
    return stated if len(stated) < 80 and "\n" not in stated else ""
