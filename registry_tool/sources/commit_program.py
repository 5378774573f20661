"""A version of a commit as a program, its dependencies resolved in the same commit."""

from __future__ import annotations

from registry_tool.resolver.solve import solve
from registry_tool.sources.commit import TreeSource
from registry_tool.sources.program import Program, program_from_files
from registry_tool.store import paths


def program_from_tree(source: TreeSource, name: str, version: str) -> Program:
    """The program; `RegistryError` where it can't be read or its dependencies can't be resolved."""
    alone = _alone(source, name, version)
    chosen = solve(alone.workflow.requires, source, by=alone.workflow.reference).chosen
    callees = {need: _alone(source, need, candidate.version) for need, candidate in chosen.items()}
    return Program(alone.workflow, alone.files, alone.location, callees)


def _alone(source: TreeSource, name: str, version: str) -> Program:
    folder = paths.version_dir(name, version)
    files = {
        file.path.removeprefix(f"{folder}/"): source.tree.read(file.path)
        for file in source.tree.files(folder)
    }
    return program_from_files(files, folder)
