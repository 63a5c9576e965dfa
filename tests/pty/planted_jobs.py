"""Two systems of jobs whose every text attacks whoever draws it: names, errors, batches, results."""

from typing import Any, Final

from tests.pty.planted import ALL, Planted, framed, planted

UNKNOWN: Final = "00000000-0000-4000-8000-0000000000"
"""The beginning of ids of Pulse that nobody has; a refusal says so in words that attack."""

RESULTS: Final = ("tree", "fields", "text", "class")
"""The kinds of results, each that of a job of its own."""


def failed_id(index: int) -> str:
    """The id of the job that failed for this payload."""
    return f"job_failed{index:02}"


def _listed(index: int) -> dict[str, Any]:
    """A job as a list or a batch has it."""
    return {
        "job_id": failed_id(index),
        "status": "FAILED",
        "operation": planted("Uo", index),
        "file_name": framed("Un", index),
        "created_at": "2026-03-25T12:00:00Z",
    }


def _odd(index: int) -> dict[str, Any]:
    """A job whose state is no word of ours."""
    said = {"job_id": f"job_odd{index:02}aaa", "status": planted("Us", index)}
    return said | {"progress": planted("Ut", index), "created_at": "2026-03-25T11:00:00Z"}


def _result(kind: str) -> Any:
    if kind == "tree":
        return {planted("Jk", i): planted("Jv", i) for i in ALL}
    if kind == "fields":
        told = {"score": 0.9, "page_no": 1}
        return {"data": {framed("Rf", i): told | {"value": planted("Rv", i)} for i in ALL}}
    if kind == "text":
        return {"markdown": "\n".join(planted("Rm", i) for i in ALL)}
    pages = [{"page": i + 1, "classification": planted("Rp", i)} for i in ALL]
    return {"classification": planted("Rc", 4), "page_results": pages}


def _done(kind: str) -> dict[str, Any]:
    return {"job_id": f"job_done{kind}", "status": "COMPLETED", "operation": kind}


class PlantedJobs(Planted):
    """Answers for Pulse and Unsiloed as well, below paths of theirs."""

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        """Return status and body for one request."""
        parts = path.partition("?")[0].strip("/").split("/")
        if parts[0] == "pulse":
            index = int(parts[-1][-2:])
            return 404, {"error": {"code": planted("Pg", index), "message": planted("Pm", index)}}
        if parts[0] == "unsiloed":
            return 200, self._unsiloed(parts, path)
        return super().answer(method, path)

    def _unsiloed(self, parts: list[str], path: str) -> Any:
        if parts[1:] == ["jobs"]:
            rows = [_listed(index) for index in ALL] + [{"job_id": planted("Ub", index)} for index in ALL]
            return {"jobs": rows, "pagination": {"total": len(rows), "has_more": False}}
        if parts[1:3] == ["jobs", "batch"]:
            jobs = [_odd(index) for index in ALL] + [{"job_id": planted("Ub", 5)}]
            return {"batch_id": parts[3], "status": planted("Bw", int(parts[3][-2:])), "jobs": jobs}
        if parts[-1] == "result":
            return _result(parts[2].removeprefix("job_done"))
        if parts[2] == "status":
            wanted = path.partition("job_ids=")[2].partition("&")[0].replace("%2C", ",").split(",")
            return {"jobs": [self._job(one) for one in wanted]}
        return self._job(parts[2])

    def _job(self, id_: str) -> dict[str, Any]:
        if id_.startswith("job_done"):
            return _done(id_.removeprefix("job_done"))
        index = int("".join(filter(str.isdigit, id_)))
        if id_.startswith("job_odd"):
            return _odd(index)
        error = {"error_type": planted("Uy", index), "message": planted("Ue", index)}
        return _listed(index) | {"error": error}
