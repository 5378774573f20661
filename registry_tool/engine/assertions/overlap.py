"""Assertions on how many words a text shares with others: rouge-n, bleu, gleu.

Words are what blanks separate, in lower case, without full stops at their ends. Scores are from 0 to 1; of several
references the best one counts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from registry_tool.core.values import Frozen
from registry_tool.engine.assertions.base import scored, wanted_texts

_ORDERS = (1, 2, 3, 4)
_SMOOTHED = 1e-7  # in place of a precision of 0, as promptfoo does


def words(text: str) -> list[str]:
    """The words that are compared."""
    return [word.rstrip(".") for word in text.lower().split()]


def grams(items: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    """How often each run of `order` words occurs."""
    return Counter(tuple(items[at : at + order]) for at in range(len(items) - order + 1))


def rouge(found: str, reference: str, order: int = 1) -> float:
    """ROUGE-N as F1 of shared runs of words (Lin 2004, https://aclanthology.org/W04-1013)."""
    one, other = grams(words(found), order), grams(words(reference), order)
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def bleu(found: str, references: Sequence[str]) -> float:
    """BLEU of up to four words with a brevity penalty (Papineni et al. 2002, https://aclanthology.org/P02-1040)."""
    candidate = words(found)
    if not candidate:
        return 0.0
    others = [words(reference) for reference in references]
    logs = 0.0
    for order in _ORDERS:
        own = grams(candidate, order)
        most: Counter[tuple[str, ...]] = Counter()
        for other in others:
            most |= grams(other, order)
        precision = (own & most).total() / own.total() if own else 0.0
        logs += math.log(precision or _SMOOTHED) / len(_ORDERS)
    nearest = min((abs(len(other) - len(candidate)), len(other)) for other in others)[1]
    brevity = min(1.0, math.exp(1 - nearest / len(candidate)))
    return brevity * math.exp(logs)


def gleu(found: str, references: Sequence[str]) -> float:
    """Google's GLEU: the smaller of precision and recall (Wu et al. 2016, https://arxiv.org/abs/1609.08144)."""
    return max(_gleu(words(found), words(reference)) for reference in references)


def _gleu(candidate: list[str], reference: list[str]) -> float:
    shared = sum((grams(candidate, n) & grams(reference, n)).total() for n in _ORDERS)
    larger = max(
        sum(grams(candidate, n).total() for n in _ORDERS),
        sum(grams(reference, n).total() for n in _ORDERS),
    )
    return shared / larger if larger else 0.0


def _rouge_score(text: str, form: Frozen) -> float:
    return max(rouge(text, reference) for reference in wanted_texts(form))


def _bleu_score(text: str, form: Frozen) -> float:
    return bleu(text, wanted_texts(form))


def _gleu_score(text: str, form: Frozen) -> float:
    return gleu(text, wanted_texts(form))


ROUGE_N = scored("rouge-n", _rouge_score, 0.75)
BLEU = scored("bleu", _bleu_score, 0.5)
GLEU = scored("gleu", _gleu_score, 0.5)
