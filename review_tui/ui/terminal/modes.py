"""The modes of a terminal that a program on the whole screen takes and gives back; imports nothing large."""

ALTERNATE = "\x1b[?1049h"
"""The other screen, on which programs draw and which leaves no trace."""

TAKEN = (ALTERNATE, "\x1b[?25l", "\x1b[?7l")
"""What the first picture takes: the other screen, without a cursor and without a new line at the edge."""

GIVING_BACK = (
    "\x1b[0m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2048l"
    "\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h"
)
"""What ends every mode of ours; the keyboard's own first, for it belongs to the screen that is left."""

RESTORING = f"\x18\x1b[?2026l{GIVING_BACK}"
"""What gives a terminal back, whatever it was in the middle of."""
