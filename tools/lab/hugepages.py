# SPDX-License-Identifier: Apache-2.0
"""2 MiB pages of the kernel: reserved for a run, given back after it."""

import contextlib
from pathlib import Path

from lab import console, paths

PAGE_MIB = 2

# One node of the laboratory: packet buffers (see ports and buffers of laboratory.conf), the shared
# memory region and DPDK's own tables. `./lab status` shows what is really used.
NODE_MIB = 512

_KERNEL = Path("/proc/sys/vm/nr_hugepages")
_BEFORE = paths.STATE / "hugepages-before"


def parse_meminfo(text):
    """Pages in total and free, from the text of /proc/meminfo."""
    values = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return tuple(int(values[key].split()[0]) for key in ("HugePages_Total", "HugePages_Free"))


def counts():
    """Pages in total and free now."""
    return parse_meminfo(Path("/proc/meminfo").read_text())


def reserve(mib):
    """Raises the number of free pages to what `mib` needs; never lowers it. True when it could."""
    needed = (mib + PAGE_MIB - 1) // PAGE_MIB
    total, free = counts()
    if free >= needed:
        return True
    with contextlib.suppress(OSError):
        if not _BEFORE.exists():
            _BEFORE.write_text(str(total))
        _KERNEL.write_text(str(total + needed - free))
    total_now, free_now = counts()
    if free_now >= needed:
        console.step(f"reserved {total_now - total} huge pages of {PAGE_MIB} MiB ({needed} needed)")
        return True
    console.step(
        f"huge pages: {needed} of {PAGE_MIB} MiB needed, {free_now} to be had "
        f"(/proc/sys/vm/nr_hugepages); the node runs in plain memory, slower"
    )
    return False


def restore():
    """The number from before the first reservation; returns what it did as sentences."""
    if not _BEFORE.exists():
        return []
    before = _BEFORE.read_text().strip()
    _BEFORE.unlink()
    with contextlib.suppress(OSError):
        _KERNEL.write_text(before)
        return [f"huge pages back to {before}"]
    return ["huge pages could not be given back"]
