"""`puppy-cli verify`: a package or version is what it says, and its recorded tests pass, without any network."""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.commands.author.owner_signature import OwnerSignature, owner_signature
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.finding import FindingsError
from registry_tool.core.values import Object
from registry_tool.engine.testing.suite_report import TestReport
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.model import Workflow
from registry_tool.package.bundle import SUFFIX
from registry_tool.resolver.candidates import Candidate
from registry_tool.rules.all_rules import judge_files
from registry_tool.rules.file_set import FileSet, VersionContent
from registry_tool.runtime.run_tests import SuiteOptions, test_program
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.configuration.named import PUBLIC
from registry_tool.sources.lock_file import locked_here
from registry_tool.sources.program import Program, program_from_files
from registry_tool.sources.reference import OpenedProgram, open_reference
from registry_tool.sources.roots import pin_for
from registry_tool.store import paths


@dataclass(frozen=True)
class Verified:
    """What was verified, and how its recorded tests went.

    `published` says that it was read from a registry: a package or a bundle says nothing about that. `root` is
    the pinned root whose signatures the registry's documents were held against, empty where none is pinned;
    `signature` tells whether an owner signed its commit, None where that can't be told.
    """

    opened: OpenedProgram
    report: TestReport
    published: bool
    root: str = ""
    signature: OwnerSignature | None = None

    def to_value(self) -> Object:
        """As JSON."""
        program = self.opened.program
        return {
            "workflow": program.workflow.reference,
            "digest": program.digest,
            "published": self.published,
            "root": self.root or None,
            "signature": self.signature.to_value() if self.signature else None,
            "tests": self.report.to_value(),
        }


def verify(reference: str, registry: AnyRegistry) -> Verified:
    """Open it (package form and digest are checked there), compare the compiled workflow, replay the tests.

    `UsageError` for a bare manifest: it has no digest and no package that could be verified.
    """
    if reference.endswith((".yaml", ".yml")):
        raise UsageError(
            "verify looks at a package or a published version, and this is a manifest",
            location=reference,
            hint=f"puppy-cli validate {reference} checks it; puppy-cli build makes a package to verify",
        )
    opened = open_reference(reference, registry, locked_here())
    program = opened.program
    files = {path: VersionContent(content) for path, content in program.files.items()}
    if found := judge_files(FileSet(files)):
        raise FindingsError(found)
    compiled = program.files.get(paths.COMPILED)
    if compiled is not None and compiled != compile_bytes(_as_authored(program)):
        raise RegistryError(
            f"{paths.COMPILED} is not what the manifest compiles to",
            location=program.location,
            hint="build it again with `puppy-cli build`, or report who published it",
        )
    published = opened.candidate is not None and not reference.endswith(SUFFIX)
    root = _root(opened.candidate, registry) if opened.candidate and published else ""
    signature = owner_signature(opened.candidate, registry) if opened.candidate else None
    report = test_program(program, SuiteOptions())
    return Verified(opened, report, published, root, signature)


def _root(candidate: Candidate, registry: AnyRegistry) -> str:
    """The pinned root of the registry that a version was read from; a clone is held against none."""
    choice = as_choice(registry)
    for one in choice.order:
        if candidate.registry in (PUBLIC, one.name) and choice.folder is None:
            return str(pin_for(one, choice) or "")
    return ""


def _as_authored(program: Program) -> Workflow:
    """The workflow in the manifest: of a published version, the program's own is the compiled one."""
    return program_from_files(program.files, program.location).workflow
