"""Orders to an AI that reads a text for somebody: phrases of known injections (OWASP LLM01). No list is whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.security.layers import Span
from registry_tool.security.scanning.foreign_orders import FOREIGN_ORDERS
from registry_tool.security.scanning.lookalikes import as_ascii
from registry_tool.security.scanning.phrases import Phrase, Phrases

_EARLIER = "(?:previous|prior|above|earlier|preceding|former|original|system)"
_RULES = "(?:instruction|rule|prompt|message|direction|guideline|command)"
_AI = r"(?:AI|LLM|(?:large )?language[ -]model|automated|automatic)"
_JUDGE = "(?:reviewer|agent|assistant|model|judge|grader|evaluator|scanner|auditor)"
_FREE = r"(?:rules|filters?|restrictions|limits|limitations|guidelines|censorship)"
_ANSWERS = "(?:repl(?:y|ies)|responses?|answers?|summar(?:y|ies)|reports?|tasks?|turns?|messages?)"
_THING = "(?:workflow|file|skill|version|submission|package|code|document|change|repository)"
_SAFE = "(?:safe|benign|clean|harmless|trusted|approved|verified)"
_OWN = r"(?:~/\.|/etc/passwd|id_rsa|\.env\b|\.ssh\b|environment variables|chat history|conversation so far)"


ENGLISH_ORDERS: Final = (
    Phrase(
        ("ignore", "disregard", "forget", "override"),
        rf"\w+\s+(?:all\s+|any\s+|the\s+|your\s+|of\s+){{0,4}}{_EARLIER}\s+(?:\w+\s+){{0,2}}{_RULES}",
    ),
    Phrase(
        ("ignore", "disregard", "forget", "override", "bypass"),
        r"\w+\s+(?:all\s+|any\s+|of\s+|the\s+){0,3}(?:users?\b(?! input)|safety|content\s+polic"
        r"|your\s+(?:guidelines|training|programming|rules|task)|above\s*(?:[.!:;\n]|and\b|\Z)|instructions?\s+above"
        r"|(?:everything|anything|what)\s+(?:you|above|before|came|was said))",
    ),
    Phrase(
        ("ai assistant", "ai agent", "ai model", "any ai", "llm", "language model", "assistants reading"),
        r"(?:\w+\s+){0,2}?\w+\s+(?:that\s+|who\s+|which\s+)?(?:reading|reads?|reviewing|reviews?|summari[sz]ing|processing)"
        r"\s+(?:this|the\s+(?:page|document|file))\b",
    ),
    Phrase(
        ("previous", "prior", "earlier", "your earlier", "original"),
        rf"(?:your\s+)?{_EARLIER}\s+{_RULES}s?\s+(?:no longer|don't|do not|are void|are cancelled)",
    ),
    Phrase(
        ("approve", "merge", "accept"),
        r"\w+\s+(?:this|the)\s+(?:pull\s+request|PR|change|workflow)\b|\w+\s+this\s+(?:version|skill)\b",
    ),
    Phrase(
        ("ai ", "ai\n", "llm", "automated", "automatic", "language model", "language-model"),
        rf"{_AI}\s+(?:code\s+)?{_JUDGE}s?\b[^.\n]{{0,40}}\b(?:must|should|shall|please|need to|have to)\b",
    ),
    Phrase(
        ("if you are", "if you're", "since you are", "when you are"),
        rf"\w+ you(?: are|'re)\s+(?:an?\s+)?(?:\w+\s+)?(?:{_AI}|assistant|bot|chatbot)\b",
    ),
    Phrase(
        ("note to", "note for", "message to", "message for", "attention", "dear ", "important for"),
        rf"\w+(?:\s+(?:to|for))?[:,]?\s+(?:the\s+|any\s+|all\s+)?(?:{_AI}\b|evaluator|judge|grader|assistant|bot\b)",
    ),
    Phrase(
        ("report no", "return no", "raise no", "report zero"),
        r"\w+\s+\w+\s+(?:finding|issue|problem|vulnerabilit)",
    ),
    Phrase(
        ("mark ", "classify ", "label ", "rate ", "treat ", "consider "),
        rf"\w+\s+(?:this|the)\s+(?:\w+\s+)?{_THING}\s+(?:\w+\s+)?as\s+{_SAFE}\b",
    ),
    Phrase(
        ("reply", "respond", "answer only", "answer with"),
        rf"\w+\s+(?:only\s+|just\s+|with\s+){{1,3}}[\"'“]?{_SAFE}\b",
    ),
    Phrase(
        ("give this", "give it", "award this", "assign this"),
        r"\w+\s+(?:\w+\s+){1,4}?(?:highest|maximum|full|perfect|top|best)\s+(?:\w+\s+)?(?:score|rating|mark|grade)",
    ),
    Phrase(
        ("security review", "security scan", "security audit", "security check", "safety check"),
        r"\w+\s+\w+\s+(?:\w+\s+){0,6}?(?:already|disabled|waived|unnecessary)\b",
    ),
    Phrase(
        ("do not tell", "don't tell", "never tell", "do not inform", "don't inform"),
        r"(?:\w+(?:'\w*)?\s+){2,3}?(?:the\s+|your\s+|any\s+)?(?:user|human|operator|reviewer)s?\b",
    ),
    Phrase(
        ("do not mention this", "don't mention this", "never mention this", "do not reveal this"),
        r"(?:\w+(?:'\w*)?\s+){2,3}this\b",
    ),
    Phrase(
        ("you are now", "you're now"),
        r"\w+(?:'re| are)\s+now\s+(?:in\s+)?(?:an?\s+)?(?:developer|DAN|god|unrestricted|jailbroken|evil|free)\b",
    ),
    Phrase(
        ("new system", "updated system", "new instruction", "hidden instruction", "system override"),
        r"(?:\w+\s+)?(?:system\s+)?(?:message|prompt|instructions?|override)\s*:",
    ),
    Phrase(
        ("send ", "post ", "upload ", "copy ", "forward ", "append ", "exfiltrate", "leak "),
        rf"\w+\s[^.\n]{{0,60}}?{_OWN}[^\n]{{0,60}}?(?:https?://|\bto\s|\binto\s)",
    ),
    Phrase(
        ("reveal", "print your", "repeat your", "output your", "disclose", "show your"),
        r"\w+\s+(?:me\s+)?your\s+(?:\w+\s+){0,2}?(?:system\s+prompt|instructions|prompt\b)",
    ),
    Phrase(
        ("<|", "[inst]", "[/inst]", "<<sys>>", "<</sys>>", "<start_of_turn>"),
        r"<\|(?:im_start|im_end|system|endoftext|start_header_id|user|assistant)\|>"
        r"|\[/?(?-i:INST)\]|<</?SYS>>|<start_of_turn>",
    ),
    Phrase(
        ("when you read", "when you process", "when you summari", "when you parse", "once you read"),
        r"\w+ you \w+\s+this(?:\s+\w+)?\s*,",
    ),
    Phrase(
        ("pretend", "imagine", "act as if", "respond as if", "answer as if", "behave as if"),
        rf"\w+(?:\s+as)?(?:\s+(?:if|that))?\s+you\s+(?:are|have|had|were)\s+[^.\n]{{0,30}}\b(?:no|without)\s+(?:\w+\s+)?{_FREE}",
    ),
    Phrase(
        ("without any", "without restriction", "without filter", "no restrictions", "no longer bound"),
        rf"\w+\s+(?:any\s+|longer\s+bound\s+by\s+)?(?:\w+\s+)?{_FREE}(?:\s+or\s+{_FREE})?\s*(?:[.!]|what|apply|$)",
    ),
    Phrase(
        ("your new", "your real", "your true", "your actual"),
        r"\w+ \w+\s+(?:task|directive|goal|objective|mission|purpose|instructions)\s*(?:is|are|supersedes?|:)",
    ),
    Phrase(
        ("safety protocol", "safety guideline", "safety filter", "content polic", "safety check"),
        r"\w+ \w+\s+(?:\w+\s+){0,3}?(?:disabled|lifted|suspended|off|not meant|do not apply|don't apply)\b",
    ),
    Phrase(
        ("decode ", "read the base64", "translate the following"),
        r"\w+\s[^\n]{0,80}?\b(?:follow|obey|execute|do (?:exactly )?what)\b",
    ),
    Phrase(
        ("end of user", "end of system"),
        r"end of (?:user|system)\s+(?:input|prompt|message|instructions|query)\b[^\w\n]*(?:\n|$)",
    ),
    Phrase(
        ("in every", "in all", "to every", "to all", "in each", "of every", "for all future"),
        rf"\w+ \w+\s+(?:future|following|subsequent)\s+{_ANSWERS}\b",
    ),
    Phrase(
        ("save ", "store ", "write ", "commit "),
        r"\w+\s[^.\n]{0,40}?\b(?:to|in|into)\s+your\s+(?:long-term\s+|permanent\s+)?memory\b",
    ),
    Phrase(
        ("show me", "tell me", "give me", "output every", "print every", "repeat every", "dump "),
        r"\w+\s+[^.\n]{0,50}?(?:hidden|system|initial|secret)\s+(?:prompt|message|instructions)"
        r"|\w+\s+[^.\n]{0,40}?(?:instructions|rules)\s+you\s+were\s+given|\w+\s+everything\s+in\s+your\s+context",
    ),
    Phrase(
        ("send ", "email ", "e-mail ", "forward ", "mail ", "post "),
        r"\w+[^.\n]{0,20}?\s(?:them|it|all|every|the (?:full|entire|whole))\b[^.\n]{0,60}?\bto\s+(?:\S{1,80}@\S|https?://)",
    ),
)  # fmt: skip
_ORDERS = Phrases((*ENGLISH_ORDERS, *FOREIGN_ORDERS))


def orders_in(text: str) -> Iterator[Span]:
    """Where a text speaks to an AI that reads it, in order."""
    return _ORDERS.spans(text)


def disguised_orders_in(text: str) -> Iterator[Span]:
    """Where it does so only for the eye: in letters that look like those of the words."""
    plain = as_ascii(text)
    if plain == text:
        return
    open_ones = set(orders_in(text))
    yield from (span for span in _ORDERS.spans(plain) if span not in open_ones)
