"""Ways to cut a text: by length, at characters, at sentences, by structure; all pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry_tool.core.patterns import compiled_once

SEPARATORS = ("\n\n", "\n", ". ", ", ", " ")
WORD_ENDS = frozenset(" .,;:?!~")
_SENTENCE_END = compiled_once(r"[.!?]|[。！？]|[۔؟]|[।]|[።၊။།]|(?:\r?\n)+")
_AFTER_SENTENCE = compiled_once(r"(?<=[.!?]) +")
# A word, a run of other letters, or a sign: about what tokenizers of European languages make of text.
_TOKEN = compiled_once(r"\s*(?:[A-Za-z0-9_]+|[^\sA-Za-z0-9_])")


def automatic(
    text: str, size: int = 1000, overlap: int = 200, separators: Sequence[str] = SEPARATORS
) -> list[str]:
    """Parts of at most `size` characters, cut at the first separator that serves; parts keep theirs.

    A text that is short enough stays whole. Where no separator is left, fixed slices overlap.
    """
    if len(text) <= size:
        return [text]
    if not separators:
        step = max(size - overlap, 1)
        return [text[start : start + size] for start in range(0, len(text), step)]
    parts: list[str] = []
    for part in _after(text, separators[0]):
        parts += automatic(part, size, overlap, separators[1:])
    return parts


def _after(text: str, separator: str) -> list[str]:
    parts = text.split(separator)
    return [part + separator for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def by_length(
    text: str,
    size: int,
    overlap: int,
    *,
    whole_words: bool = False,
    ends: frozenset[str] = WORD_ENDS,
) -> list[str]:
    """Slices of `size` characters, each with `overlap` characters of the one before, stripped."""
    chunks: list[str] = []
    start = 0
    while start < len(text):
        end = min(start + size, len(text))
        chunk = text[max(0, start - overlap) : end]
        if whole_words:
            chunk = _word_before(text, start, overlap, chunk, ends)
            chunk, end = _word_after(text, end, chunk, size, ends)
        chunks.append(chunk.strip())
        start = max(end, start + 1)
    return chunks


def _word_before(text: str, start: int, overlap: int, chunk: str, ends: frozenset[str]) -> str:
    if start == 0 or not chunk or chunk[0] in ends:
        return chunk
    before = text[: max(start - overlap, 0)]
    cut = max((before.rfind(char) for char in ends), default=-1)
    return before[cut + 1 :] + chunk if cut != -1 else chunk


def _word_after(
    text: str, end: int, chunk: str, size: int, word_ends: frozenset[str]
) -> tuple[str, int]:
    """The chunk with its last word whole: finished where that fits, else left to the next chunk."""
    if end >= len(text) or not chunk or chunk[-1] in word_ends:
        return chunk, end
    ends = [found for char in word_ends if (found := text.find(char, end)) != -1]
    if not ends:
        return chunk, end
    rest = min(ends) - end
    if len(chunk) + rest <= size:
        return chunk + text[end : end + rest + 1], end + rest + 1
    cut = max((i for i, char in enumerate(chunk[: size + 1]) if char in word_ends), default=-1)
    if cut == -1:
        return chunk, end
    return chunk[: cut + 1], end - (len(chunk) - cut - 1)


def by_token(text: str, most: int) -> list[str]:
    """Parts of at most `most` words and signs (an estimate of tokens: no model's tokenizer is loaded)."""
    tokens = _TOKEN().findall(text)
    parts = ["".join(tokens[start : start + most]) for start in range(0, len(tokens), most)]
    return [part.strip() for part in parts if part.strip()]


def by_sentence(text: str) -> list[str]:
    """Sentences with their ends, in many scripts; line breaks end one too. Nothing is lost."""
    parts: list[str] = []
    last = 0
    for match in _SENTENCE_END().finditer(text):
        parts.append(text[last : match.end()])
        last = match.end()
    return parts + ([text[last:]] if text[last:] else [])


def recursive(text: str, most: int) -> list[str]:
    """Sentences put together until a part would be longer than `most`."""
    if len(text) <= most:
        return [text] if text.strip() else []
    parts: list[str] = []
    current = ""
    for sentence in _AFTER_SENTENCE().split(text):
        if len(current) + len(sentence) <= most:
            current += " " + sentence
        else:
            parts.append(current.strip())
            current = sentence
    return [part for part in (*parts, current.strip()) if part]


def flattened(value: object, name: str = "") -> Iterator[str]:
    """`a.b[0]: text` lines of an object, in order."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flattened(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from flattened(item, f"{name}[{position}]")
    else:
        yield f"{name}: {value}"
