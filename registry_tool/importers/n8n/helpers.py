"""Python that generated code is given where it uses it: what JavaScript does with texts, numbers and items."""

from __future__ import annotations

import re
from typing import Final

from registry_tool.importers.generated_code import AT

_HELPERS: Final = {
    "at": AT,
    "paired": '''def paired(items, index, count):
    """The item of another node that belongs to this one."""
    items = items or []
    if len(items) == 1:
        return items[0]
    if len(items) == count:
        return items[index]
    raise ValueError(f"which of {len(items)} items of the other node belongs to this one is not known here")
''',
    "text": '''def text(value):
    """What JavaScript makes of a value in a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
''',
    "number": """def number(value):
    if isinstance(value, (int, float)):
        return value
    try:
        found = float(value)
    except (TypeError, ValueError):
        return float("nan")
    return int(found) if found.is_integer() else found
""",
    "truthy": '''def truthy(value):
    """Whether JavaScript takes a value for true: every list and object is."""
    return isinstance(value, (dict, list)) or (bool(value) and value == value)
''',
    "either": """def either(a, b):
    return a if truthy(a) else b()
""",
    "both": """def both(a, b):
    return b() if truthy(a) else a
""",
    "same": """def same(a, b):
    return isinstance(a, bool) == isinstance(b, bool) and a == b
""",
    "alike": '''def alike(a, b):
    """What == of JavaScript says: texts and numbers are compared as numbers."""
    if a is None or b is None:
        return a is b
    if isinstance(a, str) == isinstance(b, str) or isinstance(a, (dict, list)) or isinstance(b, (dict, list)):
        return a == b
    return number(a) == number(b)
''',
    "below": """def below(a, b):
    return a < b if isinstance(a, str) and isinstance(b, str) else number(a) < number(b)
""",
    "at_most": """def at_most(a, b):
    return a <= b if isinstance(a, str) and isinstance(b, str) else number(a) <= number(b)
""",
    "remainder": '''def remainder(a, b):
    """With the sign of what is divided."""
    a, b = number(a), number(b)
    found = math.fmod(a, b)
    return int(found) if isinstance(a, int) and isinstance(b, int) else found
''',
    "rounded": """def rounded(value):
    return math.floor(number(value) + 0.5)
""",
    "floored": """def floored(value):
    return math.floor(number(value))
""",
    "largest": """def largest(*values):
    return max(number(one) for one in values)
""",
    "smallest": """def smallest(*values):
    return min(number(one) for one in values)
""",
    "leading_int": """def leading_int(value, *_):
    found = re.match(r"\\s*[+-]?[0-9]+", text(value))
    return int(found[0]) if found else float("nan")
""",
    "leading_float": """def leading_float(value):
    found = re.match(r"\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?[0-9]+)?", text(value), re.I)
    return number(found[0]) if found else float("nan")
""",
    "add": """def add(a, b):
    if isinstance(a, str) or isinstance(b, str):
        return text(a) + text(b)
    return number(a) + number(b)
""",
    "otherwise": """def otherwise(a, b):
    return b if a is None else a
""",
    "stringify": """def stringify(value, *_):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
""",
    "call": '''def call(value, name, *given):
    """A method of JavaScript's texts and lists, and of n8n's own."""
    one = given[0] if given else None
    if name in ("isEmpty", "isNotEmpty"):
        return (not value) == (name == "isEmpty")
    if isinstance(value, list):
        if name in ("first", "last"):
            return (value[:1] if name == "first" else value[-1:] or [None])[0] if value else None
        if name == "join":
            return ("," if one is None else one).join(text(item) for item in value)
        if name == "includes":
            return one in value
        if name == "reverse":
            return value[::-1]
        if name == "concat":
            return value + (one if isinstance(one, list) else [one])
        if name == "slice":
            return value[slice(*given)]
    if name == "toFixed":
        return f"{number(value):.{int(one or 0)}f}"
    if name == "toNumber":
        return number(value)
    value = text(value)
    plain = {"toUpperCase": value.upper(), "toLowerCase": value.lower(), "trim": value.strip(), "toString": value}
    if name in plain:
        return plain[name]
    if name == "split":
        return [value] if one is None else list(value) if one == "" else value.split(one)
    if name == "slice":
        return value[slice(*given)]
    if name == "concat":
        return value + "".join(text(item) for item in given)
    asks = {"includes": one in value, "startsWith": value.startswith(one), "endsWith": value.endswith(one)}
    if name in asks:
        return asks[name]
    if name in ("replace", "replaceAll"):
        return value.replace(one, text(given[1]), 1 if name == "replace" else -1)
    raise ValueError(f"{name} is no method of this value")
''',
    "matches": '''def matches(pattern, value):
    """Whether a pattern, `/…/flags` or bare, is found in a text."""
    written = re.fullmatch(r"/(.*)/([a-z]*)", pattern, re.S)
    flags = {"i": re.I, "m": re.M, "s": re.S}
    wanted = sum(flags.get(one, 0) for one in set(written[2])) if written else 0
    return re.search(written[1] if written else pattern, value, wanted) is not None
''',
    "holds": '''def holds(left, operation, right, kind, case):
    """One condition of an If, a Filter or a Switch."""
    if operation in ("exists", "notExists"):
        return (left is not None) == (operation == "exists")
    if operation in ("empty", "isEmpty", "notEmpty", "isNotEmpty"):
        return (left in (None, "", [], {})) == (operation in ("empty", "isEmpty"))
    if operation in ("true", "false"):
        return bool(left) == (operation == "true")
    if kind == "number":
        left, right = number(left), number(right)
        asks = {"gt": left > right, "lt": left < right, "gte": left >= right, "lte": left <= right}
        if operation in asks:
            return asks[operation]
    elif kind in ("array", "object"):
        size, wanted = len(left or []), number(right) if operation.startswith("length") else 0
        asks = {"contains": right in (left or []), "notContains": right not in (left or [])}
        asks.update(lengthEquals=size == wanted, lengthNotEquals=size != wanted, lengthGt=size > wanted)
        asks.update(lengthLt=size < wanted, lengthGte=size >= wanted, lengthLte=size <= wanted)
        if operation in asks:
            return asks[operation]
    elif kind in ("string", "dateTime"):
        left, right = text(left), text(right)
        if not case:
            left, right = left.lower(), right.lower()
        asks = {"contains": right in left, "startsWith": left.startswith(right), "endsWith": left.endswith(right)}
        asks.update(regex=matches(right, left) if "egex" in operation else False)
        asks.update(after=left > right, before=left < right)
        asks.update(afterOrEquals=left >= right, beforeOrEquals=left <= right)
        name = operation[3:4].lower() + operation[4:] if operation.startswith("not") else operation
        if name in asks and operation != "notEquals":
            return asks[name] == (name == operation)
    return (left == right) == (operation != "notEquals")
''',
    "read_object": """def read_object(value):
    return value if isinstance(value, dict) else json.loads(value)
""",
    "put": '''def put(item, name, value):
    """Set what a dotted name leads to."""
    *way, last = name.split(".")
    for step in way:
        item = item.setdefault(step, {})
    item[last] = value
''',
}
_USES: Final = re.compile(rf"\b({'|'.join(_HELPERS)})\(")


def with_helpers(code: str) -> str:
    """The code below the helpers that it uses, and those use, and their imports."""
    needed: dict[str, str] = {}
    waiting = [code]
    while waiting:
        for name in _USES.findall(waiting.pop()):
            if name not in needed:
                needed[name] = _HELPERS[name]
                waiting.append(needed[name])
    parts = [_HELPERS[name] for name in _HELPERS if name in needed]
    whole = "\n\n".join([*parts, code])
    imports = [
        f"import {name}" for name in ("json", "math", "re") if re.search(rf"\b{name}\.", whole)
    ]
    return "\n".join(imports) + ("\n\n\n" if imports else "") + whole
