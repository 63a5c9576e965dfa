"""How the status line tells what became of a decision."""

from review_tui.model.decisions import Stage, Standing
from review_tui.model.submissions import Detail, Row, Verb, why_not
from review_tui.ui.render.head import amount_words, merchant_words
from review_tui.ui.render.line import Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import STAGE_ROLES


def outcome_words(standing: Standing, row: Row | None) -> tuple[str, Role]:
    """Say what became of a decision, on which submission, and what can follow."""
    intent = standing.intent
    about = f"{merchant_words(row)} {amount_words(row)}, {row.id}" if row else intent.submission_id
    follows = ""  # stands before the name: a narrow screen cuts at the end
    if standing.stage is Stage.DONE and intent.verb is Verb.RESOLVE and standing.detail:
        follows = _after_resolving(standing.detail)
    elif standing.stage in {Stage.REFUSED, Stage.UNSENT, Stage.NOT_DONE} and intent.reason:
        follows = f", {'r' if intent.verb is Verb.REJECT else 'c'} has your words"
    return f"{plain(standing.words)}{follows} · {about}", STAGE_ROLES[standing.stage]


def _after_resolving(detail: Detail) -> str:
    left = detail.open_matches
    if left is None or detail.status != "review":
        return ""
    if left:
        return f", {len(left)} more open"
    if any(match.resolution == "confirmed_fraud" for match in detail.fraud_matches or ()):
        return ", all resolved: to be rejected"
    return ", all resolved: ready to approve" if why_not(Verb.APPROVE, detail.status, 0) is None else ""
