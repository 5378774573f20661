"""OpenAI's own client in JavaScript (npm), and a live registry instead of OpenAI."""

from __future__ import annotations

import json
import os
import subprocess

from registry_tool.security.tokens.principal import RUN
from tests.bounded import PATIENCE
from tests.conftest import RegistryFolder
from tests.node_tools import node_tool, recent_node
from tests.server.addresses import at_address
from tests.server.signing_in import served


def test_it_lists_models_chats_and_streams(registry: RegistryFolder) -> None:
    program = [recent_node(), node_tool("openai.mjs")]
    shown = served(registry)
    env = {**os.environ, "OPENAI_API_KEY": shown.key("eve", RUN).secret}
    with at_address(shown.context) as address:
        told = subprocess.run(
            [*program, f"{address}/v1"],
            capture_output=True, text=True, timeout=PATIENCE, env=env, check=False,
        )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == {
        "models": ["hello"],
        "chat": "Hello, Ada!",
        "streamed": "Hello, Ada!",
        "response": "Hello, Ada!",
        "last": "response.completed",
        "refused": {"kind": "NotFoundError", "status": 404, "code": "model_not_found"},
    }
