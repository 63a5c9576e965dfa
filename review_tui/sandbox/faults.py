"""What lives here: what goes wrong on demand, scripted per route or asked for by a request header."""

import fnmatch
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from review_tui.sandbox.problems import invalid
from review_tui.sandbox.refusals import SHAPES, is_shape

HEADER = "X-Sandbox-Fault"
MAX_DELAY_S = 300.0

KINDS = {
    "delay": "answer rightly, but only after `delay` seconds",
    "status": "answer an error with the status `value` (default 500), in the shape of who answers there",
    "shape": "answer an error in the shape `value`, one of shapes; with a status: name/503",
    "drop": "close the connection without a word",
    "html": "answer an HTML page with the status `value` (default 502)",
    "redirect": "answer 307 to the address `value`",
    "body": "answer 200 with `value` as the JSON body, whatever it is",
    "truncated": "cut the body in half; the framing is right, the JSON is not",
    "cut_off": "promise the whole body, send half of it and close the connection",
    "announced": "promise `value` bytes (default 5 GB), send what there is and close the connection",
    "slow_body": "send the body 16 bytes at a time, `value` seconds apart (default 0.05)",
    "wrong_id": "answer as if another submission had been asked for",
}
"""Every kind of fault and what it does."""

ALWAYS_AFTER = frozenset({"truncated", "cut_off", "announced", "slow_body", "wrong_id"})


class ConnectionDropped(ConnectionError):  # noqa: N818 – it says what happened
    """Raised out of the application where there is no socket to close (a transport within one process)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong: for requests of ``method`` to a path like ``path``, ``times`` times.

    ``after`` lets the request take effect before its answer goes wrong; ``delay`` (seconds) comes first.
    """

    kind: str
    method: str = "*"
    path: str = "*"
    times: int = 1
    value: str | None = None
    after: bool = False
    delay: float = 0.0

    def hits(self, method: str, path: str) -> bool:
        """Whether it is meant for this request."""
        return self.method in ("*", method) and fnmatch.fnmatchcase(path, self.path)

    def number(self, default: float) -> float:
        """``value`` as a number of seconds or a status."""
        return default if self.value is None else float(self.value)

    def as_json(self) -> dict[str, object]:
        """The fault as the admin routes show it."""
        return {name: getattr(self, name) for name in self.__slots__}


class Faults:
    """The script: faults in the order they were added, each gone when its times are used up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._script: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put one more fault at the end of the script."""
        with self._lock:
            self._script.append(fault)

    def all(self) -> list[Fault]:
        """What is still to come, in order."""
        with self._lock:
            return list(self._script)

    def clear(self) -> None:
        """Let everything go right again."""
        with self._lock:
            self._script.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault meant for this request, one of its times used."""
        with self._lock:
            for index, fault in enumerate(self._script):
                if fault.hits(method, path):
                    if fault.times <= 1:
                        del self._script[index]
                    else:
                        self._script[index] = replace(fault, times=fault.times - 1)
                    return fault
        return None


def parse_header(text: str) -> Fault:
    """``kind[=value][;after][;delay=seconds]`` as a fault for the request that carries it."""
    first, *options = [part.strip() for part in text.split(";")]
    kind, _, value = first.partition("=")
    fields: dict[str, object] = {"kind": kind}
    if value:
        fields["delay" if kind == "delay" else "value"] = value
    for option in options:
        name, _, setting = option.partition("=")
        fields[name] = setting or True
    return parse(fields)


def parse(fields: Mapping[str, object]) -> Fault:
    """A fault of its JSON form; 422 names what is wrong with it."""
    unknown = set(fields) - set(Fault.__slots__)
    if unknown:
        raise invalid(min(unknown), f"unknown; a fault has {', '.join(Fault.__slots__)}")
    kind = fields.get("kind")
    if kind not in KINDS:
        raise invalid("kind", f"must be one of {', '.join(KINDS)}")
    value = None if fields.get("value") is None else str(fields["value"])
    if kind in ("status", "html") and value is not None and not re.fullmatch("[2-5][0-9][0-9]", value):
        raise invalid("value", "must be an HTTP status")
    if kind == "shape" and not is_shape(value or "coded"):
        raise invalid("value", f"must be one of {', '.join(SHAPES)}, and may end with a status: name/503")
    if kind in ("slow_body", "announced"):
        _number(fields, "value", 0.0, at_most=1e12)
    return Fault(
        kind=str(kind),
        method=str(fields.get("method", "*")).upper(),
        path=str(fields.get("path", "*")),
        times=int(_number(fields, "times", 1)),
        value=value,
        after=bool(fields.get("after", False)) or kind in ALWAYS_AFTER,
        delay=min(MAX_DELAY_S, _number(fields, "delay", 0.0)),
    )


def _number(fields: Mapping[str, object], name: str, default: float, *, at_most: float = 1e6) -> float:
    try:
        number = float(str(fields.get(name, default)))
    except ValueError:
        number = -1.0
    if not 0 <= number <= at_most:  # also refuses NaN
        raise invalid(name, f"must be a number from 0 to {at_most:.0f}")
    return number
