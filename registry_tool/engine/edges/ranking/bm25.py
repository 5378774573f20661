"""BM25, Okapi's ranking of documents by the words that they share with a query.

Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; k1 = 1.5, b = 0.75.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from registry_tool.core.patterns import compiled_once

_K1, _B = 1.5, 0.75
# Words; where writing has no blanks between words (Chinese, Japanese, Thai), single characters.
_ALONE = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = compiled_once(rf"[{_ALONE}]|[^\W{_ALONE}]+")


def words(text: str) -> list[str]:
    """The words of a text, case folded."""
    return _WORD().findall(text.casefold())


def bm25(query: str, documents: Sequence[str]) -> list[float]:
    """Each document's score from 0 to 1, stretched so that the best has 1 and the worst 0.

    Documents that are all equally good have 1.
    """
    corpus = [Counter(words(document)) for document in documents]
    lengths = [sum(counted.values()) for counted in corpus]
    average = (sum(lengths) / len(lengths) if lengths else 0.0) or 1.0
    query_words = words(query)
    holding = {word: sum(word in counted for counted in corpus) for word in set(query_words)}
    raw = [
        sum(
            _weight(counted[word], holding[word], len(corpus), length / average)
            for word in query_words
            if counted[word]
        )
        for counted, length in zip(corpus, lengths, strict=True)
    ]
    low, high = min(raw, default=0.0), max(raw, default=0.0)
    return [(score - low) / (high - low) if high > low else 1.0 for score in raw]


def _weight(times: int, holding: int, documents: int, length: float) -> float:
    """What one word adds: rarer words more, repeats less and less, long documents less."""
    rare = math.log((documents - holding + 0.5) / (holding + 0.5) + 1)
    return rare * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length))
