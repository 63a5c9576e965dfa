"""docs/keys.md as the table of commands gives it; `python -m review_tui.ui.keys_doc` prints it."""

import sys

from review_tui.ui.commands import key_name
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
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(keys_page())
