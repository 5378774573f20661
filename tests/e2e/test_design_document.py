"""The design document's command listing, Python and JavaScript examples, run as they are printed.

Read out of the document's own text where it is at hand; the copy in docs/design-example.md, which must be the same
word for word, is run always. Only the line that installs the tool and the registry's address differ.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry_tool.store.git.repository import Repository
from tests import forked
from tests.answering import answering, ok
from tests.conftest import SHARED, RegistryFolder
from tests.forge.stand_in.login import CLIENT
from tests.forge.stand_in.server import Person, StandIn, stand_in
from tests.made_once import put_copy
from tests.sdk.conftest import make_published, make_published_site
from tests.sdk.javascript_sdk import install, node
from tests.sdk.live_registry import LiveRegistry, live_registry

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
DOCUMENT = SHARED / "design-document.zh.md"
OURS = ROOT / "docs/design-example.md"
INSTALL = "npm install -g @puppyai/workflow-cli"
ADDRESS = "https://registry.puppyai.com"
SENTIMENT = {"label": "positive", "score": 0.8, "confidence": 0.9}


def block(path: Path, language: str) -> str:
    """The first block of a language in the part that the example stands in."""
    if not path.is_file():
        pytest.skip("../shared (the design document, not part of the product) is absent")
    text = path.read_text("utf-8").partition("## 🛠️ 技术实现")[2] or path.read_text("utf-8")
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("language", ["bash", "python", "javascript"])
def test_our_copy_is_the_documents_text(language: str) -> None:
    assert block(OURS, language) == block(DOCUMENT, language)


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[StandIn]:
    (tmp_path / "forge").mkdir()
    with stand_in(tmp_path / "forge") as running:
        running.people["gho_0123456789abcdefghij"] = Person("ada", 1)
        running.codes.page = f"{running.address}/login/device"
        running.codes.start = {"interval": 1}
        running.codes.replies = [{"access_token": "gho_0123456789abcdefghij"}]
        yield running


class Author:
    """An empty home, a clone of a registry, and the words of the listing one after the other."""

    def __init__(self, folder: Path, forge: StandIn) -> None:
        self.registry = RegistryFolder(folder / "registry", git=True)
        settings = self.registry.root / "registry/registry.yaml"
        settings.write_text(settings.read_text() + f"login: {{ client_id: {CLIENT} }}\n")
        self.registry.git("config", "user.name", "Ada")
        self.registry.git("config", "user.email", "ada@example.com")
        self.registry.commit("Say how to log in")
        self.folder = folder / "home"
        self.folder.mkdir()
        kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
        self.env = {
            **kept,
            **forge.environment(),
            "HOME": str(self.folder),
            "PUPPY_REGISTRY": str(self.registry.root),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def say(self, line: str) -> str:
        """Run one line; its output."""
        words = line.split()
        if words[0] == "cd":
            self.folder /= words[1]
            return ""
        if "--watch" in words:
            return self._watch(words)
        done = forked.run(words, cwd=self.folder, env=self.env)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        if words[1] == "publish":
            self.merge()
        return done.stdout

    def merge(self) -> None:
        """What a maintainer does on the forge's page."""
        self.registry.git(
            "merge", "--quiet", "--no-ff", "-m", "Publish", "publish/my-workflow-1.0.0"
        )

    def _watch(self, words: list[str]) -> str:
        """Until its first result is there; then Ctrl-C, as somebody at a terminal ends it."""
        program = str(Path(sys.executable).with_name(words[0]))
        with subprocess.Popen(
            [program, *words[1:]], cwd=self.folder, env=self.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as running:  # fmt: skip
            assert running.stdout is not None
            message = ""
            while "watching" not in message and (line := running.stdout.readline()):
                message += line
            running.send_signal(signal.SIGINT)
            message += running.stdout.read()
        assert running.returncode in (0, 130), message
        return message


@pytest.mark.parametrize("source", [OURS, DOCUMENT], ids=["ours", "document"])
def test_the_command_listing(source: Path, tmp_path: Path, forge: StandIn) -> None:
    author = Author(tmp_path, forge)
    said: dict[str, str] = {}
    last = ""
    for line in block(source, "bash").splitlines():
        if line.startswith("# 输出: "):
            assert line.removeprefix("# 输出: ") in said[last]
        elif line and not line.startswith("#") and line != INSTALL:
            last = line
            said[line] = author.say(line)
    assert len(said) == 12
    assert "Logged in" in said["puppy-cli login"]
    assert "serves in production" in said["puppy-cli deploy my-workflow:1.0.0 --env production"]
    assert "my-workflow" in said["puppy-cli list"]
    assert "1.0.0" in said["puppy-cli info my-workflow"]
    assert forge.wrong == []


def model(text: str) -> bytes:
    """A model's server that always says the same: what is shown is the way there, not the model."""
    message = {"role": "assistant", "content": text}
    answer = {
        "id": "1", "object": "chat.completion", "created": 0, "model": "gpt-4",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12},
    }  # fmt: skip
    return ok("content-type: application/json\r\n", json.dumps(answer).encode())


def run_example(source: Path, address: str, folder: Path) -> dict[str, Any]:
    """The example's variables after it ran."""
    text = block(source, "python")
    assert text.count(ADDRESS) == 1
    program = folder / "example.py"
    program.write_text(text.replace(ADDRESS, address), "utf-8")
    return runpy.run_path(str(program))


@pytest.mark.parametrize("source", [OURS, DOCUMENT], ids=["ours", "document"])
@pytest.mark.parametrize("kind", ["clone", "live"])
def test_the_python_example(
    source: Path, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "registry"
    put_copy(make_published, root)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-no-key")
    with answering(model(json.dumps(SENTIMENT))) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server}/v1")
        if kind == "clone":
            found = run_example(source, str(root), tmp_path)
            assert Repository(root).find("refs/heads/publish/my-workflow-0.1.0")
        else:
            put_copy(make_published_site, tmp_path / "site")
            live = LiveRegistry(tmp_path / "site", token="your-token")
            with live_registry(live):
                found = run_example(source, live.address, tmp_path)
            assert live.paths("POST") == ["/api/v1/workflows"]
            assert live.violations == []
    assert found["result"].sentiment == SENTIMENT
    assert found["result"].usage.calls >= 1
    assert found["workflow"].name == "my-workflow"


@pytest.mark.parametrize("source", [OURS, DOCUMENT], ids=["ours", "document"])
def test_the_javascript_example(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = block(source, "javascript")
    assert text.count(ADDRESS) == 1
    put_copy(make_published_site, tmp_path / "site")
    install(tmp_path)
    program = tmp_path / "example.mjs"
    live = LiveRegistry(tmp_path / "site", token="your-token")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-no-key")
    with answering(model(json.dumps(SENTIMENT))) as server, live_registry(live):
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server}/v1")
        program.write_text(text.replace(ADDRESS, live.address), "utf-8")
        done = node(str(program), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "{ label: 'positive', score: 0.8, confidence: 0.9 }\n"
    assert live.paths("POST") == ["/api/v1/workflows/sentiment-analysis/execute"]
    assert live.violations == []
