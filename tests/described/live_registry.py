"""A live registry that schemathesis asks what its description says: `scripts/schemathesis`."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from registry_tool.api.layout import ROOT
from registry_tool.security.tokens.principal import USUAL
from tests.conftest import RegistryFolder
from tests.server.addresses import at_address
from tests.server.signing_in import Served, served

CONFIG = Path(__file__).parent / "schemathesis.toml"


def shown(folder: Path) -> Served:
    """Some workflows, and members."""
    registry = RegistryFolder(folder / "registry", git=True)
    for name in ("other", "third"):
        registry.lay(name, "1.0.0")
    registry.lay("hello", "1.1.0")
    return served(registry)


def main(program: str, words: list[str]) -> int:
    """Ask it as somebody who may everything but remove for good; schemathesis' own exit code."""
    logging.basicConfig(level=logging.ERROR)  # what the server says of its own bugs
    with tempfile.TemporaryDirectory() as folder:
        found = shown(Path(folder))
        (token,) = found.headers("root", *USUAL).values()
        with at_address(found.context) as address:
            asked = [program, "--config-file", str(CONFIG), "run", f"{address}/{ROOT}/openapi.json"]
            command = [*asked, "--header", f"Authorization: {token}", *words]
            return subprocess.run(command, check=False, cwd=folder, env={**os.environ}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
