"""What is sent to each form of receiver, and what its answer means. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from registry_tool.catalogue.notifications import WebhookForm
from registry_tool.core.records import Record, field
from registry_tool.core.values import Object, Value
from registry_tool.report.notifications.announcement import AnnouncedText, Announcement, plain_value
from registry_tool.report.notifications.signatures import (
    dingtalk_address,
    feishu_signature,
    standard_signature,
)

_OPEN: Final = {"en": "Open", "zh": "打开"}
_FEISHU: Final = {"en": "en_us", "zh": "zh_cn"}
_LONGEST_SLACK: Final = 2900  # a section takes 3,000 characters


class WebhookRequest(Record, frozen=True):
    """One post; the address and the headers hold secrets."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class DeliveryRefusal(Record, frozen=True):
    """Why a receiver took nothing; `again` says that it may take it a moment later."""

    reason: str
    again: bool = False


def webhook_request(  # noqa: PLR0913, PLR0917 - what, where and how
    form: WebhookForm,
    announcement: Announcement,
    url: str,
    secret: str,
    language: str,
    seconds: int,
) -> WebhookRequest:
    """The post of an announcement at a moment (seconds since 1970), signed where there is a secret."""
    shown = announcement.message(language)
    match form:
        case WebhookForm.GENERIC:
            return _generic(announcement, url, secret, seconds)
        case WebhookForm.SLACK:
            return _json(url, _slack(shown, language))
        case WebhookForm.FEISHU:
            signed: Object = {}
            if secret:
                signed = {"timestamp": str(seconds), "sign": feishu_signature(secret, seconds)}
            return _json(url, {**signed, **_feishu(shown, language)})
        case WebhookForm.DINGTALK:
            address = dingtalk_address(url, secret, seconds) if secret else url
            return _json(address, {"msgtype": "text", "text": {"content": shown.text}})


def _json(url: str, body: Object) -> WebhookRequest:
    data = json.dumps(body, ensure_ascii=False).encode()
    return WebhookRequest(url, data, {"content-type": "application/json; charset=utf-8"})


def _generic(announcement: Announcement, url: str, secret: str, seconds: int) -> WebhookRequest:
    facts = plain_value({"registry": announcement.registry, **announcement.data})
    made = _json(url, {"type": announcement.type, "timestamp": announcement.time, "data": facts})
    headers = {**made.headers, "webhook-id": announcement.id, "webhook-timestamp": str(seconds)}
    if secret:
        headers["webhook-signature"] = standard_signature(
            secret, announcement.id, seconds, made.body
        )
    return WebhookRequest(url, made.body, headers)


def _slack(shown: AnnouncedText, language: str) -> Object:
    """Plain text everywhere: strangers' words become neither links nor mentions."""
    text = "\n".join((shown.title, *shown.lines))[:_LONGEST_SLACK]
    blocks: list[Value] = [{"type": "section", "text": {"type": "plain_text", "text": text}}]
    if shown.url:
        link = f"<{_slack_escaped(shown.url)}|{_OPEN[language]}>"
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": link}]})
    return {"text": _slack_escaped(shown.title), "blocks": blocks, "unfurl_links": False}


def _slack_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _feishu(shown: AnnouncedText, language: str) -> Object:
    lines: list[Value] = [[{"tag": "text", "text": line}] for line in shown.lines]
    if shown.url:
        lines.append([{"tag": "a", "text": _OPEN[language], "href": shown.url}])
    post: Object = {"title": shown.title, "content": lines}
    return {"msg_type": "post", "content": {"post": {_FEISHU[language]: post}}}


def refusal(form: WebhookForm, status: int, body: bytes) -> DeliveryRefusal | None:
    """Why an answer means that nothing was taken; None where it was. Chats refuse with a code in a good answer."""
    if not 200 <= status < 300:
        again = status in {408, 425, 429} or status >= 500
        return DeliveryRefusal(f"it answered {status}", again=again)
    known = _CODES.get(form)
    return known(_object(body)) if known else None


def _feishu_refusal(answer: Object) -> DeliveryRefusal | None:
    code = answer.get("code", answer.get("StatusCode"))
    return _coded(code, answer.get("msg"), frozenset({11232, 11233}))


def _dingtalk_refusal(answer: Object) -> DeliveryRefusal | None:
    return _coded(answer.get("errcode"), answer.get("errmsg"), frozenset({-1, 130101}))


def _coded(code: Value, text: Value, busy: frozenset[int]) -> DeliveryRefusal | None:
    if code == 0 and not isinstance(code, bool):
        return None
    if not isinstance(code, int):
        return DeliveryRefusal("its answer is not one of its kind: is the address right?")
    words = f": {text}" if isinstance(text, str) and text else ""
    return DeliveryRefusal(f"it refused with the code {code}{words}", again=code in busy)


def _object(body: bytes) -> Object:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


_CODES: Final[Mapping[WebhookForm, Callable[[Object], DeliveryRefusal | None]]] = {
    WebhookForm.FEISHU: _feishu_refusal,
    WebhookForm.DINGTALK: _dingtalk_refusal,
}
