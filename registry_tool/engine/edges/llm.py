"""`llm`: asks a model about the source blocks.

Config: `prompt` (template) or `messages` ([{role, content}], templates), `system` (template), `chat_histories`
(messages that come before), `model`, `temperature`, `max_tokens`, `base_url`, `top_p`, `stop`, `presence_penalty`,
`frequency_penalty`, `structured_output` (true: a JSON object; or a JSON Schema). Without prompt and messages the
source blocks are the prompt. A target with a schema gets JSON of it.
"""

from __future__ import annotations

from registry_tool.core.values import Value
from registry_tool.engine.edges.asking.model import as_messages, ask
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.providers.models.base import Message
from registry_tool.manifest.template import as_text, expand, render


class LlmEdge:
    """Ask a model."""

    type = "llm"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """The answer for every target."""
        return call.to_all(await ask(call, services, messages_of(call)))


def messages_of(call: EdgeCall) -> list[Message]:
    """The chat that the edge's configuration describes, templates expanded once."""
    config = call.config
    messages: list[Message] = []
    if system := config.get("system"):
        messages.append(Message("system", render(str(system), call.scope)))
    for key in ("chat_histories", "messages"):
        if config.get(key):
            messages += as_messages(expand(config[key], call.scope))
    if prompt := config.get("prompt"):
        messages.append(Message("user", render(str(prompt), call.scope)))
    elif not config.get("messages"):
        texts = [as_text(call.inputs[b.id]) for b in call.sources if b.type != "llm"]
        messages.append(Message("user", "\n\n".join(texts)))
    return messages
