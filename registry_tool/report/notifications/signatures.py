"""How each form of webhook proves who sent it: all by HMAC-SHA256, each over something else. Pure."""

from __future__ import annotations

import base64
import binascii
import hmac
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from registry_tool.core.errors import UsageError

_PREFIX = "whsec_"


def _signed(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.digest(key, content, "sha256")).decode()


def standard_key(secret: str) -> bytes:
    """The key of a Standard Webhooks secret: base64 behind `whsec_`, or the text itself."""
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise UsageError(
            f"the secret begins with {_PREFIX}, and what follows is not base64",
            hint="copy it again, or make one: echo whsec_$(openssl rand -base64 32)",
        ) from None


def standard_signature(secret: str, id: str, seconds: int, body: bytes) -> str:
    """The header `webhook-signature` (https://www.standardwebhooks.com): over id, time and body."""
    return f"v1,{_signed(standard_key(secret), f'{id}.{seconds}.'.encode() + body)}"


def feishu_signature(secret: str, seconds: int) -> str:
    """`sign` of a 飞书 (Lark) bot: time and secret are the key, and nothing is signed.

    https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
    """
    return _signed(f"{seconds}\n{secret}".encode(), b"")


def dingtalk_address(url: str, secret: str, seconds: int) -> str:
    """The address of a 钉钉 robot with `timestamp` (in ms) and `sign`: time and secret, with the secret as key.

    https://open.dingtalk.com/document/robots/customize-robot-security-settings
    """
    milliseconds = seconds * 1000
    sign = _signed(secret.encode(), f"{milliseconds}\n{secret}".encode())
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True)]
    query += [("timestamp", str(milliseconds)), ("sign", sign)]
    return urlunsplit(parts._replace(query=urlencode(query)))
