"""The files of a submission: what was uploaded, and how far a download is."""

from collections.abc import Mapping
from datetime import datetime

from review_tui.model.files import StoredFile, file_key
from review_tui.model.submissions import Detail
from review_tui.ui.key_names import key_of
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import EMPTY, Line, Piece, Role
from review_tui.ui.render.sheet import Sheet
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted, size
from review_tui.ui.render.wrapping import paragraph, spread
from review_tui.workers.news import DownloadMoved, DownloadStage


def files_sheet(
    detail: Detail, downloads: Mapping[str, DownloadMoved], chosen: str | None, width: int, now: datetime
) -> Sheet:
    """Draw the files; `chosen` is a `file_key`."""
    if not detail.files:
        return Sheet([(("No file was uploaded.", Role.DIM),)])
    lines: list[Line] = [
        spread(
            ((counted(len(detail.files), "file"), Role.DIM),),
            ((f"{key_of('download')} downloads", Role.KEY),),
            width,
        ),
        EMPTY,
    ]
    top = bottom = 0
    for file in detail.files:
        key = file_key(detail.id, file)
        first = len(lines)
        lines += _file(file, downloads.get(key), width, now, chosen=key == chosen)
        if key == chosen:
            top, bottom = first, len(lines) - 1
    return Sheet(lines, top, bottom)


def _file(
    file: StoredFile, download: DownloadMoved | None, width: int, now: datetime, *, chosen: bool
) -> list[Line]:
    marker: Piece = ("▸ ", Role.ACCENT) if chosen else ("  ", Role.PLAIN)
    name: Piece = (plain(file.title), Role.CURSOR if chosen else Role.PLAIN)
    badge: Line = (("  ! altered name", Role.WARN),) if file.title.altered else ()
    facts = [plain(file.content_type) if file.content_type else "type not said", size(file.size_bytes)]
    if file.label and file.label != file.title:
        facts.append(plain(file.label))
    facts.append(_link(file, now))
    lines = [
        spread((marker, *clipped((name,), width // 2), *badge), _moving(download), width),
        clipped(((f"    {' · '.join(facts)}", Role.DIM),), width),
    ]
    if download is not None:
        lines += _ended(download, width)
    return lines


def _link(file: StoredFile, now: datetime) -> str:
    if file.download_url is None:
        return "no link"
    until = file.download_url_expires_at
    if until is None:
        return "link"
    if until <= now:
        return f"link is over; {key_of('download')} asks for a new one"
    return f"link until {until.astimezone(now.tzinfo):%H:%M}"


def _moving(download: DownloadMoved | None) -> Line:
    if download is None:
        return ()
    if download.stage is DownloadStage.RUNNING:
        if download.total:
            share = min(download.done * 100 // download.total, 100)
            return ((f"↓ {share:>3} % of {size(download.total)}", Role.ACCENT),)
        return ((f"↓ {size(download.done)}", Role.ACCENT),)
    if download.stage is DownloadStage.DONE:
        return (("✓ saved", Role.GOOD),)
    return (("✗ not saved", Role.BAD),)


def _ended(download: DownloadMoved, width: int) -> list[Line]:
    lines: list[Line] = []
    if download.path is not None:
        lines += paragraph(f"saved as {plain(str(download.path))}", width, Role.GOOD, indent=4)
    if download.note:
        lines += paragraph(f"! {plain(download.note)}", width, Role.WARN, indent=4)
    if download.failure is not None:
        words = ". ".join(filter(None, (plain(download.failure.title), plain(download.failure.hint))))
        role = Role.BAD if download.stage is DownloadStage.FAILED else Role.WARN
        lines += paragraph(words, width, role, indent=4)
    return lines
