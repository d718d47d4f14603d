# SPDX-License-Identifier: Apache-2.0
"""Runs test programs where a signal sent wrongly reaches nothing else.

Suites run as root, and kill(-1) of a test whose fork failed would end every process of the machine.
Inside the fence there are only the test's own processes (a process id namespace), and there are
pseudo terminals, which an empty chroot lacks.
"""

import os

# Mounts stay inside: /dev is made private first. It is a mount of its own wherever /dev/pts can be
# missing, in a chroot. The shell stays, as the first process it reaps what tests leave behind.
_SCRIPT = """
[ "$$" -eq 1 ] || { echo "no process id namespace to run tests in" >&2; exit 125; }
[ -c /dev/pts/ptmx ] || {
    mount --make-private /dev &&
    mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts /dev/pts
} || { echo "no pseudo terminals: /dev/pts cannot be mounted" >&2; exit 125; }
"$@"
exit "$?"
"""


def fenced(command):
    """The command inside the fence. Who is not root needs none: the kernel refuses such signals to
    others' processes, and cannot make one."""
    if os.geteuid() != 0:
        return list(command)
    return [
        "unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "unchanged",
        "--", "sh", "-c", _SCRIPT, "fence", *command,
    ]
