"""`llm`: asks a model about the source blocks.

Config: `prompt` (template) or `messages` ([{role, content}], templates), `system` (template), `chat_histories`
(messages that come before), `model`, `temperature`, `max_tokens`, `base_url`, `top_p`, `stop`, `presence_penalty`,
`frequency_penalty`, `structured_output` (true: a JSON object; or a JSON Schema). Without prompt and messages the
source blocks are the prompt. A target with a schema gets JSON of it. `images` (a template or a list of them) name
pictures that the last message shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from registry_tool.core.threads import run_in_daemon_thread
from registry_tool.core.values import Value
from registry_tool.engine.edges.asking.images import images_of, with_images
from registry_tool.engine.edges.asking.model import answering, as_messages, ask
from registry_tool.engine.edges.asking.settings import AnswerConfig
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.providers.models.base import Message
from registry_tool.manifest.template import as_text, expand, render


@dataclass(frozen=True, kw_only=True)
class LlmConfig(AnswerConfig):
    """The configuration; messages are templates, or stand for lists that a template holds."""

    prompt: str = ""
    system: str = ""
    messages: Value = None
    chat_histories: Value = None
    images: Value = None


class LlmEdge:
    """Ask a model."""

    type = "llm"
    config = LlmConfig

    async def run(self, call: EdgeCall, config: LlmConfig, services: Services) -> dict[str, Value]:
        """The answer for every target."""
        messages = messages_of(call, config)
        if config.images:
            named = expand(config.images, call.scope)
            images = await run_in_daemon_thread(partial(images_of, named, services))
            messages = with_images(messages, images)
        return call.to_all(await ask(call, services, answering(config, messages)))


def messages_of(call: EdgeCall, config: LlmConfig) -> list[Message]:
    """The chat that the edge's configuration describes, templates expanded once."""
    messages: list[Message] = []
    if config.system:
        messages.append(Message("system", render(config.system, call.scope)))
    for written in (config.chat_histories, config.messages):
        if written:
            messages += as_messages(expand(written, call.scope))
    if config.prompt:
        messages.append(Message("user", render(config.prompt, call.scope)))
    elif not config.messages:
        texts = [as_text(call.inputs[b.id]) for b in call.sources if b.type != "llm"]
        messages.append(Message("user", "\n\n".join(texts)))
    return messages
