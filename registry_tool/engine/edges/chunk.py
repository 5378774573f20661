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
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.asking.services import ask_json, embedder_of, with_model
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.config import options, texts, whole_number
from registry_tool.engine.edges.text import markup_splitter as marked_up
from registry_tool.engine.edges.text import splitters as chunkers
from registry_tool.engine.edges.text.semantic_splitter import semantic_chunks
from registry_tool.engine.providers.models.base import Message
from registry_tool.manifest.template import as_text

_LLM_PROMPT = (
    "Cut the document into passages that each hold one thought. Keep every word and the order, "
    'never cut inside a sentence. Answer with {"chunks": [passages]}.'
)


class ChunkEdge:
    """Cut a text."""

    type = "chunk"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """A list of texts for every target."""
        config = options(call)
        mode = str(config.get("chunking_mode") or "auto").lower()
        content = call.inputs[call.edge.sources[0]]
        if mode == "llm":
            return call.to_all(await _by_model(call, services, as_text(content), config))
        if mode not in _MODES:
            raise EdgeError(
                f"there is no chunking_mode {mode!r}",
                place="config.chunking_mode",
                way_out=f"use one of {', '.join((*_MODES, 'llm'))}",
            )
        if mode == "special" and config.get("sub_chunking_mode") == "semantic":
            return call.to_all(
                await semantic_chunks(as_text(content), config, embedder_of(call, services))
            )
        if mode == "simple" and not isinstance(content, str):
            return call.to_all(_structured(content))
        documents = content if isinstance(content, list) else [content]
        cut = _MODES[mode]
        return call.to_all([part for d in documents for part in cut(as_text(d), config)])


def _auto(text: str, config: Object) -> list[str]:
    size = whole_number(config, "chunk_size", 1000, least=1)
    overlap = whole_number(config, "chunk_overlap", 200)
    separators = texts(config, "separators", list(chunkers.SEPARATORS))
    return chunkers.automatic(text, size, overlap, separators)


def _length(text: str, config: Object) -> list[str]:
    if str(config.get("sub_chunking_mode") or "size").lower() == "token":
        return chunkers.by_token(text, whole_number(config, "max_tokens", 200, least=1))
    return chunkers.by_length(
        text,
        whole_number(config, "chunk_size", 100, least=1),
        whole_number(config, "overlap", 0),
        whole_words=config.get("handle_half_word") is True,
        ends=frozenset(texts(config, "split_chars", [])) | {" "}
        if config.get("split_chars")
        else chunkers.WORD_ENDS,
    )


def _character(text: str, config: Object) -> list[str]:
    from registry_tool.engine.edges.text.to_structured import split_at

    delimiters = [d for d in texts(config, "delimiters", [",", ";"]) if d]
    if not delimiters:
        raise EdgeError("there is no delimiter to cut at", place="config.delimiters")
    return cast(list[str], split_at(text, delimiters))


def _simple(text: str, _: Object) -> list[str]:
    return chunkers.by_sentence(text)


def _special(text: str, config: Object) -> list[str]:
    mode = str(config.get("sub_chunking_mode") or "recursive").lower()
    if mode != "recursive":
        raise EdgeError(
            f"there is no special chunking {mode!r}",
            place="config.sub_chunking_mode",
            way_out="use recursive or semantic",
        )
    return chunkers.recursive(text, whole_number(config, "max_length", 200, least=1))


def _advanced(text: str, config: Object) -> list[str]:
    tags = config.get("tags") or []
    if not isinstance(tags, list):
        raise EdgeError("tags must be a list", place="config.tags")
    names = [str(tag[0] if isinstance(tag, list) and tag else tag) for tag in tags]
    match str(config.get("sub_chunking_mode") or "html").lower():
        case "html":
            return marked_up.html_chunks(text, names)
        case "markdown":
            return marked_up.markdown_chunks(text, names)
        case "markdown_structured":
            return marked_up.markdown_parts(text)
        case other:
            raise EdgeError(
                f"there is no way {other!r} to cut marked-up text",
                place="config.sub_chunking_mode",
                way_out="use html, markdown or markdown_structured",
            )


_MODES: dict[str, Callable[[str, Object], list[str]]] = {
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


async def _by_model(call: EdgeCall, services: Services, text: str, config: Object) -> Value:
    schema: Object = {
        "type": "object",
        "properties": {"chunks": {"type": "array", "items": {"type": "string"}}},
    }
    messages = [
        Message("system", str(config.get("prompt") or _LLM_PROMPT)),
        Message("user", f"The document:\n{text}"),
    ]
    answer = await ask_json(with_model(call, config), services, messages, schema)
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
