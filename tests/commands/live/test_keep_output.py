"""A folder that follows a branch."""

from __future__ import annotations

from pathlib import Path

from registry_tool.commands.live.keep_output import keep_in_step
from registry_tool.store.branch import Branch
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


def test_each_move_of_the_branch_is_built_and_an_error_ends_nothing(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    registry.add("hello", "1.0.0")
    first = registry.commit("Publish")
    out, output = tmp_path / "site", list[str]()
    compiled = registry.root / "registry/workflows/hello/1.0.0/workflow.json"
    good = compiled.read_bytes()

    def broken() -> None:
        compiled.unlink()
        registry.commit("Break")

    def mended() -> None:
        compiled.write_bytes(good)
        registry.commit("Mend")

    steps = [broken, mended]

    def goes_on() -> bool:
        if not steps:
            return False
        steps.pop(0)()
        return True

    branch = Branch(Repository(registry.root), "main")
    keep_in_step(branch, out, "", goes_on, output.append)
    assert output[0] == first
    assert output[1].startswith("error: ")
    assert output[2] == registry.git("rev-parse", "HEAD")
    assert (out / "workflows/hello/index.html").is_file()
