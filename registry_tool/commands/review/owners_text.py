"""What may not stand in the files beside the versions either: their words are shown, too."""

from __future__ import annotations

from registry_tool.core.finding import Finding
from registry_tool.manifest.positions import Document, locate
from registry_tool.rules import hidden_characters, reader_instructions, secrets


def text_findings(document: Document) -> list[Finding]:
    """Hidden characters, secrets and words to a reader's AI in an owners' file or in the settings."""
    name, text = document.path.removeprefix(document.folder), document.text
    hidden = [*hidden_characters.in_text(name, text), *hidden_characters.escaped(document)]
    return [
        *locate(hidden, hidden_characters.RULE.id, document),
        *locate(secrets.in_content(name, text.encode()), secrets.RULE.id, document),
        *locate(reader_instructions.in_document(document), reader_instructions.RULE.id, document),
    ]
