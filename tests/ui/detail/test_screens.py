"""Every tab in every state, as it looks at two sizes."""

from dataclasses import replace
from pathlib import Path

import pytest

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.submissions import Row, Verb
from review_tui.ui.detail_view import DetailState, DetailView, Tab
from review_tui.workers.news import DownloadMoved, DownloadStage
from tests.ui.golden import assert_screen
from tests.ui.panes import looking
from tests.ui.samples import (
    NO_ANSWER,
    NOT_VISIBLE,
    NOW,
    a_detail,
    a_hostile_detail,
    a_match,
    a_view,
    the_matched,
)

FULL = a_view(matched={"s9": the_matched()})
HOSTILE_VIEW = a_view(a_hostile_detail(), matched={"s9": a_hostile_detail()})
BARE = a_view(a_detail(extractedData={}, fraudMatches=[], events=[], files=[], metadata=None))
WAITING = DetailView(NOW, Row.of(a_detail()))
FAILED = replace(WAITING, state=DetailState.FAILED, failure=NO_ANSWER)
STALE = replace(FULL, state=DetailState.STALE, failure=NO_ANSWER)
ELSEWHERE = Standing(
    Intent(Verb.APPROVE, "s1", NOW, request_id="q1"),
    Stage.ELSEWHERE,
    "Rejected by someone else at 12:03: not legible. Your approve was not applied",
)
GONE = a_view(
    a_detail(submissionStatus="rejected", rejectReason="not legible"),
    state=DetailState.GONE,
    standing=ELSEWHERE,
)
JUDGED = a_view(
    a_detail(
        fraudStatus="blocked",
        fraudMatches=[
            a_match(1, resolution="false_positive", resolvedBy={"name": "Ewa"}, note="same shop, other day"),
            a_match(2, "exact_duplicate", resolution="confirmed_fraud", resolvedAt="2026-03-25T12:03:00Z"),
            a_match(3, "data_similarity", matchedSubmissionId=None),
        ],
    ),
    matched={"s9": NOT_VISIBLE},
)
DISK_FULL = Failure(FailureKind.LOCAL, "The disk is full", "Free some space, then o again.")
LOADING_FILES = replace(
    FULL,
    downloads={
        "s1/f1": DownloadMoved("s1/f1", "s1-receipt-front.jpg", DownloadStage.RUNNING, 82_549, 183_442),
        "s1/f2": DownloadMoved("s1/f2", "s1-invoice.pdf", DownloadStage.FAILED, failure=DISK_FULL),
    },
)
SAVED_FILES = replace(
    FULL,
    downloads={
        "s1/f1": DownloadMoved(
            "s1/f1", "s1-receipt-front.jpg", DownloadStage.DONE, 9, 9, Path("Downloads/receipt-front-2.jpg")
        )
    },
)

SCREENS: dict[str, tuple[Tab, DetailView]] = {
    "overview-empty": (Tab.OVERVIEW, DetailView(NOW)),
    "overview-loading": (Tab.OVERVIEW, WAITING),
    "overview-full": (Tab.OVERVIEW, FULL),
    "overview-bare": (Tab.OVERVIEW, BARE),
    "overview-failed": (Tab.OVERVIEW, FAILED),
    "overview-stale": (Tab.OVERVIEW, STALE),
    "overview-gone": (Tab.OVERVIEW, GONE),
    "overview-hostile": (Tab.OVERVIEW, HOSTILE_VIEW),
    **{
        f"{tab}-{state}": (tab, view)
        for tab in (Tab.FIELDS, Tab.FRAUD, Tab.EVENTS, Tab.FILES, Tab.RAW)
        for state, view in (
            ("empty", BARE),
            ("loading", WAITING),
            ("full", FULL),
            ("failed", FAILED),
            ("stale", STALE),
            ("hostile", HOSTILE_VIEW),
        )
    },
    "fraud-matched-loading": (Tab.FRAUD, a_view()),
    "fraud-matched-failed": (Tab.FRAUD, a_view(matched={"s9": NO_ANSWER})),
    "fraud-judged": (Tab.FRAUD, JUDGED),
    "files-downloading": (Tab.FILES, LOADING_FILES),
    "files-saved": (Tab.FILES, SAVED_FILES),
}


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_detail_looks_as_it_did(size: tuple[int, int]) -> None:
    differing = []
    async with looking(size) as seen:
        for name, (tab, view) in SCREENS.items():
            seen.pane.open_tab(Tab.FILES if tab is Tab.RAW else Tab.RAW)
            await seen.show(DetailView(NOW))
            await seen.show(view)
            seen.pane.open_tab(tab)  # draws it at once, also where more is awaited
            await seen.pilot.pause()
            try:
                assert_screen(f"detail-{name}-{size[0]}x{size[1]}", seen.text())
            except AssertionError as error:
                differing.append(str(error))
    assert not differing, "\n".join(differing)


async def test_a_terminal_that_got_only_the_differences_shows_the_same() -> None:
    async with looking() as seen:
        for name, (tab, view) in reversed(SCREENS.items()):
            seen.pane.open_tab(tab)
            await seen.show(view)
            assert seen.terminal() == seen.text(), name
