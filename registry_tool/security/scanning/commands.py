"""Commands that run what nobody read, or open a way in: reported where they hide, not where a reader sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.security.layers import Span
from registry_tool.security.scanning.phrases import Phrase, Phrases

_SHELL = r"(?:sudo\s+)?(?:/\w+/){0,3}(?:ba|z|da|k)?sh\b"

ALL_COMMANDS: Final = (
    Phrase(("curl", "wget", "fetch "), rf"\w+\b[^\n|;]{{0,200}}\|\s*{_SHELL}"),
    Phrase(("bash <(", "sh <(", "source <("), r"\w+ <\("),
    Phrase(("base64 -d", "base64 --decode", "xxd -r"), rf"\w+ [^\n|]{{0,60}}\|\s*{_SHELL}"),
    Phrase(("powershell", "pwsh"), r"\w+[^\n]{0,80}?\s-e(?:nc\w*)?\s"),
    Phrase(("iex", "invoke-expression", "| iex"), r"(?:\| )?(?:iex|invoke-expression)\b"),
    Phrase(("iwr ", "invoke-webrequest"), r"[\w-]{1,40} [^\n]{0,120}\|\s*(?:iex|invoke-expression)\b"),
    Phrase(("certutil", "mshta ", "rundll32", "regsvr32", "bitsadmin"), r"\w+[^\n]{0,60}(?:https?:|-url|/tr)"),
    Phrase(("nc ", "ncat ", "netcat "), r"\w+ [^\n]{0,40}?-[ec]\s"),
    Phrase(("/dev/tcp/", "/dev/udp/"), r"/dev/\w{3}/"),
    Phrase(("/bin/sh", "/bin/bash", "#!/"), r"(?:/bin/(?:ba)?sh|#!/(?:usr|bin))"),
    Phrase(("os.system", "os.popen", "os.exec", "subprocess.", "pty.spawn"), r"\w+\.\w+\s*\("),
    Phrase(("__import__", "exec(", "eval(", "exec (", "eval ("), r"\w+\s*\("),
    Phrase(("child_process", "new function(", "document.write("), r"\w+"),
    Phrase(("<script", "<iframe", "javascript:", "vbscript:"), r"<?\w+"),
    Phrase(("rm -rf", "rm -fr"), r"rm -\w+ +[~/$]"),
    Phrase(("chmod +x", "chmod 777", "chmod 755"), r"chmod"),
)  # fmt: skip
_COMMANDS = Phrases(ALL_COMMANDS)


def commands_in(text: str) -> Iterator[Span]:
    """Where a text holds such a command, in order."""
    return _COMMANDS.spans(text)
