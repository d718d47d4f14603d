# SPDX-License-Identifier: Apache-2.0
"""What the laboratory says to people: steps, tables, and errors that need no trace."""

import sys
import time


class LabError(Exception):
    """Something the user can understand and mend; printed without a trace."""

    def __init__(self, text, status=1):
        super().__init__(text)
        self.status = status


_started = time.monotonic()


def say(text):
    print(text, flush=True)


def step(text):
    """A line that says what is being done now, with the seconds since the start."""
    say(f"[{time.monotonic() - _started:6.1f} s] {text}")


def complain(text):
    print(f"lab: {text}", file=sys.stderr, flush=True)


def table(titles, rows):
    """Rows of anything as text columns; numbers are aligned right."""
    cells = [[str(title) for title in titles]] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(titles))]
    numeric = [
        bool(rows) and all(isinstance(row[column], (int, float)) for row in rows)
        for column in range(len(titles))
    ]
    lines = []
    for row in cells:
        parts = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric)
        ]
        lines.append("  ".join(parts).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
