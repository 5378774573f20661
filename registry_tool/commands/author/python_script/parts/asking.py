"""Models and hosts that a script asks: its source is copied, with httpx and the standard library."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from registry_tool.commands.author.python_script.parts.values import loosely_parsed, parsed, text_of


def sent(request: Callable[[], Any], retries: int) -> Any:
    """The response to a request, which is tried again where a failure may pass."""
    import httpx

    for attempt in range(retries + 1):
        try:
            response = request()
            if attempt == retries or response.status_code not in {
                408,
                425,
                429,
                500,
                502,
                503,
                504,
            }:
                return response
        except httpx.TransportError:
            if attempt == retries:
                raise
        time.sleep(2**attempt)
    raise AssertionError("unreachable")


def chat(body: dict[str, Any], base_url: str, key: str, retries: int) -> str:
    """The answer of an OpenAI-compatible server; it is asked at OPENAI_BASE_URL with OPENAI_API_KEY.

    A `base_url` of the workflow's author is asked with the key in the variable that names its host, and no other.
    """
    import httpx

    base = base_url or os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
    headers = {"authorization": f"Bearer {os.environ.get(key, 'none')}"}
    url = f"{base.rstrip('/')}/chat/completions"
    response = sent(lambda: httpx.post(url, json=body, headers=headers, timeout=120), retries)
    response.raise_for_status()
    return response.json()["choices"][0]["message"]["content"] or ""


def ask(  # noqa: PLR0913 - all named
    messages: list[dict[str, str]],
    *,
    schema: dict[str, Any] | None = None,
    form: str = "",
    text: bool = True,
    base_url: str = "",
    key: str = "OPENAI_API_KEY",
    retries: int = 0,
    **parameters: Any,
) -> Any:
    """A model's answer: text, or a JSON value of a schema, asked for again where it is none.

    `form` says the schema in words, in the system message.
    """
    body = {"messages": messages, **parameters}
    if schema is None:
        answer = chat(body, base_url, key, retries)
        return answer.strip() if text else loosely_parsed(answer)
    if messages[0]["role"] == "system":
        first = {"role": "system", "content": f"{messages[0]['content']}\n{form}"}
        body["messages"] = [first, *messages[1:]]
    else:
        body["messages"] = [{"role": "system", "content": form}, *messages]
    wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    body["response_format"] = wanted if schema.get("properties") else {"type": "json_object"}
    for attempt in range(4):
        try:
            value = parsed(chat(body, base_url, key, retries))
        except ValueError:
            value = None
        if fits(value, schema):
            return value
        body["seed"] = 1000 * (attempt + 1)
    raise ValueError("the model gave no usable answer")


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value has the type, the properties and the choices that a schema asks for."""
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "boolean": bool,
        "number": (int, float),
    }
    kinds["integer"] = int
    names = schema.get("type", [])
    names = names if isinstance(names, list) else [names]
    of_kind = not names or any(
        value is None if name == "null" else isinstance(value, kinds.get(name, object))
        for name in names
    )
    if not of_kind or ("enum" in schema and value not in schema["enum"]):
        return False
    if isinstance(value, list):
        return all(fits(item, schema.get("items") or {}) for item in value)
    if not isinstance(value, dict):
        return True
    known = schema.get("properties", {})
    return set(schema.get("required", [])) <= set(value) and all(
        fits(item, known.get(key, {})) for key, item in value.items()
    )


def as_messages(value: Any) -> list[dict[str, str]]:
    """Earlier messages of a conversation, as `{role, content}`."""
    return [{"role": one["role"], "content": text_of(one.get("content"))} for one in value or []]


def fetch(  # noqa: PLR0913 - all named
    method: str,
    url: str,
    *,
    query: dict[str, Any] | None = None,
    headers: dict[str, Any] | None = None,
    body: Any = None,
    response: str = "auto",
    expect_status: tuple[int, ...] | str = (),
    timeout: float = 30,
    secret: tuple[str, str, str] | None = None,
    retries: int = 0,
) -> Any:
    """The answer of a host. `secret` is (environment variable, bearer, basic, header or query, name)."""
    import httpx

    sent_headers = {name.lower(): text_of(value) for name, value in (headers or {}).items()}
    asked = {name: text_of(value) for name, value in (query or {}).items()}
    if secret is not None:
        variable, kind, name = secret
        value = os.environ[variable]
        if kind == "bearer":
            sent_headers["authorization"] = f"Bearer {value}"
        elif kind == "basic":
            sent_headers["authorization"] = f"Basic {base64.b64encode(value.encode()).decode()}"
        elif kind == "header":
            sent_headers[name.lower()] = value
        else:
            asked[name] = value
    address = quote(url.strip(), safe="%/:?#[]@!$&'()*+,;=~")
    if asked:
        address += ("&" if "?" in address else "?") + urlencode(asked)
    content = None if body is None else text_of(body).encode()
    if body is not None:
        kind = "text/plain; charset=utf-8" if isinstance(body, str) else "application/json"
        sent_headers.setdefault("content-type", kind)
    answer = sent(
        lambda: httpx.request(
            method, address, headers=sent_headers, content=content, timeout=timeout
        ),
        retries,
    )
    wanted = expect_status or range(200, 300)
    if wanted != "any" and answer.status_code not in wanted:
        raise ValueError(f"{answer.url.host} answered {answer.status_code}: {answer.text[:200]}")
    if response == "base64":
        return base64.b64encode(answer.content).decode()
    is_json = answer.headers.get("content-type", "").split(";")[0].strip().endswith("json")
    as_json = response == "json" or (response in {"auto", "full"} and is_json)
    found = (answer.json() if answer.content.strip() else None) if as_json else answer.text
    if response == "full":
        return {"status": answer.status_code, "headers": dict(answer.headers), "body": found}
    return found
