"""A real Chromium that tests press keys in, over its DevTools protocol."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
_FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --remote-debugging-port=0""".split()  # noqa: SIM905 - reads as typed
_KEYS = {
    "ArrowDown": 40, "ArrowUp": 38, "Enter": 13, "Escape": 27, "Tab": 9,
}  # fmt: skip


class ProtocolError(Exception):
    """The browser refused a method."""


class Page:
    """One open page. Every wait is for a condition in the page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, loop: asyncio.AbstractEventLoop):
        self._socket, self._loop = socket, loop
        self._numbers = itertools.count(1)
        self.session = ""
        self.complaints: list[str] = []
        self.requests: list[str] = []

    def call(self, method: str, **params: Any) -> Any:
        """A protocol's method and its result; what the page complained of meanwhile is kept."""
        return self._loop.run_until_complete(self._call(method, params))

    async def _call(self, method: str, params: Any) -> Any:
        number = next(self._numbers)
        session = {"sessionId": self.session} if self.session else {}
        await self._socket.send_json({"id": number, "method": method, "params": params, **session})
        while True:
            document = json.loads((await self._socket.receive()).data)
            self._note(document)
            if document.get("id") == number:
                if "error" in document:
                    raise ProtocolError(method, document["error"])
                return document["result"]

    def _note(self, value: Any) -> None:
        method, params = value.get("method"), value.get("params")
        if method == "Runtime.exceptionThrown":
            self.complaints.append(params["exceptionDetails"]["exception"].get("description", ""))
        elif method == "Log.entryAdded" and params["entry"]["level"] in {"warning", "error"}:
            self.complaints.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in {"warning", "error"}:
            self.complaints.append(str(params["args"]))
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])

    def open(self, address: str) -> None:
        """Go to an address; the page has been loaded when it returns."""
        self.call("Page.navigate", url=address)
        self.until("document.readyState === 'complete'")

    def evaluate(self, expression: str) -> Any:
        """A JavaScript expression's value; a promise's once it is kept."""
        result = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def until(self, condition: str) -> None:
        """Wait until an expression is true in the page, whatever page that is by then."""
        while True:
            with suppress(ProtocolError):  # the page that was asked has gone
                if self.evaluate(f"Boolean({condition})"):
                    return
            # Not by a timer of the page's: one whose scripts are switched off has none.
            self._loop.run_until_complete(asyncio.sleep(0.02))

    def text(self, selector: str) -> str:
        """The text of the first element that fits."""
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    def type(self, text: str) -> None:
        """Type a text where the focus is, key by key."""
        for character in text:
            self.call("Input.dispatchKeyEvent", type="keyDown", text=character, key=character)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=character)

    def press(self, key: str) -> None:
        """Press one of the keys that write nothing, or Enter."""
        code = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        written = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **code, **written)
        self.call("Input.dispatchKeyEvent", type="keyUp", **code)


@contextmanager
def opened(folder: Path) -> Iterator[Page]:
    """A page of a new browser, whose own files go to `folder`."""
    assert CHROMIUM
    # The browser keeps the kernel's time: with a clock that is moved by a preloaded library it waits for ever.
    kept = {
        name: text for name, text in os.environ.items() if name not in {"LD_PRELOAD", "FAKETIME"}
    }
    with subprocess.Popen(
        [CHROMIUM, *_FLAGS, f"--user-data-dir={folder}"],
        env=kept,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        address = next(line for line in process.stderr if "DevTools listening on " in line)
        loop = asyncio.new_event_loop()
        session, socket = loop.run_until_complete(_connect(address.split(" on ")[1].strip()))
        try:
            page = Page(socket, loop)
            target = page.call("Target.createTarget", url="about:blank")["targetId"]
            page.session = page.call("Target.attachToTarget", targetId=target, flatten=True)[
                "sessionId"
            ]
            for domain in ("Page", "Runtime", "Log", "Network"):
                page.call(f"{domain}.enable")
            yield page
        finally:  # else what a failed test leaves open would fail the next one
            loop.run_until_complete(socket.close())
            loop.run_until_complete(session.close())
            loop.close()
            process.terminate()


async def _connect(address: str) -> tuple[aiohttp.ClientSession, aiohttp.ClientWebSocketResponse]:
    session = aiohttp.ClientSession()
    return session, await session.ws_connect(address, max_msg_size=0)
