"""What Unsiloed's refusals mean: a missing route, a job that is gone, unfinished or failed."""

import re
from typing import Final

from review_tui.client.dialects import Dialect
from review_tui.client.errors import NotFound, Refused, WireError
from review_tui.client.job_errors import job_canceled, job_failed, missing, still_running
from review_tui.client.problems import Problem
from review_tui.model.jobs import System

_ANY: Final = re.IGNORECASE | re.DOTALL
_CANCELED: Final = re.compile(r"\bwas cancel+ed\b", re.IGNORECASE)
_UNFINISHED: Final = re.compile(r"\bstill\b|\bnot (?:yet )?(?:complete|finished|ready|done)", re.IGNORECASE)


def _meant(error: Refused, problem: Problem) -> WireError:
    del problem
    return missing(error, System.UNSILOED) if isinstance(error, NotFound) else error


def why_no_result(error: Refused, job_id: str) -> WireError:
    """Return what a refusal of a job's result says of the job, or the refusal where it says nothing of it."""
    words, status = error.problem.detail, error.failure.status
    if status == 500 and (found := re.match(rf"job (?:{re.escape(job_id)} )?failed\b:?(.*)", words, _ANY)):
        return job_failed(found[1], error=error)
    if status == 400 and _UNFINISHED.search(words):
        return still_running(error)
    if status == 400 and _CANCELED.search(words):
        return job_canceled(error)
    return error


def _key_header(link: str) -> tuple[str, str]:
    return ("X-API-Key" if re.match(r"/jobs(?:/|\Z)", link) else "api-key", "")


DIALECT: Final = Dialect(key_header=_key_header, meant=_meant, apart=2.0, waits=3_600.0)
"""How Unsiloed is spoken to."""
