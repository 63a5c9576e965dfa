"""Records: decisions as this machine keeps them until their end is known."""

from datetime import datetime

from review_tui.model.decisions import Intent, Stage
from review_tui.model.extraction import amount_of, currency_of, merchant_of
from review_tui.model.frozen import frozen
from review_tui.model.submissions import Submission


@frozen
class Record:
    """One decision as it is kept on this machine until its end is known; its identity is `intent.request_id`.

    `changed_at` is in UTC. `subject` names the submission when the server cannot be asked, clean. `shown` is
    the digest of what was shown when the key was pressed. `due` is the end of the hold, None for one that
    waits for the person, or when a waiting one may be sent again. `sends` counts the requests that were begun
    for it. `merchant` is who issued the document, clean. `status` and `server_request_id` are the server's
    answer. `run` says which run of the console wrote it: one of another run is never sent by itself.
    """

    intent: Intent
    stage: Stage
    changed_at: datetime
    subject: str = ""
    shown: str = ""
    due: datetime | None = None
    sends: int = 0
    words: str = ""
    status: int | None = None
    server_request_id: str | None = None
    run: str = ""
    merchant: str = ""


def subject_of(submission: Submission) -> str:
    """Return merchant and amount as one line, as far as they are known; clean."""
    data = submission.extracted_data
    return " ".join(word for word in (merchant_of(data), amount_of(data), currency_of(data)) if word)
