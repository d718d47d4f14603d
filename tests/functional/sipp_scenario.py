# SPDX-License-Identifier: Apache-2.0
"""sipp scenarios made of parts, and the one way tests run them.

`<use part="reply" status="180" reason="Ringing"/>` in scenarios/*.xml stands for parts/reply.xml
with its {{status}} and {{reason}}; {{name|}} may be missing, and a line that is empty because of
that is left out. What sipp gets is written to build/lab/sipp/.
"""

import re

from lab import network, paths
from lab.sipp import Sipp
from message import Message

HERE = paths.ROOT / "tests" / "functional"
_ATTRIBUTE = r"""([\w-]+)=(?:"([^"]*)"|'([^']*)')"""
_USE = re.compile(r"""[ \t]*<use part="([\w-]+)"((?:\s+[\w-]+=(?:"[^"]*"|'[^']*'))*)\s*/>\n?""")
_MAY_BE_EMPTY = re.compile(r"\{\{([\w-]+)\|([^}]*)\}\}")


def _fill(text, values):
    lines = []
    for line in text.splitlines():
        filled = _MAY_BE_EMPTY.sub(lambda match: values.get(match[1], match[2]), line)
        filled = re.sub(r"\{\{([\w-]+)\}\}", lambda match: values[match[1]], filled)
        if filled.strip() or not line.strip() or "{{" not in line:
            lines += filled.split("\\n")
    return "\n".join(lines) + "\n"


def expand(text):
    """The text with every <use …/> replaced by its part."""
    def replace(match):
        values = {name: double or single
                  for name, double, single in re.findall(_ATTRIBUTE, match[2])}
        body = (HERE / "parts" / f"{match[1]}.xml").read_text()
        return expand(_fill(re.sub(r"<!--.*?-->\n?", "", body, flags=re.DOTALL), values))

    return _USE.sub(replace, text)


class Runner:
    """Starts sipps for one test; the name of the test is part of the names of their files."""

    def __init__(self, stack, test):
        self._stack = stack
        self._test = re.sub(r"\W+", "-", test.rpartition("::")[2]).strip("-")

    def start(self, scenario, *, number, seat=None, service=None, trunk=False, values=None,
              **options):
        """A started sipp of the number. `service` is what it calls; without one it waits to be
        called. `values` fill the {{…}} of the scenario itself."""
        name = f"{self._test}-{scenario}" + (f"-{seat}" if seat is not None else "")
        directory = paths.CAPTURES / "sipp" / name
        written = paths.CAPTURES / "sipp" / "scenarios" / f"{name}.xml"
        written.parent.mkdir(parents=True, exist_ok=True)
        text = (HERE / "scenarios" / f"{scenario}.xml").read_text()
        for key, value in (values or {}).items():
            text = text.replace("{{" + key + "}}", value)
        written.write_text(expand(text))
        keys = {"number": number, **options.pop("keys", {})}
        return self._stack.enter_context(Sipp(
            name, network.TRUNK if trunk else network.PHONES, written, directory=directory,
            local_ip=network.TRUNK_ADDRESS if trunk else network.phone_address(seat),
            remote=network.SIP_ADDRESS if service else None, service=service, keys=keys,
            # A late sipp on a busy machine is no error of the scenario.
            options=("-watchdog_interval", 0, *options.pop("options", ())), **options))


def good(*sipps):
    """Waits for all; each must have ended well."""
    results = [sipp.wait() for sipp in sipps]
    assert all(result.ok for result in results), "\n".join(map(str, results))


def sent(sipp):
    return [Message.from_trace(text) for text in sipp.messages("sent")]


def received(sipp):
    """What it got, 100 Trying and repetitions left out."""
    found = []
    for text in sipp.messages("received"):
        if not text.startswith("SIP/2.0 100") and text not in found:
            found.append(text)
    return [Message.from_trace(text) for text in found]


def one(messages, method, status=0):
    """The only message of the method (a response with the status)."""
    found = [message for message in messages
             if (message.method, message.status) == (method, status)]
    assert len(found) == 1, f"{len(found)} × {method} {status or ''}"
    return found[0]
