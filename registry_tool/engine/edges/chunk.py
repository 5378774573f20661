"""`chunk`: cuts a text into a list of texts.

Config: `chunking_mode` and its fields (directly or in `extra_configs`):
- `auto`: `chunk_size` 1000, `chunk_overlap` 200, `separators`
- `length`, `sub_chunking_mode` size (`chunk_size` 100, `overlap` 0, `handle_half_word`, `split_chars`: where words
  end), token (`max_tokens` 200)
- `character`: `delimiters` [",", ";"]
- `simple`: sentences; a list's items; an object's `path: value` lines
- `special`, `sub_chunking_mode` recursive (`max_length` 200), semantic (`threshold` 0.75, `top_k`; sentences, or
  `docs` with their `embeddings`)
- `advanced`, `sub_chunking_mode` html or markdown (`tags`), markdown_structured (one chunk each part)
- `llm`: `prompt` and the model's settings as in `llm`; a model cuts, and a notice says where it lost words
A list of texts is cut item by item.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, cast

from registry_tool.core.threads import run_in_daemon_thread
from registry_tool.core.values import Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.asking.model import Question
from registry_tool.engine.edges.asking.services import ask_json, embedder_of
from registry_tool.engine.edges.asking.settings import ModelConfig
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.config import spelled
from registry_tool.engine.edges.spellings import first_words, listed
from registry_tool.engine.edges.text import markup_splitter as marked_up
from registry_tool.engine.edges.text import splitters as chunkers
from registry_tool.engine.edges.text.semantic_splitter import SemanticConfig, semantic_chunks
from registry_tool.engine.providers.models.base import Message
from registry_tool.manifest.template import as_text

SubMode = Literal[
    "size",
    "token",
    "recursive",
    "semantic",
    "html",
    "markdown",
    "markdown_structured",
    "character",
]
_AUTO_SIZE: Final = 1000
_SLICE: Final = 100
_MOST_TOKENS: Final = 200
_SHORT: Final = 20_000  # characters that are cut at once, as a thread costs more
_LLM_PROMPT = (
    "Cut the document into passages that each hold one thought. Keep every word and the order, "
    'never cut inside a sentence. Answer with {"chunks": [passages]}.'
)


@dataclass(frozen=True, kw_only=True)
class ChunkConfig(ModelConfig, SemanticConfig):
    """How the text is cut; each mode looks at its own fields."""

    chunking_mode: Literal[
        "auto", "length", "character", "simple", "special", "advanced", "llm"
    ] = "auto"
    sub_chunking_mode: SubMode | None = None
    chunk_size: int | None = None
    chunk_overlap: int = 200
    separators: tuple[str, ...] = field(default=chunkers.SEPARATORS, metadata=spelled(form=listed))
    overlap: int = 0
    handle_half_word: bool = False
    split_chars: tuple[str, ...] = field(default=(), metadata=spelled(form=listed))
    delimiters: tuple[str, ...] = field(default=(",", ";"), metadata=spelled(form=listed))
    max_length: int = 200
    tags: tuple[str, ...] = field(default=(), metadata=spelled(form=first_words))
    prompt: str = ""


class ChunkEdge:
    """Cut a text."""

    type = "chunk"
    config = ChunkConfig

    async def run(
        self, call: EdgeCall, config: ChunkConfig, services: Services
    ) -> dict[str, Value]:
        """A list of texts for every target."""
        mode = config.chunking_mode
        content = call.inputs[call.edge.sources[0]]
        if mode == "llm":
            return call.to_all(await _by_model(call, services, as_text(content), config))
        if mode == "special" and config.sub_chunking_mode == "semantic":
            return call.to_all(
                await semantic_chunks(as_text(content), config, embedder_of(call, services))
            )
        if mode == "simple" and not isinstance(content, str):
            return call.to_all(_structured(content))
        texts = [as_text(d) for d in (content if isinstance(content, list) else [content])]
        cut = partial(_cut, _MODES[mode], texts, config)
        return call.to_all(
            cut() if sum(map(len, texts)) <= _SHORT else await run_in_daemon_thread(cut)
        )


def _cut(
    mode: Callable[[str, ChunkConfig], list[str]], texts: list[str], config: ChunkConfig
) -> list[Value]:
    return [part for text in texts for part in mode(text, config)]


def _auto(text: str, config: ChunkConfig) -> list[str]:
    size = config.chunk_size or _AUTO_SIZE
    return chunkers.automatic(text, size, config.chunk_overlap, config.separators)


def _length(text: str, config: ChunkConfig) -> list[str]:
    if config.sub_chunking_mode == "token":
        return chunkers.by_token(text, config.max_tokens or _MOST_TOKENS)
    ends = frozenset(config.split_chars)
    return chunkers.by_length(
        text,
        config.chunk_size or _SLICE,
        config.overlap,
        whole_words=config.handle_half_word,
        ends=ends | {" "} if ends else chunkers.WORD_ENDS,
    )


def _character(text: str, config: ChunkConfig) -> list[str]:
    from registry_tool.engine.edges.text.to_structured import split_at

    delimiters = [d for d in config.delimiters if d]
    if not delimiters:
        raise EdgeError("there is no delimiter to cut at", location="config.delimiters")
    return cast(list[str], split_at(text, delimiters))


def _simple(text: str, _: ChunkConfig) -> list[str]:
    return chunkers.by_sentence(text)


def _special(text: str, config: ChunkConfig) -> list[str]:
    return chunkers.recursive(text, config.max_length)


def _advanced(text: str, config: ChunkConfig) -> list[str]:
    match config.sub_chunking_mode:
        case "markdown":
            return marked_up.markdown_chunks(text, config.tags)
        case "markdown_structured":
            return marked_up.markdown_parts(text)
        case _:
            return marked_up.html_chunks(text, config.tags)


_MODES: dict[str, Callable[[str, ChunkConfig], list[str]]] = {
    "auto": _auto,
    "length": _length,
    "character": _character,
    "simple": _simple,
    "special": _special,
    "advanced": _advanced,
}


def _structured(content: Value) -> list[Value]:
    if isinstance(content, list):
        return [as_text(item) for item in content]
    return list(chunkers.flattened(content)) if isinstance(content, dict) else [as_text(content)]


async def _by_model(call: EdgeCall, services: Services, text: str, config: ChunkConfig) -> Value:
    schema: Object = {
        "type": "object",
        "properties": {"chunks": {"type": "array", "items": {"type": "string"}}},
    }
    messages = [
        Message("system", config.prompt or _LLM_PROMPT),
        Message("user", f"The document:\n{text}"),
    ]
    answer = await ask_json(call, services, Question(messages, config), schema)
    kept, whole = (
        "".join("".join(map(str, cast(list[Value], answer["chunks"]))).split()),
        "".join(text.split()),
    )
    if kept != whole:
        what = (
            f"the model's chunks are not the text word by word: {len(kept)} letters of {len(whole)}"
        )
        services.emit(events.TEXT_LEFT_OUT, {"edge": call.edge.id, "what": what})
    return answer["chunks"]
