"""A server whose every text attacks whoever draws it, each with a mark that proves where it was drawn."""

import json
import re
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from review_tui.ui.terminal.modes import GIVING_BACK

KEY: Final = "aok_" + "5ec7e7" * 10 + "beef"

PAYLOADS: Final[tuple[str, ...]] = (
    # Operating system commands: clipboard, title, links, pictures, notifications; ended by BEL and by ST.
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]52;c;?\x1b\\",
    "\x1b]0;owned\x07",
    "\x1b]8;;https://evil.example/\x1b\\x\x1b]8;;\x1b\\",
    "\x1b]1337;File=name=eA==;inline=1:AAAA\x07",
    # Control sequences: erase and move, style, modes, queries whose replies would be typed, one cut short.
    "\x1b[2J\x1b[177;7HApproved",
    "\x1b[38;5;201mred\x1b[8m",
    "\x1b[?1049l\x1b[?1003h\x1b[?25l",
    "\x1b[c\x1b[6n\x1b[>q",
    "\x1bc\x1b7\x1b(0",
    "cut short\x1b[",
    # Device control, application programs, privacy messages.
    "\x1bP+q544e\x1b\\",
    "\x1bPq#0;2;0;0;0~-\x1b\\",
    "\x1b_Ga=T,f=24,s=1,v=1;AAAA\x1b\\",
    "\x1b^private\x1b\\\x1bXstring\x1b\\",
    # The same in one code point each.
    "\x9b2J\x9b31mred",
    "\x9d52;c;b3duZWQ=\x9c",
    "\x90q#0\x9c\x84\x8d",
    # Single controls.
    "a\a\b\b\v\f\rover\x0e\x0f\x1a\x00\x7f",
    "one\ntwo\u2028three\u2029four\x85five",
    # Direction, and what cannot be seen.
    "a\u202efdp.exe\u202c\u2066b\u2069\u061c\u200f",
    "zero\u200b\u200c\u200d\u2060\ufeff\u00adwidth",
    "tag\U000e0001\U000e0061\U000e007fs",
    "variation\ufe0e\ufe0f\U000e0100\u180b\u115f\u3164s",
    # Combining without end, halves of characters, characters that are none.
    "Z" + "\u0300\u0316\u0334\u0489" * 40 + "algo",
    "half \ud800 low \udfff pair \udc00\ud800",
    "private \ue000\U0010ffff none \u0378\ufdd0\uffff",
    # Markup of console libraries and templates.
    "[@click=app.leave(9)]x[/]",
    "[/x][b]bold[/b][link=https://evil.example]y[/link]",
    "$x ${HOME} {0} %s %n",
)
"""Texts as they are sent; lone surrogates travel as JSON escapes."""

HARMLESS: Final = 3
"""So many of them, the last, are characters like any other: they have to be drawn as they are."""

LARGE: Final = (200, 110)
"""Columns and lines of a terminal in which all is seen at once."""

_OWN: Final = re.compile(
    r"\x1b\[[0-9;]*m"  # style
    r"|\x1b\[(?P<line>[0-9]{1,3})(?:;(?P<column>[0-9]{1,3}))?H|\x1b\[[0-9]{0,3}[BCD]"  # the cursor
    r"|(?<!\x08)\x08{1,3}(?!\x08)"  # the cursor, a few columns back
    r"|\x1b\[K|\x1b\[2J|\x1b\[[0-9]{1,3}b"  # blanks to the end, a blank screen, repeats
    r"|\x1b\[\?(?:1049|25|1004|2004|2026|7)[hl]|\x1b\[\?(?:25|1004|2004|2026|2048)\$p"  # modes, and asking
    r"|\x1b\[>[0-9]+u|\x1b\[<u|\x1b\]22;default\x07"  # how keys are told, and the pointer
    r"|\r+\n?|\n"
)
"""All that the console itself ever sends besides text."""

_NEVER: Final = re.compile(
    r"\x1b\[38;5;201|\x1b\[8m|\x1b\[\?1003"
    r"|[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_SPECIAL: Final = re.compile(r"[^\x20-\x7e]+")


def hostile_in(output: bytes) -> list[str]:
    """Return what of the bytes written is neither text nor the program's own way of drawing it."""
    try:
        text = output.decode().replace(GIVING_BACK, "")
    except UnicodeDecodeError as error:
        return [repr(error.object[error.start - 20 : error.end + 20])]
    found = [match[0] for match in _NEVER.finditer(text)]
    found += [
        match[0]
        for match in _OWN.finditer(text)
        if match["line"] and (int(match["line"]) > LARGE[1] or int(match["column"] or 1) > LARGE[0])
    ]
    rest = _OWN.sub("", text)
    for special in _SPECIAL.finditer(rest):
        marks = 0
        for char in special[0]:
            category = unicodedata.category(char)
            marks = marks + 1 if category in {"Mn", "Me"} else 0
            if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} or marks > 3:
                found.append(repr(rest[max(special.start() - 20, 0) : special.end() + 20]))
                break
    return found


def _generous() -> dict[str, str]:
    """What lets a console read as much as it likes."""
    resets = str(int(time.time()) + 60)
    return {"X-RateLimit-Limit": "9000", "X-RateLimit-Remaining": "9000", "X-RateLimit-Reset": resets}


def mark(surface: str, index: int) -> str:
    """The sign of one payload on one surface: two letters and two digits."""
    assert len(surface) == 2
    return f"{surface}{index:02}"


def planted(surface: str, index: int) -> str:
    """One payload for one surface, behind its mark."""
    return mark(surface, index) + PAYLOADS[index]


def framed(surface: str, index: int) -> str:
    """One payload between two marks, for where a name's beginning may be left out."""
    return planted(surface, index) + mark(surface, index)


ALL: Final = range(len(PAYLOADS))


def plain_id(index: int) -> str:
    """The id of the submission whose own texts are this payload."""
    return f"plain{index:02}"


def row_of(index: int, surface: str = "D") -> dict[str, Any]:
    """A submission as the list gives it; `surface` begins the marks."""
    return {
        "id": plain_id(index),
        "submissionStatus": "review",
        "fraudStatus": planted(f"{surface}f", index),
        "workflow": {
            "slug": planted(f"{surface}g", index),
            "name": planted(f"{surface}w", index),
            "version": planted(f"{surface}v", index),
        },
        "extractedData": {
            "merchantName": planted(f"{surface}m", index),
            "totalAmount": planted(f"{surface}a", index),
            framed(f"{surface}k", index): planted(f"{surface}x", index),
        },
        "confidence": 0.9,
        "createdAt": _time(12, index),
        "clientSubmissionId": planted(f"{surface}c", index),
    }


def _time(hour: int, index: int) -> str:
    return f"2026-03-25T{hour}:00:{59 - index:02}.000Z"


def plain_detail(index: int) -> dict[str, Any]:
    """A submission that can be decided, every single text of which attacks."""
    return row_of(index) | {
        "sessionId": planted("Os", index),
        "rejectReason": planted("Or", index),
        "externalUser": {
            "name": planted("Ou", index),
            "email": planted("Oe", index),
            "id": planted("Oi", index),
        },
        "metadata": {planted("Ok", index): planted("Ox", index)},
        "fraudMatches": [],
        "events": [],
        "files": [],
    }


def odd_detail(index: int) -> dict[str, Any]:
    """A submission whose status is no word of ours."""
    return row_of(index) | {
        "id": f"odd{index:02}",
        "createdAt": _time(11, index),
        "submissionStatus": planted("Hs", index),
        "fraudMatches": [],
    }


def crowd_detail(base_url: str) -> dict[str, Any]:
    """A submission with as many fields, matches, events and files as there are payloads, and a contract."""
    return {
        **{planted("Rk", index): planted("Rv", index) for index in ALL},
        "id": "crowd",
        "submissionStatus": "review",
        "workflow": {"slug": "crowd", "version": 1},
        "extractedData": {framed("Fk", index): planted("Fv", index) for index in ALL},
        "createdAt": "2026-03-25T09:00:00.000Z",
        "fraudMatches": [_match(index) for index in ALL],
        "events": [
            {"type": planted("Et", i), "message": planted("Em", i), "actor": {"name": planted("Ea", i)}}
            for i in ALL
        ],
        "files": [
            {
                "id": f"f{index}",
                "fileName": framed("Gf", index),
                "label": planted("Gl", index),
                "contentType": planted("Gc", index),
                "downloadUrl": f"{base_url}/files/{index}",
            }
            for index in ALL
        ],
    }


def _match(index: int) -> dict[str, Any]:
    told = {"name": framed("Mk", index), "value": planted("Mv", index), "matchedValue": planted("Mw", index)}
    return {
        "id": f"m{index}",
        "matchedSubmissionId": planted("Mi", index),
        "type": planted("Mt", index),
        "score": 50,
        "details": {"fields": [told]},
        "resolution": planted("Mr", index),
        "note": planted("Mn", index),
        "resolvedBy": {"name": planted("Mb", index)},
    }


def problem(surface: str, index: int) -> dict[str, Any]:
    """An error body (RFC 9457) every text of which attacks; `surface` begins the marks."""
    return {
        "type": planted(f"{surface}y", index),
        "title": planted(f"{surface}t", index),
        "detail": planted(f"{surface}d", index),
        "requestId": planted(f"{surface}r", index),
        "errors": [{"field": planted(f"{surface}f", index), "message": planted(f"{surface}m", index)}],
    }


@dataclass
class Planted:
    """The server while it runs: what it is asked for may be changed at any time.

    `held` keeps details back until it is set. `list_fails` makes the list fail with this payload, and
    `company` are the payloads of the company's name. `headers` stand on every answer.
    """

    base_url: str = ""
    held: threading.Event = field(default_factory=threading.Event)
    surface: str = "L"
    list_fails: int | None = None
    company: range = range(1)
    posts: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        """Return status and body for one request."""
        parts = path.partition("?")[0].strip("/").split("/")[2:]
        if method == "POST":
            self.posts.append(path)
            return 422, problem("S", int(parts[1][-2:]))
        if parts[0] == "companies":
            return 200, {"data": [{"id": "c1", "name": "".join(planted("Co", i) for i in self.company)}]}
        if parts[0] == "workflows":
            return 200, {"outputSchema": [{"name": framed("Kn", i), "required": True} for i in ALL]}
        if parts == ["submissions"]:
            return self._list()
        if parts[2:] == ["fraud-matches"]:
            return 200, {"data": crowd_detail(self.base_url)["fraudMatches"]}
        self.held.wait(20)
        return self._detail(parts[1])

    def _list(self) -> tuple[int, Any]:
        if self.list_fails is not None:
            return 422, problem("X", self.list_fails)
        rows = [row_of(index, self.surface) for index in ALL]
        rows += [row_of(i, self.surface) | {"id": f"odd{i:02}", "createdAt": _time(11, i)} for i in ALL]
        rows += [row_of(i, self.surface) | {"id": f"bad{i:02}", "createdAt": _time(10, i)} for i in ALL]
        rows.append({"id": "crowd", "submissionStatus": "review", "createdAt": "2026-03-25T09:00:00.000Z"})
        return 200, {"data": rows, "pagination": {"hasMore": False, "nextCursor": None}}

    def _detail(self, id_: str) -> tuple[int, Any]:
        if id_ == "crowd":
            return 200, crowd_detail(self.base_url)
        if not re.fullmatch(r"(plain|odd|bad)\d\d", id_):
            return 404, {}
        index = int(id_[-2:])
        if id_.startswith("bad"):
            return 422, problem("B", index)
        return 200, odd_detail(index) if id_.startswith("odd") else plain_detail(index)


@contextmanager
def planted_server(answering: Planted | None = None) -> Iterator[Planted]:
    """Serve on loopback, in threads of this process, what is `answering`."""
    said = Planted() if answering is None else answering

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 20

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if self.path.startswith("/files/"):
                self._say(200, b"<html>no picture", "text/html")
                return
            status, body = said.answer(self.command, self.path)
            kind = "application/json" if status == 200 else "application/problem+json"
            self._say(status, json.dumps(body).encode(), kind)

        do_GET = do_POST = _answer  # noqa: N815 – the library's names

        def _say(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            for name, value in (_generous() | said.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 – the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    said.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield said
    finally:
        said.held.set()
        server.shutdown()
        thread.join()
        server.server_close()
