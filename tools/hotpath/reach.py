# SPDX-License-Identifier: Apache-2.0
"""What a program can come to from given functions, and which of it is against the rules.

Every call is followed. One through a pointer is followed to wherever the pointer can lead:
- a virtual call in a source of the project, to that slot of every class of the project;
- a constant table of code pointers, to all it holds, once reachable code refers to the table;
- a function whose address reachable code takes is reachable.
A call through a pointer that none of these explains is a finding, as is every call of a function of
another library that is not on the list of harmless ones. So what the tool does not understand it
reports; it does not pass it over. An exception names the place, what is excepted and why; one that
nothing needs any more is a finding too.
"""

import collections
import os
import pathlib
import re
from dataclasses import dataclass, field

# Of other libraries: neither allocate, throw, lock nor call the system.
HARMLESS = re.compile(
    r"mem(cpy|move|set|cmp|chr|rchr|mem)|__mem(cpy|move|set)_chk|str(len|nlen|cmp|ncmp|chr)"
    r"|bcmp|__stack_chk_fail|abort|_ZSt9terminatev|__assert_fail|_ZSt21__glibcxx_assert_fail.*"
    r"|clock_gettime")  # the vdso: the seal test proves that it is no system call

KINDS = (
    ("allocates", r"(m|c|re|v|pv)alloc|(posix_)?memalign|aligned_alloc|free|reallocarray|_Zn[wa].*"
                  r"|_Zd[la].*|strdup|_ZNSt.*basic_string.*|_ZNKSt.*basic_string.*|getline"
                  r"|rte_(zm|m|re)alloc.*|rte_free"),
    ("throws", r"__cxa_(throw|rethrow|allocate_exception|begin_catch|end_catch|bad_.*|throw_.*)"
               r"|_Unwind_.*|_ZSt\d+__throw_.*|__gxx_personality.*"),
    ("locks", r"pthread_.*|sem_.*|__cxa_guard_.*|_ZNSt.*(mutex|condition_variable).*|mtx_.*|cnd_.*"
              r"|_ZNSt6thread.*|_ZSt9call_once.*|__once_.*"),
    ("calls the system", r"syscall|read|readv|write|writev|send|sendto|sendmsg|recv|recvfrom"
                         r"|recvmsg|poll|ppoll|select|epoll_.*|open|openat|close|ioctl|fcntl|mmap"
                         r"|munmap|madvise|mprotect|(clock_)?nanosleep|usleep|sleep|sched_.*|prctl"
                         r"|futex|eventfd.*|timerfd.*|kill|raise|exit|_exit|getrandom|getpid|time"
                         r"|gettimeofday"),
    ("prints", r".*printf.*|f?puts.*|fwrite|fputc|putchar|perror|_ZNK?3fmt.*|_ZN6spdlog.*"
               r"|_ZNSo.*|_ZStls.*|rte_v?log|localtime.*|strftime"),
)


@dataclass
class Exception_:
    """`where`: pattern of the demangled name of a function of ours, or of a source file of another
    library whose inline code calls through a pointer. `what`: pattern of what it calls. `targets`:
    patterns of functions such a pointer leads to, which are followed."""

    where: str
    what: str
    why: str
    targets: tuple = ()
    used: bool = False


@dataclass
class Findings:
    texts: list = field(default_factory=list)
    reached: set = field(default_factory=set)  # addresses


def _destroys(source, line):
    """Can the call there be of a destructor? In a source of ours only a delete, or the destructor
    named, is one; a smart pointer's is in a source of the library, and is a finding there."""
    near = source.read_text().split("\n")[max(0, line - 3):line + 2]
    return line == 0 or any(re.search(r"\bdelete\b|~", text) for text in near)


def kind_of(name):
    for kind, pattern in KINDS:
        if re.fullmatch(pattern, name):
            return kind
    return "calls what is not known to be harmless"


class Walk:
    """One walk over a program. `prefix`: the namespace of the project, "tandem::"; `top`: its
    folder, to tell its sources from those of others."""

    def __init__(self, program, roots, exceptions, prefix, top):
        self.program = program
        self.exceptions = exceptions
        self.top = pathlib.Path(top)
        self.tables = program.virtual_tables(prefix)
        self.findings = Findings()
        self._came_from = {}  # address → address of the caller; a root: None
        self._waiting = collections.deque()
        self._tables_followed = set()
        for root in roots:
            self._add_root(root)

    def _add_root(self, root):
        found = [f for f in self.program.functions.values()
                 if re.fullmatch(root, self.program.name(f).removesuffix(" [clone .cold]"))]
        if not found:
            self.findings.texts.append(f"no function {root} to begin with in {self.program.file}")
        for function in found:
            self._reach(function.address, None)

    def _reach(self, address, caller):
        function = self.program.containing(address)
        if function is not None and function.address not in self._came_from:
            self._came_from[function.address] = caller
            self._waiting.append(function)

    def run(self):
        while self._waiting:
            self._visit(self._waiting.popleft())  # the first chain found is a shortest one
        for exception in self.exceptions:
            if not exception.used:
                self.findings.texts.append(
                    f"the exception ({exception.where} → {exception.what}) is not needed any more")
        self.findings.reached = set(self._came_from)
        return self.findings

    def _excepted(self, where, what):
        for exception in self.exceptions:
            if re.fullmatch(exception.where, where) and re.fullmatch(exception.what, what):
                exception.used = True
                return exception
        return None

    def _visit(self, function):
        name = self.program.name(function)
        for address in sorted(function.calls):
            target = self.program.functions[address]
            callee = self.program.name(target)
            if re.fullmatch(HARMLESS, target.name) or self._excepted(name, callee):
                continue
            if kind_of(target.name) in ("allocates", "throws"):  # defined or linked in here
                self._complain(function, kind_of(target.name), callee)
                continue
            self._reach(address, function.address)
        for outside in sorted(function.outside):
            if not re.fullmatch(HARMLESS, outside) and not self._excepted(name, outside):
                self._complain(function, kind_of(outside), outside)
        if function.system_call and not self._excepted(name, "syscall"):
            self._complain(function, "calls the system", "an instruction of its own")
        holds_table = self._follow_tables(function)
        self._follow_sites(function, holds_table)

    def _follow_tables(self, function):
        """Everything the tables hold which the function refers to; true when there is one."""
        holds = False
        for address in function.reads:
            begin, end, name = self.program.object_at(address)
            inside, outside = self.program.pointers_in(begin, end)
            if not inside and not outside:
                continue
            holds = holds or (self.program.is_fixed(begin)
                              and not name.startswith(("_ZTV", "_ZTI")))
            if begin not in self._tables_followed:
                self._tables_followed.add(begin)
                for target in inside:
                    self._reach(target, function.address)
                for name_outside in outside:
                    if not re.fullmatch(HARMLESS, name_outside) and not self._excepted(
                            self.program.name(function), name_outside):
                        self._complain(function, kind_of(name_outside), name_outside)
        return holds

    def _follow_sites(self, function, holds_table):
        sources = self.program.sources([site.address for site in function.sites])
        for site in function.sites:
            file, line = sources[site.address]
            ours = self._source(file)
            if ours and site.slot is not None and self._follow_virtual(
                    function, site.slot, _destroys(ours, int(line.partition("?")[0] or 0))):
                continue
            if holds_table and site.slot is None:
                continue
            place = self.program.name(function) if ours else file
            exception = self._excepted(place, "a pointer")
            if exception is None:
                self._complain(function, "calls through a pointer that could lead anywhere",
                               f"{file}:{line}")
            else:
                self._follow_targets(function, exception)

    def _source(self, file):
        """The source of the project, also when an object came from a checkout at another place;
        None: it is of a library."""
        parts = pathlib.PurePath(os.path.normpath(file)).parts
        places = (self.top / pathlib.PurePath(*parts[at:]) for at in range(1, len(parts) - 1))
        return next((place for place in places if place.is_file()), None)

    def _follow_virtual(self, function, slot, destroys):
        targets = {words[slot] for _, words in self.tables
                   if slot < len(words) and words[slot] is not None}
        if not destroys:
            targets = {target for target in targets if "::~" not in self.program.name(
                self.program.containing(target))}
        for target in targets:
            if not self._excepted(self.program.name(function),
                                  self.program.name(self.program.containing(target))):
                self._reach(target, function.address)
        return bool(targets)

    def _follow_targets(self, function, exception):
        for pattern in exception.targets:
            found = [f for f in self.program.functions.values()
                     if re.fullmatch(pattern, self.program.name(f))]
            if not found:
                self.findings.texts.append(f"no function {pattern}, which an exception names")
            for target in found:
                self._reach(target.address, function.address)

    def chain(self, address):
        """The demangled names from a root to the function."""
        names = []
        while address is not None:
            names.append(self.program.name(self.program.functions[address]))
            address = self._came_from[address]
        return names[::-1]

    def _complain(self, function, kind, what):
        steps = "\n".join(f"    {'→ ' if at else ''}{name}"
                          for at, name in enumerate(self.chain(function.address)))
        self.findings.texts.append(f"{kind}: {what}\n{steps}\n    → {what}")
