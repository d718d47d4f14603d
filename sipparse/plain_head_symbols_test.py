# SPDX-License-Identifier: Apache-2.0
"""The libraries compiled for one processor offer no code but their reader of plain heads.

An inline function would be a weak symbol, merged with the same one of other files, and the linker
may keep the copy that only some processors can run. Data do no harm. Called by meson with nm and
the libraries.
"""

import subprocess
import sys

NOT_CODE = "VuDBRGS"
OF_ONE_FILE = "abdrtn"


def foreign_symbols(nm: str, library: str) -> list[str]:
    listing = subprocess.run(
        [nm, "--demangle", "--defined-only", library], check=True, capture_output=True, text=True
    ).stdout
    foreign = []
    readers = 0
    for line in listing.splitlines():
        parts = line.split(maxsplit=2)
        if len(parts) < 3 or parts[1] in NOT_CODE + OF_ONE_FILE:
            continue
        if parts[1] == "T" and parts[2].startswith("tandem::sipparse::read_plain_head_avx"):
            readers += 1
            continue
        foreign.append(f"{parts[1]} {parts[2]}")
    if readers != 1:
        foreign.append(f"{readers} readers of plain heads instead of one")
    return foreign


def main() -> int:
    nm, *libraries = sys.argv[1:]
    found = [f"{library}: {symbol}" for library in libraries
             for symbol in foreign_symbols(nm, library)]
    print("\n".join(found) or "no symbol that could be kept for all processors")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
