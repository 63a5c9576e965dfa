"""The people of the pretend world: who uploads, who reviews, and the words they use."""

from random import Random

from review_tui.sandbox.documents.paper import Document

MEMBERS: tuple[tuple[str, str], ...] = (
    ("Ewa Żółtowska", "ewa.zoltowska@example.org"),
    ("Noah Whitfield", "noah.w@example.com"),
    ("佐藤 はる", "haru.sato@example.jp"),
    ("Ingrid Sæther", "ingrid.saether@example.no"),
    ("Lukas Groß", "lukas.gross@example.de"),
    ("Amélie Dufour", "amelie@example.fr"),
    ("Íñigo Ferrándiz", "inigo.f@example.es"),
    ("Priya Raman", "priya.raman@example.com"),
    ("Tomasz Jabłoński", "tj@example.pl"),
    ("Grace Okafor", "grace.okafor@example.com"),
)

REVIEWERS: tuple[dict[str, str], ...] = (
    {"type": "reviewer", "id": "user_mina", "name": "Mina Farrow"},
    {"type": "reviewer", "id": "user_jonas", "name": "Jonas Ek"},
    {"type": "reviewer", "id": "user_aiko", "name": "川口 愛子"},
)

REJECT_REASONS: tuple[str, ...] = (
    "The same receipt was submitted before.",
    "The total does not match the positions.",
    "The date lies outside the promotion.",
    "The document cannot be read; please photograph it again.",
    "Not a receipt of a partner shop.",
    "The amount has been altered.",
)

CANCEL_REASONS: tuple[str, ...] = (
    "Withdrawn by the member.",
    "Uploaded to the wrong workflow.",
    "Replaced by a better photograph.",
)

MATCH_NOTES: tuple[str | None, ...] = (
    None,
    "Two visits on one day, both real.",
    "Same shop and layout, other receipt.",
    "Same paper, checked side by side.",
)


def member(rng: Random) -> dict[str, object]:
    """An external user in wire shape; some give no e-mail address."""
    name, email = rng.choice(MEMBERS)
    number = rng.randint(1, 4000)
    return {"id": f"member-{number:04d}", "name": name, "email": email if rng.random() < 0.8 else None}


def metadata(rng: Random) -> dict[str, object] | None:
    """What an uploading system adds of its own, or nothing."""
    if rng.random() < 0.25:
        return None
    return {
        "lane": str(rng.randint(1, 12)),
        "app": rng.choice(("ios", "android", "web")),
        "campaign": rng.choice(("spring-26", "welcome", "double-points")),
    }


def file_name(document: Document, rng: Random) -> str:
    """What the uploading person called the file."""
    day = document.date
    if document.kind == "invoice":
        return rng.choice(
            (f"{document.number}.pdf", f"Rechnung {day}.pdf", f"faktura_{day}.pdf", "請求書.pdf")
        )
    return rng.choice(
        (f"IMG_{rng.randint(1000, 9999)}.jpg", f"scan-{day}.jpg", "Beleg März.jpg", "領収書.jpg", "photo.jpg")
    )
