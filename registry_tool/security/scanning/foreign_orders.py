"""Orders to an AI in Chinese, Spanish, Portuguese, Italian, French, German, Russian, Japanese and Korean."""

from __future__ import annotations

from typing import Final

from registry_tool.security.scanning.phrases import Phrase

_FEW = r"(?:\w+\s+){0,3}?"

FOREIGN_ORDERS: Final = (
    Phrase(("忽略", "无视", "忘记"), r"\w{2}[^\n。]{0,12}(?:指令|指示|提示|规则)"),
    Phrase(("批准", "通过", "合并"), r"\w{2}(?:此|这个|该|本)(?:请求|版本|工作流|更改|变更)"),
    Phrase(("不要告", "请勿告", "不要通知", "不要提醒"), r"\w{3,4}[^\n。]{0,4}用户"),
    Phrase(("ignora", "ignore", "olvida", "dimentica"), rf"\w+\s+{_FEW}(?:instrucciones|instruções|istruzioni)"),
    Phrase(("ignorez", "oubliez", "oublie "), rf"\w+\s+{_FEW}(?:instructions|consignes|règles)"),
    Phrase(
        ("verrate", "revela ", "revele", "rivela", "révèle", "muestra", "mostra"),
        rf"\w+\s+{_FEW}(?:systemanweisung|systemprompt|instrucciones|istruzioni|instructions|instruções)",
    ),
    Phrase(
        ("du bist jetzt", "vous êtes désormais", "tu es maintenant", "ahora eres", "ora sei", "sei ora"),
        rf"\w+ \w+(?: \w+)?\s+{_FEW}(?:uneingeschränkt|ohne|sans|sin|senza)\b",
    ),
    Phrase(("nota del sistema", "nota di sistema", "note du système"), r"\w+(?: \w+){0,2}\s*:"),
    Phrase(("ignorier", "vergiss", "missacht"), rf"\w+\s+{_FEW}(?:anweisung|instruktion|vorgabe)"),
    Phrase(("игнорир", "забуд", "проигнорир"), rf"\w+\s+{_FEW}(?:инструкц|указани)"),
    Phrase(("指示", "命令", "プロンプト"), r"(?:\w+|\w{1,40}+[^\n。]{1,8})(?:無視|忘れ)"),
    Phrase(("지시", "명령", "프롬프트"), r"(?:\w+|\w{1,40}+[^\n.]{1,10})(?:무시|잊)"),
)  # fmt: skip
