# SPDX-License-Identifier: Apache-2.0
"""What the registers of a function hold on every way to a call through a pointer, as far as it
tells a virtual call from any other: the first word of an object is the address of its class's
table, and a word of that table is the function. A fact counts only when it holds on all ways."""

import re
from dataclasses import dataclass

_CALLER_SAVED = ("rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11")
_MEMORY = re.compile(r"^(-?0x[0-9a-f]+)?\(%(\w+)\)$")
_NARROW = {f"{half}{letter}": f"r{letter}" for letter in ("ax", "bx", "cx", "dx", "si", "di", "bp")
           for half in ("e", "")}
_NARROW |= {f"{letter}l": f"r{letter}x" for letter in "abcd"}
_NARROW |= {f"{letter}h": f"r{letter}x" for letter in "abcd"}
_NARROW |= {f"{letter}l": f"r{letter}" for letter in ("si", "di", "bp")}
_IMPLICIT = {"mul": ("rax", "rdx"), "imul": ("rax", "rdx"), "div": ("rax", "rdx"),
             "idiv": ("rax", "rdx"), "cqto": ("rdx",), "cltd": ("rdx",), "cltq": ("rax",),
             "cwtl": ("rax",), "rep": ("rdi", "rsi", "rcx"), "repz": ("rdi", "rsi", "rcx"),
             "cpuid": ("rax", "rbx", "rcx", "rdx"), "rdtsc": ("rax", "rdx"),
             "lock": ("rax",), "cmpxchg": ("rax",), "xgetbv": ("rax", "rdx")}


@dataclass
class Site:
    """A call through a register or memory."""

    address: int
    operand: str  # as objdump writes it, without the star
    slot: int | None = None  # of a virtual table; None: not known to be one


@dataclass(frozen=True)
class Fact:
    """Of a register. Both may be true: slot 0 of a table, or the table of an object that is the
    first word of another."""

    is_table: bool = False  # loaded from offset 0 of something: its virtual table, if an object
    slot: int | None = None  # loaded from this slot of a virtual table


_NOTHING = Fact()


def _wide(register):
    name = _NARROW.get(register, register)
    return re.sub(r"^(r\d+)[dwb]$", r"\1", name)


def _operands(text):
    """Operands of an instruction, split at commas outside of parentheses."""
    return re.split(r",(?![^(]*\))", text) if text else []


def _slot_of(operand, facts):
    """The slot of a virtual table an operand reads, or None."""
    place = _MEMORY.match(operand)
    if place and facts.get(_wide(place[2]), _NOTHING).is_table:
        offset = int(place[1] or "0", 16)
        return offset // 8 if offset >= 0 else None
    register = re.fullmatch(r"%(\w+)", operand)
    return facts.get(_wide(register[1]), _NOTHING).slot if register else None


def _step(text, facts):
    """The facts behind an instruction."""
    word, _, rest = text.partition(" ")
    operands = _operands(rest.strip())
    facts = dict(facts)
    if word == "call":
        for register in _CALLER_SAVED:
            facts.pop(register, None)
        return facts
    for register in _IMPLICIT.get(word, ()):
        facts.pop(register, None)
    target = re.fullmatch(r"%(\w+)", operands[-1]) if operands else None
    fact = None
    if word == "mov" and target and len(operands) == 2:
        place = _MEMORY.match(operands[0])
        source = re.fullmatch(r"%(\w+)", operands[0])
        if place:
            fact = Fact(is_table=int(place[1] or "0", 16) == 0, slot=_slot_of(operands[0], facts))
        if source:
            fact = facts.get(_wide(source[1]))
    for operand in operands if word.startswith(("xchg", "xadd")) else operands[-1:]:
        register = re.fullmatch(r"%(\w+)", operand)
        if register and not word.startswith(("cmp", "test", "push", "j")):
            facts.pop(_wide(register[1]), None)
    if fact is not None and fact != _NOTHING:
        facts[_wide(target[1])] = fact
    return facts


def _both(left, right):
    return {register: fact for register, fact in left.items() if right.get(register) == fact}


def is_switch(operand, before):
    """A jump into the same function by a table of distances."""
    register = re.fullmatch(r"%(\w+)", operand)
    recent = before[-8:]
    return bool(register) and any(
        re.match(rf"add +%\w+,%{register[1]}$", text) for text in recent) and any(
        re.match(r"movs(?:lq|xd) +\(%\w+,%\w+,4\),", text) for text in recent)


def _branch(text):
    """(word, target or None) of a jump or call."""
    words = re.sub(r"^(bnd|notrack) ", "", text).split()
    if not words or not (words[0].startswith("j") or words[0] == "call"):
        return None, None
    target = re.match(r"[0-9a-f]+$", words[1]) if len(words) > 1 else None
    return words[0], int(target[0], 16) if target else None


def sites_of(code):
    """The calls through pointers in a function: code = [(address, text without comment)]."""
    place = {address: at for at, (address, _) in enumerate(code)}
    entry = {0: {}}  # index → facts on every way seen so far
    waiting = [0]
    found = {}
    while waiting:
        at = waiting.pop()
        facts = entry[at]
        address, text = code[at]
        word, target = _branch(text)
        operand = text.partition("*")[2].strip() if word and "*" in text else None
        if operand:
            found[address] = Site(address, operand, _slot_of(operand, facts))
        after = _step(re.sub(r"^(bnd|notrack) ", "", text), facts)
        ways = [] if word == "jmp" or text.startswith(("ret", "ud2", "hlt")) else [at + 1]
        if word and word != "call" and target in place:
            ways.append(place[target])
        for way in ways:
            if way >= len(code):
                continue
            joined = after if way not in entry else _both(entry[way], after)
            if way not in entry or joined != entry[way]:
                entry[way] = joined
                waiting.append(way)
    sites = []
    for at, (address, text) in enumerate(code):
        word, _ = _branch(text)
        if word is None or "*" not in text:
            continue
        operand = text.partition("*")[2].strip()
        if word != "call" and is_switch(operand, [line for _, line in code[max(0, at - 8):at]]):
            continue
        # Code only a switch leads to was not walked: nothing is known of its registers.
        sites.append(found.get(address, Site(address, operand)))
    return sites
