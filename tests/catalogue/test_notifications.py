from __future__ import annotations

import pytest

from registry_tool.catalogue.notifications import (
    EVERYTHING,
    AnnouncedKind,
    NotificationTarget,
    WebhookForm,
)
from registry_tool.catalogue.settings import read_settings
from registry_tool.core.finding import FindingsError

TEXT = """\
name: Test
notifications:
  - { form: feishu }
  - { name: ops, form: generic, url: "https://hooks.example/x", events: [alert], language: zh }
"""


def test_receivers_are_read() -> None:
    chat, ops = read_settings(TEXT.encode(), "r").notifications
    assert chat == NotificationTarget(
        *("feishu", WebhookForm.FEISHU, "", "NOTIFY_FEISHU_URL", "NOTIFY_FEISHU_SECRET"), EVERYTHING
    )
    assert (ops.name, ops.language) == ("ops", "zh")
    assert ops.kinds == {AnnouncedKind.ALERT}
    variables = {"NOTIFY_FEISHU_URL": " https://chat.example/1 \n", "NOTIFY_GENERIC_SECRET": "s"}
    assert (chat.address(variables), chat.secret(variables)) == ("https://chat.example/1", "")
    assert (ops.address(variables), ops.secret(variables)) == ("https://hooks.example/x", "s")


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("form: feishu", "form: teams", 3, "teams"),
        (
            "form: feishu",
            'form: slack, url: "https://hooks.slack.com/x"',
            3,
            "can write to the chat",
        ),
        ("form: feishu", "form: generic, name: ops", 4, "duplicate receiver 'ops'"),
        ("url: ", "url_variable: OPS_URL, url: ", 4, "stands here and in a variable"),
        ("https://hooks", "ftp://hooks", 4, "ftp"),
        ("https://hooks", "https://ada:secret@hooks", 4, "url"),
        ("[alert]", "[alerts]", 4, "alerts"),
        ("language: zh", "language: de", 4, "de"),
        ("form: feishu", "form: feishu, secret: x", 3, "secret"),
        ("form: feishu", "form: feishu, secret_variable: my-secret", 3, "my-secret"),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(old: str, new: str, line: int, reason: str) -> None:
    assert old in TEXT
    with pytest.raises(FindingsError) as refused:
        read_settings(TEXT.replace(old, new).encode(), "r")
    (finding, *_) = refused.value.findings
    assert finding.line == line
    assert reason in f"{finding.message} {finding.help}"
