"""Dialects: in what the systems differ when they are asked: where routes begin, where the key stands."""

from collections.abc import Callable
from typing import Final

from review_tui.client.addresses import API_ROOT
from review_tui.client.errors import Refused, WireError
from review_tui.client.problems import Problem
from review_tui.client.retry import RETRY_AFTER_CAP
from review_tui.model.frozen import frozen


def _bearer(path: str) -> tuple[str, str]:
    del path
    return ("Authorization", "Bearer ")


def _as_it_is(error: Refused, problem: Problem) -> WireError:
    del problem
    return error


@frozen
class Dialect:
    """How a system is spoken to.

    `root` is what stands between its address and its routes. `key_header` names, for a route, the header that
    carries the key, and what stands before it there. `meant` says what a refusal means: an error of its own
    where the system says more than a status does. `apart` is how many seconds there are at least between two
    tries to read the same, and `waits` for how many it may ask before the next.
    """

    root: str = ""
    key_header: Callable[[str], tuple[str, str]] = _bearer
    meant: Callable[[Refused, Problem], WireError] = _as_it_is
    apart: float = 0.0
    waits: float = RETRY_AFTER_CAP


STEVE: Final = Dialect(API_ROOT)
