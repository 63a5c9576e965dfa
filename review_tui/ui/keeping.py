"""What a reviewer keeps, taken into the review screen's state."""

from dataclasses import replace

from review_tui.model.notes import Book, ByMerchant
from review_tui.ui.state import ReviewState, with_facts


def with_book(state: ReviewState, book: Book) -> ReviewState:
    """Take in the book as it is now; the view hides what is put away and finds what is noted."""
    before = state.book
    if book is before:
        return state
    facts: dict[str, object] = {}
    if book.snoozes is not before.snoozes and book.hidden != state.facts.snoozed:
        facts["snoozed"] = book.hidden
    if book.flags is not before.flags:
        facts["flagged"] = frozenset(book.flags)
    if book.notes is not before.notes:
        facts["notes"] = {id_: note.text for id_, note in book.notes.items()}
    if book.merchants is not before.merchants:
        facts["merchant_notes"] = ByMerchant(book.merchants)
    return with_facts(replace(state, book=book), **facts)
