"""A crowd made many times as large within SQLite: every copy has its own ids, days and document number."""

from collections.abc import Iterable

from review_tui.sandbox.database import Transaction

DAYS_APART = 5
"""Days between a submission and its next copy, whole ones, so that dates on paper move along."""

_DAY_MS = 86_400_000
_TABLES = ("sessions", "submissions", "files", "fraud_matches", "events", "fingerprints")
_IDS = ("id", "session_id", "submission_id", "matched_submission_id")
_TELLS = ("extracted", "spec", "details", "file_name")
_COUNTED = "sequence"
# A copy's id ends in `z` and its round: no id that was made ends so, and no copy meets an original.


def multiply(tx: Transaction, members: Iterable[tuple[str, str, str]], total: int) -> None:
    """Copy submissions, given as `(id, date, number)`, and all that belongs to them, until there are `total`.

    Dates are ISO 8601, numbers have the shape `0000-000000`. All other submissions stay as they are.
    """
    tx.execute(
        "CREATE TEMP TABLE member (place INTEGER PRIMARY KEY, old TEXT UNIQUE, date TEXT, number TEXT)"
    )
    tx.executemany("INSERT INTO temp.member (old, date, number) VALUES (?, ?, ?)", members)
    (count,) = tx.execute("SELECT count(*) FROM temp.member").fetchone()
    tx.execute(
        "CREATE TEMP TABLE twin AS"
        " WITH RECURSIVE round (n) AS"
        " (SELECT 1 UNION ALL SELECT n + 1 FROM round WHERE (n + 1) * :count < :total)"
        " SELECT old, date, number, n, printf('z%03x', n) AS tail, n * :apart * :day AS earlier,"
        " date(date, '-' || (n * :apart) || ' days') AS new_date, substr(number, 1, 5)"
        " || printf('%06d', (substr(number, 6) + n * 7919) % 1000000) AS new_number"
        " FROM temp.member, round WHERE n * :count + place <= :total",
        {"count": count, "total": total, "apart": DAYS_APART, "day": _DAY_MS},
    )
    tx.execute("CREATE INDEX temp.twins_of ON twin (old)")
    for table in _TABLES:
        tx.execute(_copying(tx, table))
    tx.execute("DROP TABLE temp.twin")
    tx.execute("DROP TABLE temp.member")


def _copying(tx: Transaction, table: str) -> str:
    described = tx.execute(f"PRAGMA table_info ({table})").fetchall()
    columns = [row["name"] for row in described if row["name"] != _COUNTED]
    owner = "id" if table == "submissions" else "submission_id"
    values = ", ".join(_copied(f"t.{name}", name) for name in columns)
    return (
        f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608 – names of the schema alone
        f" SELECT {values} FROM {table} t CROSS JOIN temp.twin w ON w.old = t.{owner}"
    )


def _copied(column: str, name: str) -> str:
    """What a column holds in a copy, as SQL."""
    if name in _IDS:
        return f"substr({column}, 1, 28) || tail"
    if name.endswith("_at"):
        return f"{column} - earlier"
    if name in _TELLS:
        return f"replace(replace({column}, number, new_number), date, new_date)"
    if name == "value":
        return f"replace({column}, replace(number, '-', ''), replace(new_number, '-', ''))"
    if name == "client_submission_id":
        return f"rtrim({column}, '\"') || '-' || n || '\"'"
    return column
