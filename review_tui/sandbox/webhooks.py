"""What lives here: the messages that tell a session's webhook what became of it."""

from review_tui.sandbox.database import Transaction


def enqueue(tx: Transaction, submission_id: str, event_type: str, now: int) -> None:
    """Put a message about a submission in line, if its session has a webhook."""
