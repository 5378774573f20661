"""Orders to an AI that reads a text for somebody: phrases of known injections (OWASP LLM01). No list is whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.security.layers import Span
from registry_tool.security.scanning.lookalikes import as_ascii
from registry_tool.security.scanning.phrases import Phrase, Phrases

_EARLIER = "(?:previous|prior|above|earlier|preceding|former|original|system)"
_RULES = "(?:instruction|rule|prompt|message|direction|guideline|command)"
_AI = r"(?:AI|LLM|(?:large )?language[ -]model|automated|automatic)"
_JUDGE = "(?:reviewer|agent|assistant|model|judge|grader|evaluator|scanner|auditor)"
_THING = "(?:workflow|file|skill|version|submission|package|code|document|change|repository)"
_SAFE = "(?:safe|benign|clean|harmless|trusted|approved|verified)"
_OWN = r"(?:~/\.|/etc/passwd|id_rsa|\.env\b|\.ssh\b|environment variables|chat history|conversation so far)"


ALL_ORDERS: Final = (
    Phrase(
        ("ignore", "disregard", "forget", "override"),
        rf"\w+\s+(?:all\s+|any\s+|the\s+|your\s+|of\s+){{0,4}}{_EARLIER}\s+(?:\w+\s+){{0,2}}{_RULES}",
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
        ("note to", "note for", "message to", "message for", "attention", "dear "),
        rf"\w+(?:\s+(?:to|for))?[:,]?\s+(?:the\s+|any\s+|all\s+)?(?:{_AI}\b|evaluator|judge|grader|assistant)",
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
        r"(?:\w+'?\w*\s+){2,3}?(?:the\s+|your\s+|any\s+)?(?:user|human|operator|reviewer)s?\b",
    ),
    Phrase(
        ("do not mention this", "don't mention this", "never mention this", "do not reveal this"),
        r"(?:\w+'?\w*\s+){2,3}this\b",
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
        r"|\[/?INST\]|<</?SYS>>|<start_of_turn>",
    ),
    Phrase(("忽略", "无视", "忘记"), r"\w{2}[^\n。]{0,12}(?:指令|指示|提示|规则)"),
    Phrase(("批准", "通过", "合并"), r"\w{2}(?:此|这个|该|本)(?:请求|版本|工作流|更改|变更)"),
    Phrase(("不要告", "请勿告", "不要通知", "不要提醒"), r"\w{3,4}[^\n。]{0,4}用户"),
    Phrase(("ignora", "ignore", "olvida"), r"\w+\s+(?:\w+\s+){0,3}?(?:instrucciones|instruções|istruzioni)"),
    Phrase(("ignorez", "oubliez", "ignore"), r"\w+\s+(?:\w+\s+){0,3}?(?:instructions|consignes)\s+pr.c.dentes"),
    Phrase(("ignorier", "vergiss", "missacht"), r"\w+\s+(?:\w+\s+){0,3}?(?:anweisung|instruktion|vorgabe)"),
    Phrase(("игнорир", "забуд", "проигнорир"), r"\w+\s+(?:\w+\s+){0,3}?(?:инструкц|указани)"),
    Phrase(("指示", "命令", "プロンプト"), r"\w+[^\n。]{0,8}(?:無視|忘れ)"),
    Phrase(("지시", "명령", "프롬프트"), r"\w+[^\n.]{0,10}(?:무시|잊)"),
)  # fmt: skip
_ORDERS = Phrases(ALL_ORDERS)


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
