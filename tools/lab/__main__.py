# SPDX-License-Identifier: Apache-2.0
"""The command table of ./lab. Each is a function of one module; this file only chooses."""

import difflib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import bench, console, demo, fuzz, standing, state, suites  # noqa: E402


@dataclass(frozen=True)
class Command:
    """`run(words)` gets the words after the command and returns the exit status."""

    name: str
    words: str
    help: str
    run: object


def _help(_words):
    console.say("usage: ./lab COMMAND [ARGUMENT…]   (as root on Debian 12)\n")
    for command in COMMANDS:
        head = f"  {command.name} {command.words}".ljust(26)
        console.say(f"{head} {command.help}")
    console.say("\nStart with ./lab demo. Logs and traces of each run are kept in build/lab/.")
    return 0


COMMANDS = (
    Command("demo", "", "from nothing to real calls: install, build, start, call, report",
            demo.run),
    Command("test", "[SUITE…]", f"build and run suites ({', '.join(suites.NAMES)})", suites.run),
    Command("bench", "[NAME…]", f"build release, measure ({', '.join(bench.NAMES)})", bench.run),
    Command("fuzz", "[--minutes N | --runs N] [TARGET ...]",
            "fuzz every parser, N minutes together (default 4; the last changed ones longest) or "
            "N executions each", fuzz.run),
    Command("up", "", "start a laboratory to play with: node a and two phones", standing.up),
    Command("down", "", "end and remove whatever a laboratory left, also an interrupted one",
            standing.down),
    Command("status", "", "what runs, and what is wrong; exit 1 if anything is", standing.status),
    Command("exec", "NODE CMD…", "run CMD inside a node (a) or a seat (phones, trunk, cti, net)",
            standing.execute),
    Command("help", "", "this text", _help),
)


def choose(word):
    """The command of that name, or a LabError that suggests the nearest."""
    for command in COMMANDS:
        if command.name == word:
            return command
    near = difflib.get_close_matches(word, [command.name for command in COMMANDS], 1, 0.4)
    hint = f"did you mean ./lab {near[0]}?" if near else "./lab help lists what there is"
    raise console.LabError(f"no command {word}: {hint}", status=2)


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        return _help([])
    # An environment manager's python3 would lack the packages of Debian.
    os.environ["PATH"] = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin:" + os.environ["PATH"]
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    for number in state.SIGNALS:
        signal.signal(number, state.interrupt)
    try:
        return choose(arguments[0]).run(arguments[1:])
    except console.LabError as error:
        console.complain(str(error))
        return error.status
    except (TimeoutError, FileNotFoundError) as error:
        console.complain(str(error))
        return 1
    except state.Interrupted as interrupted:
        console.complain(f"ended by {interrupted}")
        return 128 + interrupted.number
    except BrokenPipeError:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
