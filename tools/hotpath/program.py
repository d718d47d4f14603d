# SPDX-License-Identifier: Apache-2.0
"""A linked program as a graph: its functions, what each calls, which tables of code pointers it
reads, and where it calls through a pointer. Read from objdump and readelf, nothing is run."""

import bisect
import re
import subprocess
from dataclasses import dataclass, field

import pointers

_FUNCTION = re.compile(r"^([0-9a-f]+) <([^>]+)>:$")
_BRANCH = re.compile(r"^(?:bnd |notrack )*(call|jmp|j[a-z]+)q? +(.*)$")
_WORD = 8


@dataclass
class Function:
    address: int
    name: str  # mangled
    calls: set = field(default_factory=set)  # addresses of functions of the program
    outside: set = field(default_factory=set)  # names of functions of other libraries
    reads: set = field(default_factory=set)  # addresses of data it refers to
    sites: list = field(default_factory=list)
    system_call: bool = False  # the instruction itself
    fixed: dict = field(default_factory=dict)  # a call through a fixed place: its address → place


def _run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def demangled(names):
    """Mangled → demangled of all names."""
    names = sorted(set(names))
    out = subprocess.run(["c++filt"], input="\n".join(names), capture_output=True, text=True,
                         check=True).stdout.split("\n")
    return dict(zip(names, out, strict=False))


class Program:
    """`file` is an ELF program or shared object with its symbols, for x86-64."""

    def __init__(self, file):
        self.file = str(file)
        self.functions = {}  # address → Function
        self._objects = []  # (address, end, name) of data with a name
        self._code_pointers = {}  # address of data → address of code it points to
        self._outside_pointers = {}  # address of data → name of a function elsewhere
        self._read_symbols()
        self._read_relocations()
        self._read_code()
        self._starts = sorted(self.functions)
        self._resolve()
        self.names = demangled([f.name for f in self.functions.values()]
                               + [name for _, _, name in self._objects])

    def name(self, function):
        return self.names[function.name]

    def _read_symbols(self):
        for line in _run("readelf", "-sW", self.file).splitlines():
            words = line.split()
            if len(words) < 8 or words[3] not in ("OBJECT", "NOTYPE") or words[6] == "UND":
                continue
            address, size = int(words[1], 16), int(words[2], 0)
            if size:
                self._objects.append((address, address + size, words[7].split("@")[0]))
        self._objects = sorted(set(self._objects))

    def _read_relocations(self):
        text = _run("readelf", "-SW", self.file)
        self._code = [(int(m[1], 16), int(m[1], 16) + int(m[2], 16)) for m in re.finditer(
            r"\] \.(?:text|plt|plt\.sec|plt\.got|init|fini)\S* +PROGBITS +(\w+) \w+ (\w+)", text)]
        self._constant = [(int(m[1], 16), int(m[1], 16) + int(m[2], 16)) for m in re.finditer(
            r"\] \.(?:rodata|data\.rel\.ro|got|init_array|fini_array)\S* +\w+ +(\w+) \w+ (\w+)",
            text)]
        functions = {words[7].split("@")[0] for line in _run(
            "readelf", "--dyn-syms", "-W", self.file).splitlines()
            if len(words := line.split()) >= 8 and words[3] in ("FUNC", "IFUNC")
            and words[6] == "UND"}
        for line in _run("readelf", "-rW", self.file).splitlines():
            words = line.split()
            if len(words) < 4 or not words[2].startswith("R_X86_64_"):
                continue
            at = int(words[0], 16)
            if words[2] in ("R_X86_64_RELATIVE", "R_X86_64_IRELATIV"):
                target = int(words[3], 16)
                if self._is_code(target):
                    self._code_pointers[at] = target
            elif len(words) >= 5:
                name = words[4].split("@")[0]
                target = int(words[3], 16) + (int(words[6], 16) if len(words) > 6 else 0)
                if target and self._is_code(target):
                    self._code_pointers[at] = target
                elif name in functions:
                    self._outside_pointers[at] = name

    def _is_code(self, address):
        return any(begin <= address < end for begin, end in self._code)

    def _read_code(self):
        function, code = None, []
        for line in _run("objdump", "-d", "-w", "--no-show-raw-insn", self.file).splitlines():
            head = _FUNCTION.match(line)
            if head:
                self._end_function(function, code)
                function, code = Function(int(head[1], 16), head[2]), []
                self.functions[function.address] = function
            elif function is not None and ":\t" in line:
                address, _, text = line.partition(":\t")
                self._read_instruction(function, int(address, 16), text.strip())
                code.append((int(address, 16), text.partition("#")[0].partition("<")[0].strip()))
        self._end_function(function, code)

    @staticmethod
    def _end_function(function, code):
        if any("*" in text for _, text in code):
            function.sites = pointers.sites_of(code)

    @staticmethod
    def _read_instruction(function, address, text):
        text, _, note = text.partition("#")
        branch = _BRANCH.match(text.strip())
        referred = re.match(r"\s*([0-9a-f]+)", note)
        if text.startswith(("syscall", "sysenter", "int ")):
            function.system_call = True
        if branch and "*" not in branch[2]:
            target = re.match(r"([0-9a-f]+)", branch[2])
            if target:
                function.calls.add(int(target[1], 16))
        elif branch and referred:
            function.fixed[address] = int(referred[1], 16)
        elif referred:
            function.reads.add(int(referred[1], 16))

    def containing(self, address):
        """The function an address lies in, or None."""
        at = bisect.bisect_right(self._starts, address) - 1
        return self.functions[self._starts[at]] if at >= 0 and self._is_code(address) else None

    def _resolve(self):
        """Turns addresses into functions: branches, address taking, stubs of the linker."""
        stubs = {}
        for function in self.functions.values():
            if function.name.endswith("@plt"):
                stubs[function.address] = function.name.removesuffix("@plt")
        for function in self.functions.values():
            inside, outside = set(), set()
            for target in function.calls | {at for at in function.reads if self._is_code(at)}:
                found = self.containing(target)
                if found is None or found is function:
                    continue
                if found.address in stubs:
                    outside.add(stubs[found.address])
                else:
                    inside.add(found.address)
            for at in function.reads:
                if at in self._outside_pointers:
                    outside.add(self._outside_pointers[at])
            inside |= self._resolve_fixed(function, outside)
            function.calls, function.outside = inside, outside
            function.reads = {at for at in function.reads if not self._is_code(at)}

    def _resolve_fixed(self, function, outside):
        """Calls through places that nobody writes once the program runs, as the global offset table
        is one, are as good as direct; others stay calls through pointers."""
        inside, known = set(), set()
        for address, at in function.fixed.items():
            if self.is_fixed(at) and at in self._outside_pointers:
                outside.add(self._outside_pointers[at])
                known.add(address)
            elif self.is_fixed(at) and at in self._code_pointers:
                inside.add(self.containing(self._code_pointers[at]).address)
                known.add(address)
        function.sites = [site for site in function.sites if site.address not in known]
        return inside

    def is_fixed(self, address):
        """Data that is read only, or becomes so before main()."""
        return any(begin <= address < end for begin, end in self._constant)

    def object_at(self, address):
        """(begin, end, name) of the data there; data without a name ends where named data begins or
        where no code pointer follows."""
        at = bisect.bisect_right(self._objects, (address, float("inf"), "")) - 1
        for begin, end, name in reversed(self._objects[max(0, at - 8):at + 1]):
            if begin <= address < end:
                return begin, end, name
        end = address
        limit = self._objects[at + 1][0] if at + 1 < len(self._objects) else float("inf")
        while end < limit and (end in self._code_pointers or end + _WORD in self._code_pointers):
            end += _WORD
        return address, end, ""

    def pointers_in(self, begin, end):
        """(code addresses, names elsewhere) that the data in [begin, end) points to."""
        inside, outside = set(), set()
        for at in range(begin, end, _WORD):
            if at in self._code_pointers:
                inside.add(self._code_pointers[at])
            if at in self._outside_pointers:
                outside.add(self._outside_pointers[at])
        return inside, outside

    def virtual_tables(self, prefix):
        """[(name, [code address or None])] of the tables of classes whose name begins so, each from
        its first slot on. A table of several bases counts once for each of its parts, at every
        place a part can begin."""
        tables = []
        for begin, end, mangled in self._objects:
            if mangled.startswith("_ZTV") and self.names[mangled].startswith(
                    f"vtable for {prefix}"):
                words = [self._code_pointers.get(at) for at in range(begin + 2 * _WORD, end, _WORD)]
                tables.append((self.names[mangled], words))
                for at in range(len(words) - 2):
                    if words[at] is None and words[at + 1] is None:
                        tables.append((self.names[mangled], words[at + 2:]))
        return tables

    def sources(self, addresses):
        """Address → (file, line) of the innermost inlined source line there."""
        addresses = sorted(addresses)
        if not addresses:
            return {}
        out = _run("addr2line", "-e", self.file, *map(hex, addresses)).splitlines()
        return {address: tuple(line.split(" (")[0].rsplit(":", 1))
                for address, line in zip(addresses, out, strict=True)}
