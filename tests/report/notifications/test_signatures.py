"""Published examples, and the vendors' own recipes written out."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.report.notifications.signatures import (
    dingtalk_address,
    feishu_signature,
    standard_key,
    standard_signature,
)


def test_the_example_of_standard_webhooks() -> None:
    """https://docs.svix.com/receiving/verifying-payloads/how-manual"""
    body = b'{"event_type":"ping","data":{"success":true}}'
    signed = standard_signature(
        "whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf", 1731705121, body
    )
    assert signed == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


def test_a_secret_that_is_no_base64_is_refused_unseen() -> None:
    assert standard_key("plain") == b"plain"
    with pytest.raises(UsageError, match="not base64") as refused:
        standard_key("whsec_?secret?")
    assert "?secret?" not in str(refused.value)


def test_feishu_signs_nothing_with_time_and_secret_as_the_key() -> None:
    key = b"1599360473\ndemo"
    wanted = base64.b64encode(hmac.new(key, digestmod=hashlib.sha256).digest()).decode()
    assert feishu_signature("demo", 1599360473) == wanted
    assert wanted == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def test_dingtalk_signs_time_and_secret_with_the_secret_as_the_key() -> None:
    url = dingtalk_address(
        "https://oapi.example/robot/send?access_token=a%2Bb", "SECabc", 1599360473
    )
    query = parse_qs(urlsplit(url).query)
    made = hmac.new(b"SECabc", b"1599360473000\nSECabc", digestmod=hashlib.sha256).digest()
    assert query == {
        "access_token": ["a+b"],
        "timestamp": ["1599360473000"],
        "sign": [base64.b64encode(made).decode()],
    }
    assert "+" not in urlsplit(url).query
