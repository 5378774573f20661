"""Logging in by a code, as GitHub's documentation has it.

https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CLIENT = "Ov23liTestTestTest"
DEVICE_CODE = "3584d83530557fdd1f46af8289938c8ef79f9dc5"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass
class Codes:
    """What the page's reader does: `replies` are what each look finds, the last one for ever."""

    page: str = ""
    replies: list[dict[str, Any]] = field(
        default_factory=lambda: [{"error": "authorization_pending"}]
    )
    start: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        """GitHub says 200 to errors, too."""
        self.asked.append(form)
        if form.get("client_id") != CLIENT:
            return 404, {"error": "Not Found"}
        if path == "/login/device/code":
            usual = {
                "device_code": DEVICE_CODE,
                "user_code": "WDJB-MJHT",
                "verification_uri": self.page,
                "expires_in": 900,
                "interval": 5,
            }
            return 200, {**usual, **self.start}
        if form.get("grant_type") != GRANT:
            return 200, {"error": "unsupported_grant_type"}
        if form.get("device_code") != DEVICE_CODE:
            return 200, {"error": "incorrect_device_code"}
        return 200, self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
