"""What lives here: what comes out of a job, made up anew from its id whenever somebody asks."""

from datetime import UTC, datetime
from random import Random

from review_tui.sandbox.documents.invention import invent
from review_tui.sandbox.documents.merchants import DECIMALS
from review_tui.sandbox.documents.paper import Document
from review_tui.sandbox.queries import Row
from review_tui.sandbox.wire import dumps

_MORE = "\n\nCarried over from the page before, as received and not yet checked."
_MORE_IN_JSON = len(dumps(_MORE)) - 2
_PAGE = (595.0, 842.0)


def result_of(row: Row) -> str:
    """The JSON text of a job's result: what was given to it by hand, or made up; padded to its size."""
    if row["result"] is not None:
        return str(row["result"])
    made = _made_up(row)
    missing = (row["result_bytes"] or 0) - len(dumps(made))
    if missing > 0:
        _lengthen(made, missing)
    return dumps(made)


def size_of(row: Row) -> int:
    """How many bytes the result has, without making the long ones."""
    if row["result"] is not None:
        return len(row["result"])
    return max(row["result_bytes"] or 0, len(dumps(_made_up(row))))


def _made_up(row: Row) -> dict[str, object]:
    rng = Random(row["id"])
    today = datetime.fromtimestamp(row["created_at"] / 1000, UTC).date()
    paper = invent(rng, today=today, kind="invoice")
    if row["system"] == "pulse":
        return _extracted_markdown(row, paper, rng)
    making = {"extract": _fields, "parse": _chunks, "classify": _classes, "split": _parts}
    return making[row["operation"]](row, paper, rng)


def _extracted_markdown(row: Row, paper: Document, rng: Random) -> dict[str, object]:
    return {
        "markdown": _markdown(paper),
        "page_count": row["pages"],
        "bounding_boxes": {
            "Title": [_box(rng, 1)],
            "Table": [_box(rng, page + 1) for page in range(row["pages"])],
        },
        "extraction_id": f"ext_{row['id'][:16]}",
        "plan_info": {"pages_used": row["pages"], "tier": "standard"},
        "credits_used": row["pages"],
        "warnings": [],
    }


def _fields(_row: Row, paper: Document, rng: Random) -> dict[str, object]:
    told: dict[str, object] = {
        "supplier": paper.merchant.name,
        "invoice_number": paper.number,
        "invoice_date": paper.date,
        "currency": paper.currency,
        "total": paper.total / 10 ** DECIMALS[paper.currency],
    }
    scores = {name: round(rng.uniform(0.62, 0.99), 3) for name in told}
    data: dict[str, object] = {
        name: {
            "score": scores[name],
            "value": value,
            "bboxes": [{"bbox": _corners(rng)}],
            "page_no": 1,
        }
        for name, value in told.items()
    }
    return {"data": {**data, "min_confidence_score": min(scores.values())}, "processing_time": _seconds(rng)}


def _chunks(row: Row, paper: Document, rng: Random) -> dict[str, object]:
    chunks = [
        {
            "chunk_id": f"{row['id'][:8]}-{page}",
            "page_no": page,
            "content": _markdown(paper),
            "bbox": _corners(rng),
        }
        for page in range(1, row["pages"] + 1)
    ]
    return {"total_chunks": len(chunks), "chunks": chunks}


def _classes(row: Row, _paper: Document, rng: Random) -> dict[str, object]:
    sure = round(rng.uniform(0.7, 0.99), 3)
    pages = [
        {"page": page, "classification": "invoice", "confidence": round(rng.uniform(sure, 1.0), 3)}
        for page in range(1, row["pages"] + 1)
    ]
    return {
        "classification": "invoice",
        "confidence": sure,
        "page_results": pages,
        "total_pages": row["pages"],
        "processed_pages": row["pages"],
    }


def _parts(row: Row, _paper: Document, rng: Random) -> dict[str, object]:
    cut = rng.randint(1, row["pages"])
    spans = [("invoice", 1, cut), *([("attachment", cut + 1, row["pages"])] if cut < row["pages"] else [])]
    return {
        "files": [
            {"name": f"{kind}.pdf", "type": kind, "first_page": first, "last_page": last}
            for kind, first, last in spans
        ]
    }


def _markdown(paper: Document) -> str:
    unit = 10 ** DECIMALS[paper.currency]
    lines = [f"| {line.description} | {line.quantity} | {line.amount / unit} |" for line in paper.lines]
    head = [f"# Invoice {paper.number}", f"{paper.merchant.name}, {paper.date}", ""]
    table = ["| Position | Pieces | Amount |", "|---|---|---|", *lines]
    return "\n".join([*head, *table, "", f"**Total {paper.total / unit} {paper.currency}**"])


def _lengthen(result: dict[str, object], missing: int) -> None:
    pieces, rest = divmod(missing, _MORE_IN_JSON)
    text = _MORE * pieces + "." * rest
    if "chunks" in result:
        chunks = result["chunks"]
        assert isinstance(chunks, list)
        chunks[-1]["content"] += text
    elif "markdown" in result:
        result["markdown"] = f"{result['markdown']}{text}"
    else:
        result["note"] = text[:-9]  # less what its name and quotes take


def _corners(rng: Random) -> list[float]:
    left, top = rng.uniform(20, _PAGE[0] / 2), rng.uniform(20, _PAGE[1] - 60)
    return [round(number, 1) for number in (left, top, left + rng.uniform(40, 250), top + 14)]


def _box(rng: Random, page: int) -> dict[str, object]:
    left, top, right, bottom = _corners(rng)
    return {
        "page": page,
        "left": round(left / _PAGE[0], 4),
        "top": round(top / _PAGE[1], 4),
        "width": round((right - left) / _PAGE[0], 4),
        "height": round((bottom - top) / _PAGE[1], 4),
    }


def _seconds(rng: Random) -> float:
    return round(rng.uniform(2, 40), 2)
