"""A page opened in a real Chromium, and all that it complained of or asked the network for.

Speaks the Chrome DevTools Protocol over a pair of pipes (file descriptors 3 and 4 of the browser), so nothing needs installing.
"""

import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)  # fmt: skip
INSIDE = ("file:", "data:", "about:", "blob:")
STARTER = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
Json = dict[str, Any]


def found() -> str | None:
    """The browser of this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Tab:
    """One open page: what it complained of, and the addresses outside itself that it asked for."""

    pipe: "Pipe"
    session: str
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    loaded: bool = False

    def ask(self, method: str, **params: object) -> Json:
        """One command to the page, and its answer."""
        return self.pipe.ask(method, params, self)

    def open(self, address: str) -> None:
        """Go to an address, and wait until it is loaded and quiet."""
        self.loaded = False
        self.ask("Page.navigate", url=address)
        until = time.monotonic() + 30
        while not self.loaded and time.monotonic() < until:
            self.pipe.listen(self, 0.2)
        assert self.loaded, "the page did not load in 30 seconds"
        self.settle()

    def settle(self, seconds: float = 0.3) -> None:
        """Hear what still comes."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.pipe.listen(self, 0.05)

    def width(self, pixels: int, height: int = 900) -> None:
        """Make the window this wide."""
        self.ask("Emulation.setDeviceMetricsOverride", width=pixels, height=height, deviceScaleFactor=1, mobile=False)

    def value(self, script: str) -> Any:
        """What a line of JavaScript gives; it runs beside the page, so the page's own policy does not stop it."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        code = {"Tab": 9, "Escape": 27, "Enter": 13}[key]
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def hear(self, event: Json) -> None:
        """Keep what an event says."""
        method, p = event.get("method", ""), event.get("params", {})
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(p["exceptionDetails"].get("text", "exception"))
        elif method == "Runtime.consoleAPICalled" and p["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(a.get("value", a.get("description"))) for a in p["args"]))
        elif method == "Log.entryAdded" and p["entry"]["level"] in ("error", "warning"):
            self.complaints.append(p["entry"]["text"])
        elif method == "Audits.issueAdded" and p["issue"]["code"] == "ContentSecurityPolicyIssue":
            self.complaints.append(f"policy: {p['issue']['details']['contentSecurityPolicyIssueDetails'].get('violatedDirective')}")
        elif method == "Network.requestWillBeSent" and not p["request"]["url"].startswith(INSIDE):
            self.outside.append(p["request"]["url"])


class Pipe:
    """The two pipes to a running browser; messages end with a nought byte."""

    def __init__(self, to: int, back: int) -> None:
        self.to, self.back, self.rest, self.number = to, back, b"", 0

    def ask(self, method: str, params: Json, tab: Tab | None = None) -> Json:
        """Send a command and wait for its answer; events on the way are heard."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params, **({"sessionId": tab.session} if tab else {})}
        os.write(self.to, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + 30
        while time.monotonic() < until:
            for answer in self._read(0.2):
                if answer.get("id") == self.number:
                    assert "error" not in answer, (method, answer)
                    return dict(answer["result"])
                if tab:
                    tab.hear(answer)
        raise AssertionError(f"no answer to {method} in 30 seconds")

    def listen(self, tab: Tab, seconds: float) -> None:
        """Hear events for a while."""
        for event in self._read(seconds):
            tab.hear(event)

    def _read(self, seconds: float) -> Iterator[Json]:
        if select.select([self.back], [], [], seconds)[0]:
            data = os.read(self.back, 1 << 20)
            assert data, "the browser went away"
            *whole, self.rest = (self.rest + data).split(b"\0")
            yield from [json.loads(m) for m in whole]


@contextmanager
def browser(program: str) -> Iterator[Tab]:
    """A fresh browser with one empty tab; it is stopped and its traces are removed afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        theirs, to = os.pipe()
        back, ours = os.pipe()
        give, take = (fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (theirs, ours))
        command = [sys.executable, "-c", STARTER, str(give), str(take), program, *FLAGS, f"--user-data-dir={home}"]
        process = subprocess.Popen(command, pass_fds=(give, take), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in (theirs, ours, give, take):
            os.close(fd)
        try:
            yield _tab(Pipe(to, back))
        finally:
            process.terminate()
            process.wait(20)
            os.close(to)
            os.close(back)


def _tab(pipe: Pipe) -> Tab:
    target = pipe.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
    session = pipe.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
    tab = Tab(pipe, session)
    for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
        tab.ask(f"{domain}.enable")
    return tab


def address(path: Path) -> str:
    """A file as the browser is told of it."""
    return path.resolve().as_uri()
