"""What the peers read: a mailbox and a history of as many entries as the console has rows."""

import subprocess
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from random import Random
from typing import Final

_SAID: Final = (
    "receipt invoice photo merchant total date amount ledger account refund ticket parcel warehouse "
    "market garden bakery station library harbour bridge paper window number letter record office"
)
_WORDS: Final = _SAID.split()
_FILES: Final = 40
_BEGAN: Final = 1_700_000_000
_APART: Final = 61

_MUTT: Final = """\
set mbox_type=mbox folder="{folder}" record="" postponed=""
set read_only quit=yes confirmcreate=no wait_key=no header_cache="" sort=date mail_check=3600 timeout=3600
bind index j next-entry
bind index \\e[6~ next-page
"""
_LAZYGIT: Final = """\
disableStartupPopups: true
git:
  autoFetch: false
  autoRefresh: false
update:
  method: never
"""


def write_mailbox(folder: Path, count: int) -> None:
    """Write `mailbox` and `muttrc` into a folder."""
    random = Random(count)
    with (folder / "mailbox").open("w") as file:
        for number in range(count):
            sender = random.choice(_WORDS)
            date = formatdate(_BEGAN + number * _APART)
            file.write(
                f"From {sender}@example.org Sat Jan  6 07:13:20 2024\n"
                f"From: {sender.title()} <{sender}@example.org>\nTo: review@example.org\n"
                f"Subject: [{number:06d}] {_line(random, 6)}\nDate: {date}\n"
                f"Message-ID: <{number}@example.org>\n\n{_text(random)}\n\n"
            )
    (folder / "muttrc").write_text(_MUTT.format(folder=folder))


def write_history(folder: Path, count: int) -> None:
    """Make `repository` of so many commits in a folder, and what lazygit is configured by."""
    repository = folder / "repository"
    git = ("git", "-C", str(repository))
    subprocess.run(("git", "init", "-q", "-b", "main", str(repository)), check=True)
    subprocess.run((*git, "fast-import", "--quiet"), input="".join(_commits(count)).encode(), check=True)
    subprocess.run((*git, "reset", "-q", "--hard", "main"), check=True)
    config = folder / ".config" / "lazygit"
    config.mkdir(parents=True)
    (config / "config.yml").write_text(_LAZYGIT)


def _commits(count: int) -> Iterator[str]:
    random = Random(count)
    for number in range(count):
        when = f"{_BEGAN + number * _APART} +0000"
        name = random.choice(_WORDS)
        who = f"{name.title()} <{name}@example.org> {when}"
        message, content = f"[{number:06d}] {_line(random, 6)}\n\n{_text(random)}\n", _text(random) + "\n"
        yield f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {len(message)}\n{message}\n"
        yield f"M 100644 inline {number % _FILES}.txt\ndata {len(content)}\n{content}\n"


def _line(random: Random, words: int) -> str:
    return " ".join(random.choices(_WORDS, k=words))


def _text(random: Random) -> str:
    return "\n".join(_line(random, 12) for _ in range(random.randint(6, 18)))
