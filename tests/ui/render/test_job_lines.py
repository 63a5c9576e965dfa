"""A job as lines: how it stands in a word with its sign, what was seen of it; nothing of it acts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.jobs import Batch, JobFilter, JobPage, JobState, Transition
from review_tui.model.text import Shown
from review_tui.model.watching import Course, Jobs, SystemWatch, Watched
from review_tui.ui.draft import Draft
from review_tui.ui.job_ids import named_in
from review_tui.ui.job_rows import JobRow, Listing, RowId, rows_of
from review_tui.ui.render.chrome import jobs_words
from review_tui.ui.render.job_detail import job_lines, job_title
from review_tui.ui.render.jobs import JobColumns, brief_age, job_line, jobs_head, state_piece
from review_tui.ui.render.jobs_adding import AddView, add_lines
from review_tui.ui.render.jobs_chrome import instead_of_jobs, jobs_header, listing_words, systems_line
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.wrapping import cells
from tests.ui.madejobs import NOW, PULSE, STEVE, UNSILOED, a_job, ago, every_kind, live, row_of, watched
from tests.ui.samples import HOSTILE

KEYS = {"fetch": "o", "open": "Enter", "watch": "w", "seen": "d", "add": "+", "list": "L", "leave": "Esc"}
EVIL = Failure(FailureKind.SERVER, HOSTILE, HOSTILE, status=500, request_id=Shown.of(HOSTILE))


def text(line: Line) -> str:
    return "".join(part for part, _ in line)


def texts(lines: Iterable[Line]) -> str:
    return "\n".join(map(text, lines))


def test_each_way_of_standing_has_a_sign_and_a_word_of_its_own() -> None:
    pieces = [state_piece(row) for row in rows_of(every_kind(), "", frozenset())]
    words = [word for word, _ in pieces]
    assert len(set(words)) == len(words), "no two are told apart by colour alone"
    assert all(word[0] in "▲●✗✓·–‖…○?" and word[1] == " " for word in words)
    looked = replace(every_kind().watched[-1], looked=True)
    assert state_piece(row_of(looked)) == ("✓ done", Role.GOOD)
    strange = watched(a_job(PULSE, "p", "simmering"))
    assert state_piece(row_of(strange)) == ("? simmering", Role.WARN)
    silent = Watched(strange.key, NOW, failure=EVIL)
    assert state_piece(row_of(silent))[0] == "? no answer"


@pytest.mark.parametrize(
    ("state", "again"),
    [(FreshnessState.STALE, "next try 12:00."), (FreshnessState.STOPPED, "it is not asked again by itself.")],
)
def test_a_job_of_a_silent_system_says_so_and_when_it_is_asked_again(
    state: FreshnessState, again: str
) -> None:
    jobs = every_kind()
    why = Failure(FailureKind.NOT_SENT, "Not reachable", "Connection refused.")
    silent = SystemWatch(STEVE, freshness=Freshness(state, ago(3), failure=why))
    waiting = replace(jobs.watched[-2], next_at=jobs.watched[-2].next_at if "try" in again else None)
    jobs = Jobs((waiting, jobs.watched[-1]), {**jobs.systems, STEVE: silent})
    over, asked = rows_of(jobs, "", frozenset())
    assert state_piece(asked) == ("? no answer", Role.WARN)
    assert state_piece(over)[0] == "▲ needs review"
    told = texts(job_lines(asked, KEYS, NOW, 80))
    assert f"! No answer from Steve since 11:57; {again}" in told
    assert "Not reachable. Connection refused." in told
    assert "No answer" not in texts(job_lines(over, KEYS, NOW, 80))


@pytest.mark.parametrize("width", [60, 80, 88, 100, 160, 200])
@pytest.mark.parametrize("cursor", [None, Role.CURSOR])
def test_a_row_fits_its_width_and_stands_under_its_heads(width: int, cursor: Role | None) -> None:
    columns = JobColumns.of(width)
    assert cells(jobs_head(columns)) <= width
    for row in rows_of(every_kind(), "", frozenset()):
        line = job_line(row, columns, NOW, cursor)
        assert cells(line) == cells(jobs_head(columns))
        assert text(line).startswith("▌" if cursor else " ")


def test_ages_are_told_so_coarsely_that_they_seldom_change() -> None:
    told = [brief_age(ago(minutes), NOW) for minutes in (0, 0.9, 1, 2, 4, 5, 9, 10, 59, 60, 1440, 10**7)]
    assert told == ["now", "now", "1m", "2m", "3m", "5m", "5m", "10m", "50m", "1h", "1d", "999d"]
    assert brief_age(None, NOW) == "–"
    assert brief_age(NOW + timedelta(hours=3), NOW) == "now", "a clock ahead of ours"


@pytest.mark.parametrize(
    ("word", "told", "since"),
    [
        ("completed", {"updated": ago(300)}, "5h"),
        ("completed", {}, "≥2m"),
        ("pending", {"created": ago(40)}, "40m"),
        ("processing", {"created": ago(40), "updated": ago(1)}, "≥2m"),
    ],
)
def test_of_a_job_that_never_changed_before_our_eyes_no_time_is_made_up(
    word: str, told: dict[str, datetime], since: str
) -> None:
    job = a_job(PULSE, "p", word, **told)
    first = watched(job, seen=(Transition(None, job.state, job.word, ago(2)),))
    assert since in text(job_line(row_of(first), JobColumns.of(100), NOW, None)).split()
    just = replace(
        first, seen=(replace(first.seen[0], at=NOW),), job=replace(job, updated=None, created=None)
    )
    assert "now" not in text(job_line(row_of(just), JobColumns.of(100), NOW, None)).split()


def test_what_was_seen_is_told_the_newest_first_with_what_is_odd() -> None:
    one = watched(a_job(UNSILOED, "j1", "queued"))
    back = Transition(JobState.RUNNING, JobState.QUEUED, Shown.of("queued"), ago(1), "went back from running")
    lines = texts(job_lines(row_of(replace(one, seen=(*one.seen, back), left_out=7)), KEYS, NOW, 60))
    assert lines.index("running → queued ! went back from running") < lines.index("first seen running")
    assert "7 changes not kept" in lines
    assert "first seen running (“PROCESSING”)" in lines


def test_what_can_be_done_and_what_went_wrong_are_said_first() -> None:
    given_up = watched(a_job(PULSE, "p", "simmering"), course=Course.GIVEN_UP, patience=2400.0, next_at=None)
    lines = texts(job_lines(row_of(given_up), KEYS, NOW, 60))
    assert lines.startswith("It had not ended after 40 min, so it is left alone. w")
    assert "This word is in no document" in lines
    failed = watched(a_job(UNSILOED, "j", "FAILED"))
    lines = texts(job_lines(row_of(failed), KEYS, NOW, 60))
    assert "✗ No reason was given." in lines
    assert "It will not be tried again by itself." in lines
    done = watched(a_job(UNSILOED, "j", "review", needs_person=True))
    assert "d says that it was looked at" in texts(job_lines(row_of(done), KEYS, NOW, 90))
    listed = JobRow(RowId(UNSILOED, "j"), a_job(UNSILOED, "j", "completed"))
    assert texts(job_lines(listed, KEYS, NOW, 60)).startswith("Listed, not watched here. w watches it.")


def test_a_batch_is_told_with_its_system_s_counts_and_ours() -> None:
    parts = tuple(one for one in every_kind().watched if one.job and one.job.batch_id)
    told = Batch(
        UNSILOED, "batch_march", JobState.RUNNING, Shown.of("processing"),
        counts={"total": 2, "completed": 1}, progress=0.5, unreadable=("a row without an id",),
    )  # fmt: skip
    row = JobRow(RowId(UNSILOED, "batch_march", is_batch=True), parts=parts, batch=told)
    lines = texts(job_lines(row, KEYS, NOW, 60))
    for said in ("“processing” when it was read", "total 2 · completed 1", "50 %", "! a row without an id"):
        assert said in lines
    assert texts([job_title(row, 60)]).startswith("● 1 of 2")


def test_how_the_systems_stand_gives_way_where_there_is_no_room() -> None:
    jobs = Jobs((), live())
    wide, narrow = text(systems_line(jobs, 200, NOW)), text(systems_line(jobs, 60, NOW))
    assert wide == narrow == "Steve ● live   Pulse ● live   Unsiloed ● live"
    none = Jobs()
    assert "Pulse – not configured: set PULSE_API_KEY." in text(systems_line(none, 200, NOW))
    assert cells(systems_line(none, 80, NOW)) <= 80


def test_the_list_of_a_system_says_which_part_of_it_is_shown() -> None:
    page = JobPage((a_job(UNSILOED, "j", "failed"),), 51, 213, ("row 3 has no id",))
    listing = Listing(UNSILOED, JobFilter(JobState.FAILED, offset=50), page)
    assert listing_words(listing) == "Unsiloed lists 51–51 of 213, 1 unreadable · status:failed"
    assert listing_words(None) == ""


def test_the_review_says_how_many_jobs_need_somebody() -> None:
    assert jobs_words(1, brief=False) == "▲ 1 job needs somebody: J"
    assert jobs_words(2, brief=False) == "▲ 2 jobs need somebody: J"
    assert jobs_words(2, brief=True) == "▲ 2 jobs: J"


def test_nothing_that_a_system_says_acts() -> None:
    job = a_job(
        UNSILOED, "j1", HOSTILE, operation=HOSTILE, name=HOSTILE, note=HOSTILE, error=HOSTILE, progress=0.4
    )
    change = Transition(None, JobState.UNKNOWN, Shown.of(HOSTILE), ago(1), HOSTILE)
    evil = watched(job, failure=EVIL, seen=(change,))
    batch = Batch(UNSILOED, HOSTILE, JobState.QUEUED, Shown.of(HOSTILE), unreadable=(HOSTILE,))
    rows = [
        row_of(evil),
        JobRow(RowId(UNSILOED, HOSTILE, is_batch=True), parts=(evil,), batch=batch),
        JobRow(RowId(STEVE, HOSTILE), job),
    ]
    systems = live()
    systems[PULSE] = replace(systems[PULSE], why_not=HOSTILE)
    jobs = Jobs((evil,), systems)
    listing = Listing(UNSILOED, JobFilter(operation=HOSTILE), failure=EVIL)
    lines: list[Line] = [
        jobs_header(jobs, 1, listing_words(listing), HOSTILE, 300),
        systems_line(jobs, 200, NOW),
    ]
    lines += instead_of_jobs(jobs, listing, HOSTILE, KEYS, 80)
    lines += instead_of_jobs(jobs, None, HOSTILE, KEYS, 80)
    lines += add_lines(
        AddView(Draft.of(HOSTILE), named_in(HOSTILE), PULSE, False, HOSTILE, {PULSE: HOSTILE}), 60
    )
    for row in rows:
        lines += [job_line(row, JobColumns.of(100), NOW, None), job_title(row, 80)]
        lines += job_lines(row, KEYS, NOW, 60)
    for line in lines:
        assert text(line).isprintable(), line
        assert "\u202e" not in text(line)
