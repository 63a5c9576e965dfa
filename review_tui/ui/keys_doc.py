"""docs/keys.md as the table of commands gives it; `python -m review_tui.ui.keys_doc` prints it."""

import sys
from collections.abc import Iterator

from review_tui.ui.commands import key_name
from review_tui.ui.commands.jobs import AT_JOBS, JobKeys
from review_tui.ui.keymap import DEFAULT

_HEAD = """# Keys

Generated from the table of commands (`review_tui/ui/commands/`) by `make keys`; a test holds it current.
A command without a key is in the palette (Ctrl+P). A key that cannot act says why on the status line.
"""


def keys_page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for group, commands in DEFAULT.grouped():
        parts.append(f"\n## {group}\n\n| keys | command | what it does |\n|---|---|---|\n")
        for command in commands:
            keys = " ".join(f"`{key_name(key)}`" for key in command.keys) or "–"
            warning = " **The server cannot take it back.**" if command.dangerous else ""
            parts.append(f"| {keys} | {command.id} | {command.help}.{warning} |\n")
    return "".join([*parts, *_at_the_jobs()])


def _at_the_jobs() -> Iterator[str]:
    """Yield the part on the jobs, whose keys follow those of the same deeds above."""
    yield "\n## At the jobs\n\n"
    yield "What has a namesake above has its keys, also where they are chosen in the settings.\n\n"
    yield "| keys | command | what it does |\n|---|---|---|\n"
    own = JobKeys({command.id: command.keys for command in DEFAULT.commands})
    for command in AT_JOBS:
        keys = " ".join(f"`{key_name(key)}`" for key in own.keys_of(command))
        like = f", as {command.like}" if command.like else ""
        yield f"| {keys} | {command.id}{like} | {command.help}. |\n"


if __name__ == "__main__":
    sys.stdout.write(keys_page())
