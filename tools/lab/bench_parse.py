# SPDX-License-Identifier: Apache-2.0
"""The tables of ./lab bench parse: every row with its bytes, other parsers beside ours, and
whether the cost of an adversarial input grows with its length."""

from lab import console

ADVERSARIAL = "adversarial/"
SIZES = ("4k", "16k", "64k")
# A byte of the longest input may cost so many times one of the shortest: caches, not a square,
# which would be 16.
FLAT_MAX = 1.5
# From the slowest to the fastest, as sipparse/index.hpp has them.
IMPLEMENTATIONS = ("scalar", "avx2", "avx512")


def ours_beside(peer, rows):
    """The row a row of another parser is held against, full/<set>/<best implementation>, or None.
    `rows`: by name."""
    corpus = peer.name.split("/")[-1]
    names = [f"full/{corpus}/{implementation}" for implementation in reversed(IMPLEMENTATIONS)]
    return next((rows[name] for name in names if name in rows), None)


def _beside(row, rows):
    ours = ours_beside(row, rows) if row.name.startswith("peer/") else None
    return f"{row.value / ours.value:.1f} x {ours.name}" if ours else ""


def _gigabytes_per_second(row):
    """A byte in a nanosecond is a gigabyte in a second."""
    return round(1 / row.ns_per_byte, 2)


def table(rows):
    """Every row that is not adversarial."""
    by_name = {row.name: row for row in rows}
    return console.table(
        ("parse", "ns/message", "ns/byte", "GB/s", "beside ours"),
        [(row.name, row.value, round(row.ns_per_byte, 3), _gigabytes_per_second(row),
          _beside(row, by_name))
         for row in rows if not row.name.startswith(ADVERSARIAL)],
    )


def growths(rows):
    """Case -> ns for a byte of each size, for the cases that have them all."""
    costs = {}
    for row in rows:
        if row.name.startswith(ADVERSARIAL):
            _, case, size = row.name.split("/")
            costs.setdefault(case, {})[size] = row.ns_per_byte
    return {case: [by_size[size] for size in SIZES]
            for case, by_size in costs.items() if set(by_size) == set(SIZES)}


def adversarial_table(rows):
    """ns for a byte of each case, size beside size, and the longest against the shortest."""
    lines = []
    for case, costs in growths(rows).items():
        growth = costs[-1] / costs[0]
        lines.append((ADVERSARIAL + case, *(round(cost, 3) for cost in costs), round(growth, 2),
                      "flat" if growth <= FLAT_MAX else "GROWS"))
    sizes = [f"ns/byte {size}" for size in SIZES]
    return console.table(("case", *sizes, f"{SIZES[-1]}/{SIZES[0]}", ""), lines)


def tables(rows):
    """What is printed; the second table only when adversarial inputs were measured."""
    parts = [table(rows)]
    if growths(rows):
        parts.append(adversarial_table(rows))
    return "\n\n".join(parts)
