"""What Unsiloed's refusals mean: a missing route, a job that is gone, unfinished or failed."""

import re
from typing import Final

from review_tui.client.dialects import Dialect
from review_tui.client.errors import BadRequest, NotFound, Refused, ServerFault, WireError
from review_tui.client.job_errors import job_canceled, job_failed, missing, still_running
from review_tui.client.problems import Problem
from review_tui.model.jobs import System

_FAILED: Final = re.compile(r"job\b.{0,210}?\bfailed\b(?:\s*:\s*(?P<reason>.*))?", re.IGNORECASE | re.DOTALL)
_CANCELED: Final = re.compile(r"\bwas cancel+ed\b", re.IGNORECASE)
_UNFINISHED: Final = re.compile(r"\bstill\b|\bnot (?:yet )?(?:complete|finished|ready|done)", re.IGNORECASE)


def _meant(error: Refused, problem: Problem) -> WireError:
    words = problem.detail
    if isinstance(error, NotFound):
        return missing(error, System.UNSILOED)
    if isinstance(error, ServerFault) and error.failure.status == 500 and (found := _FAILED.match(words)):
        return job_failed(found["reason"] or "", error=error)
    if isinstance(error, BadRequest) and error.failure.status == 400:
        if _UNFINISHED.search(words):
            return still_running(error)
        if _CANCELED.search(words):
            return job_canceled(error)
    return error


def _key_header(link: str) -> tuple[str, str]:
    return ("X-API-Key" if re.match(r"/jobs(?:/|\Z)", link) else "api-key", "")


DIALECT: Final = Dialect(key_header=_key_header, meant=_meant, apart=2.0)
"""How Unsiloed is spoken to."""
