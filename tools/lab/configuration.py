# SPDX-License-Identifier: Apache-2.0
"""Changes single options in the text of a Tandem configuration file and leaves the rest as it is.

It knows just enough of libconfig for files that are written as dpdk-config/examples: groups
`application` and `dataplane`, lists `ports` and `dns`, one option a line or several.
"""

import re

_COMMENT_OR_STRING = re.compile(r'"(?:\\.|[^"\\])*"|#[^\n]*|//[^\n]*|/\*.*?\*/', re.DOTALL)
_PAIRS = {"{": "}", "(": ")", "[": "]"}


def _blanked(text):
    """The text with strings and comments as spaces of equal length: brackets and names left in it
    are real ones."""
    return _COMMENT_OR_STRING.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def _block(text, start):
    """(begin, end) of what is between the bracket at or after `start` and its partner."""
    blank = _blanked(text)
    opening = re.compile(r"[{(\[]").search(blank, start)
    depth = 0
    for at in range(opening.start(), len(blank)):
        if blank[at] in _PAIRS:
            depth += 1
        elif blank[at] in _PAIRS.values():
            depth -= 1
            if depth == 0:
                return opening.end(), at
    raise ValueError(f"no end of the block at offset {start}")


def literal(value):
    """A Python value as libconfig writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "( " + ", ".join(literal(item) for item in value) + " )"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Configuration:
    """The text of a file; `str()` gives it back with the changes."""

    def __init__(self, text):
        self._text = text

    def __str__(self):
        return self._text

    def _named_block(self, name):
        match = re.search(rf"(?m)^\s*{re.escape(name)}\s*[:=]", _blanked(self._text))
        if match is None:
            raise KeyError(f"no {name} in the configuration")
        return _block(self._text, match.end())

    def _set_within(self, begin, end, option, value):
        body = self._text[begin:end]
        pattern = rf"(?<![\w-]){re.escape(option)}\s*[:=]"
        match = re.search(pattern, _blanked(body))
        if match is None:
            self._text = (
                f"{self._text[:begin]} {option} = {literal(value)}; {self._text[begin:]}"
            )
            return
        stop = re.compile(r"[;}]|\n(?=\s*[\w-]+\s*[:=])").search(_blanked(body), match.end())
        last = stop.start() if stop else len(body.rstrip())
        changed = body[: match.end()] + " " + literal(value) + body[last:]
        self._text = self._text[:begin] + changed + self._text[end:]

    def set(self, group, option, value):
        """Sets an option of `application` or `dataplane`, whether the file names it or not."""
        self._set_within(*self._named_block(group), option, value)

    def _elements(self, name):
        """(begin, end) of each `{ … }` of a list."""
        begin, end = self._named_block(name)
        blank = _blanked(self._text)
        found = []
        at = blank.find("{", begin, end)
        while at >= 0:
            found.append(_block(self._text, at))
            at = blank.find("{", found[-1][1], end)
        return found

    def _set_in_list(self, name, words, option, value):
        named = re.compile(rf'"(?:[^"]*,)?\s*{re.escape(words)}\s*(?:,[^"]*)?"')
        for begin, end in self._elements(name):
            if named.search(self._text, begin, end):
                self._set_within(begin, end, option, value)
                return
        raise KeyError(f'no element of {name} names "{words}"')

    def set_dn(self, words, option, value):
        """Sets an option of the element of `dns` in which `words` stands as a string or as one
        part of a list of numbers, e.g. set_dn("1000-1099", "max-calls", 1)."""
        self._set_in_list("dns", words, option, value)

    def set_port(self, words, option, value):
        self._set_in_list("ports", words, option, value)

    def add_dn(self, options):
        """Adds an element to `dns` from a dictionary of its options."""
        begin, end = self._named_block("dns")
        body = " ".join(f"{name} = {literal(value)};" for name, value in options.items())
        comma = ", " if _blanked(self._text)[begin:end].strip() else ""
        self._text = f"{self._text[:begin]} {{ {body} }}{comma}{self._text[begin:]}"
