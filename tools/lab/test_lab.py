# SPDX-License-Identifier: Apache-2.0
"""Tests of the laboratory's own logic: what it reads, counts, edits and ends. No root."""

import json
import os
import signal
import subprocess
import sys
import wave
from array import array
from math import pi, sin
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import (  # noqa: E402
    __main__ as front, baresip, bench, bench_sipp, configuration, console, control, fence, fuzz,
    hugepages, network, packages, paths, process, sipp, state, suites, tone,
)

CONFIG = """\
// A comment with application: { in it.
application: {
    node = "a";  # run-directory = "no";
    run-directory = "/run/{x}";
};
dataplane: { eal = ( "--in-memory", "--no-pci" ); idle = "adaptive"; };
ports = ( { name = "sip0"; device = "net_af_packet0,iface=sip0"; } );
dns = (
    { type = "Extension"; numbers = "1000-1099,10000-19999"; contact = "*"; },
    { type = "Trunk"; name = "gw"; contact = "10.77.0.200:5060"; prefix = "9"; }
);
"""


@pytest.fixture
def state_directory(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "STATE", tmp_path / "state")
    return tmp_path


def sleeper(tmp_path, *words):
    return process.Process("sleeper", words or ("sleep", "60"), log=tmp_path / "log")


class TestConfiguration:
    def edited(self, change):
        config = configuration.Configuration(CONFIG)
        change(config)
        return str(config)

    def test_replaces_a_named_option(self):
        text = self.edited(lambda config: config.set("application", "run-directory", "/run/b"))
        assert 'run-directory = "/run/b";' in text
        assert '# run-directory = "no";' in text
        assert text.replace("/run/b", "/run/{x}") == CONFIG

    def test_adds_an_option_the_file_does_not_name(self):
        text = self.edited(lambda config: config.set("application", "ring-timeout", 3))
        assert "application: { ring-timeout = 3;" in text

    def test_replaces_a_list(self):
        text = self.edited(lambda config: config.set("dataplane", "eal", ["-m", "64"]))
        assert 'eal = ( "-m", "64" ); idle = "adaptive";' in text

    def test_finds_a_dn_by_part_of_its_numbers(self):
        text = self.edited(lambda config: config.set_dn("10000-19999", "max-calls", 1))
        assert '{ max-calls = 1;  type = "Extension"; numbers = "1000-1099' in text

    def test_changes_only_the_element_named(self):
        text = self.edited(lambda config: config.set_dn("gw", "contact", "10.0.0.1"))
        assert 'contact = "*"' in text and 'contact = "10.0.0.1"; prefix = "9"' in text

    def test_adds_a_dn(self):
        text = self.edited(
            lambda config: config.add_dn({"type": "Trunk", "name": "g2", "capacity": 2})
        )
        assert '{ type = "Trunk"; name = "g2"; capacity = 2; }, ' in text

    def test_refuses_an_unknown_element(self):
        with pytest.raises(KeyError):
            self.edited(lambda config: config.set_dn("1", "max-calls", 1))

    @pytest.mark.parametrize("value, text", [
        (True, "true"), (0, "0"), ('a"b\\', '"a\\"b\\\\"'), (["x", 1], '( "x", 1 )'),
    ])
    def test_literals(self, value, text):
        assert configuration.literal(value) == text


class TestProcess:
    def test_stat_survives_a_hostile_command_name(self):
        fields = ["S"] + ["0"] * 10 + ["150", "50"] + ["0"] * 6 + ["777", "0", "3"]
        stat = process.parse_stat("12 (a) b (c)) " + " ".join(fields))
        assert (stat.state, stat.start_ticks) == ("S", 777)
        assert stat.cpu_seconds == 200 / process.TICKS_PER_SECOND
        assert stat.rss_bytes == 3 * process.PAGE_BYTES

    def test_start_writes_a_record_and_the_end_removes_it(self, state_directory):
        running = sleeper(state_directory)
        assert [record.pid for record in process.records()] == [running.pid]
        assert running.stop() == -signal.SIGTERM
        assert process.records() == []

    def test_end_works_from_the_record_alone(self, state_directory):
        running = sleeper(state_directory)
        assert process.end(process.records()) == []
        assert process.read_stat(running.pid) is None or not running.alive
        assert process.records() == []

    def test_end_kills_what_ignores_the_request(self, state_directory):
        running = sleeper(
            state_directory, "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"
        )
        process.wait_until(lambda: "ready" in running.tail(), 10, "trap is set")
        assert process.end(process.records(), term_wait_s=0.1) == ["sleeper"]
        assert running.exit_code is not None or process.read_stat(running.pid) is None

    def test_a_recycled_pid_is_not_touched(self, state_directory):
        running = sleeper(state_directory)
        other = process.Record("other", running.pid, running.record.start_ticks + 1, "", [], "")
        other.write()
        assert process.end([other]) == []
        assert running.alive
        running.kill()

    def test_a_broken_record_is_skipped(self, state_directory):
        (paths.STATE / "processes").mkdir(parents=True)
        (paths.STATE / "processes" / "1.json").write_text("{")
        assert process.records() == []

    def test_a_command_that_runs_gets_ended_with_us(self, state_directory):
        def interrupt(number, _frame):
            raise state.Interrupted(number)

        marker = state_directory / "pid"
        before = signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            with pytest.raises(state.Interrupted):
                process.run(["sh", "-c", f"echo $$ > {marker}; exec sleep 60"], cwd="/")
        finally:
            signal.signal(signal.SIGALRM, before)
        assert process.read_stat(int(marker.read_text())) is None

    def test_run_gives_status_and_both_outputs(self):
        assert process.run(["sh", "-c", "echo a; echo b >&2; exit 3"]) == (3, "a\nb\n")

    def test_wait_until_names_what_did_not_come(self):
        with pytest.raises(TimeoutError, match="the moon"):
            process.wait_until(lambda: False, 0, "the moon")


class TestResults:
    CASES = """<testcase classname="A" name="good" status="run"/>
      <testcase classname="A" name="bad"><failure message="x"/></testcase>
      <testcase classname="A" name="broken"><error message="x"/></testcase>
      <testcase classname="A" name="left_out"><skipped/></testcase>
      <testcase classname="A" name="disabled" status="notrun"/>"""

    def meson(self, *entries):
        log = "\n".join(json.dumps({"name": f"tandem:unit / {name}", "result": result})
                        for name, result in entries)
        junit = (
            f'<testsuites><testsuite name="tandem.tandem:unit / cases.A">{self.CASES}</testsuite>'
            '<testsuite name="tandem.tandem:unit / leaks.B"><testcase classname="B" name="x"/>'
            '</testsuite><testsuite name="tandem"><testcase classname="tandem" '
            'name="tandem:unit / hangs"/></testsuite></testsuites>'
        )
        return suites.parse_meson(log, junit, "t")

    def test_counts_each_pytest_case_once(self):
        junit = f'<testsuites><testsuite name="pytest">{self.CASES}</testsuite></testsuites>'
        result = suites.parse_pytest(junit, "t")
        assert result.passed == 1
        assert result.failed == ["A.bad", "A.broken"]
        assert result.skipped == ["A.left_out", "A.disabled"]

    def test_counts_each_meson_case_once(self):
        result = self.meson(("cases", "FAIL"), ("leaks", "OK"), ("plain", "OK"))
        assert result.passed == 3
        assert result.failed == ["cases.A.bad", "cases.A.broken"]
        assert result.skipped == ["cases.A.left_out", "cases.A.disabled"]

    def test_a_program_that_fails_without_a_failed_case_is_one(self):
        result = self.meson(("leaks", "FAIL"), ("hangs", "TIMEOUT"), ("not there", "SKIP"))
        assert result.passed == 1  # the case that was good before the leak was found
        assert result.failed == ["leaks: FAIL", "hangs: TIMEOUT"]
        assert result.skipped == ["not there"]

    def test_a_skip_counts_as_failed_unless_listed(self, tmp_path, monkeypatch):
        listed = tmp_path / "skips"
        listed.write_text("# comment\ncases.A.left_out  # no such hardware\n")
        monkeypatch.setattr(suites, "SKIPS_ALLOWED", listed)
        result = suites.settle(self.meson(("cases", "FAIL")))
        assert result.failed == ["cases.A.bad", "cases.A.broken", "cases.A.disabled (skipped)"]


class TestReading:
    def test_packages_list(self):
        names = packages.wanted("# x\n\ng++   compiler\nfoo-dev  why # not\n")
        assert names == ["g++", "foo-dev"]

    def test_every_package_has_a_reason(self):
        lines = packages.LIST.read_text().splitlines()
        rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
        assert all(len(row) >= 2 for row in rows)
        assert len({row[0] for row in rows}) == len(rows)

    def test_meminfo(self):
        assert hugepages.parse_meminfo(
            "MemTotal:  1 kB\nHugePages_Total:     256\nHugePages_Free:      100\n"
        ) == (256, 100)

    def test_sipp_statistics_use_the_last_row(self):
        text = "A;FailedCall(C);\n1;0;\n2;7;\n"
        assert sipp.parse_statistics(text)["FailedCall(C)"] == "7"
        assert sipp.parse_statistics("A;\n") == {}

    def test_sipp_messages(self):
        mark = "-" * 47
        text = (
            f"{mark} 2026-01-01\nUDP message sent (10 bytes):\n\nINVITE x\n\nv=0\n"
            f"{mark} 2026-01-01\nUDP message received [9] bytes :\n\nSIP/2.0 200 OK\n"
        )
        assert sipp.parse_messages(text) == [
            ("sent", "INVITE x\n\nv=0\n"), ("received", "SIP/2.0 200 OK\n")
        ]

    def test_netstrings_in_pieces(self):
        whole = baresip.encode_netstring({"a": 1}) + baresip.encode_netstring({"b": ":,"})
        for cut in range(len(whole)):
            first, rest = baresip.decode_netstrings(whole[:cut])
            second, left = baresip.decode_netstrings(rest + whole[cut:])
            assert first + second == [{"a": 1}, {"b": ":,"}] and left == b""

    def test_a_tone_is_found_and_silence_is_not(self, tmp_path):
        for hertz, amplitude, expected in ((440, 9000, 440), (1000, 9000, 1000), (440, 0, 0)):
            path = tmp_path / f"{hertz}-{amplitude}.wav"
            samples = array("h", (int(amplitude * sin(2 * pi * hertz * n / 8000))
                                  for n in range(12000)))
            with wave.open(str(path), "wb") as out:
                out.setnchannels(1)
                out.setsampwidth(2)
                out.setframerate(8000)
                out.writeframes(samples.tobytes())
            assert abs(tone.frequency_hz(path) - expected) <= 4


class TestBench:
    def test_medians_become_rows(self):
        report = {"benchmarks": [
            {"run_name": "index/hot/avx2", "aggregate_name": "mean", "cpu_time": 9,
             "time_unit": "ns"},
            {"run_name": "index/hot/avx2", "aggregate_name": "median", "cpu_time": 101.26,
             "time_unit": "ns"},
        ]}
        rows = bench.parse_rows(report)
        assert [(row.name, row.value, row.unit, row.better) for row in rows] == [
            ("index/hot/avx2", 101.3, "ns", "lower")
        ]

    def test_a_benchmark_that_takes_its_own_time_keeps_its_name(self):
        report = {"benchmarks": [
            {"run_name": "peer/x/iterations:25/manual_time", "aggregate_name": "median",
             "cpu_time": 9e6, "real_time": 101.26, "time_unit": "ns"},
        ]}
        assert bench.parse_rows(report) == [bench.Row("peer/x", 101.3, "ns", "lower")]

    def test_rows_of_calls_are_taken_as_they_are(self):
        row = {"name": "calls_per_second", "value": 2.0, "unit": "calls/s", "better": "higher"}
        assert bench.calls_rows({"rows": [row]}) == [bench.Row(**row)]

    def test_nothing_measured_is_an_error(self):
        with pytest.raises(console.LabError):
            bench.parse_rows({"benchmarks": []})
        with pytest.raises(console.LabError):
            bench.calls_rows({"rows": []})

    def test_document_has_the_agreed_form(self):
        document = bench.document("x", [bench.Row("r", 1, "ns")])
        assert set(document) == {"bench", "commit", "host", "rows"}
        assert set(document["host"]) == {"cpu", "cores"}
        assert document["rows"] == [{"name": "r", "value": 1, "unit": "ns", "better": "lower"}]

    def test_every_number_calls_and_is_called_and_never_itself(self, tmp_path):
        registered, pairs = bench_sipp.write_injections(tmp_path)
        numbers = [line.rstrip(";") for line in registered.read_text().splitlines()[1:]]
        rows = [line.split(";")[:2] for line in pairs.read_text().splitlines()[1:]]
        assert [row[0] for row in rows] == numbers
        assert sorted(row[1] for row in rows) == numbers
        assert all(caller != callee for caller, callee in rows)

    def test_a_call_that_only_one_side_counts_is_a_failed_one(self):
        good = sipp.SippResult("caller", 0, 10, 10, 0, "")
        short = sipp.SippResult("callee", 0, 9, 9, 0, "")
        assert bench_sipp.failures(10, good, good) == (0, [])
        assert bench_sipp.failures(10, good, short)[0] == 1
        assert bench_sipp.failures(10, sipp.SippResult("c", 0, 10, 10, 0, "x"), good)[0] == 1


class TestFrontDoor:
    @pytest.fixture(autouse=True)
    def signals_as_before(self):
        before = {number: signal.getsignal(number) for number in state.SIGNALS}
        yield
        for number, handler in before.items():
            signal.signal(number, handler)

    def test_unknown_command_suggests_the_nearest(self):
        with pytest.raises(console.LabError, match="./lab status") as caught:
            front.choose("statsu")
        assert caught.value.status == 2

    def test_no_command_prints_help(self, capsys):
        assert front.main([]) == 0
        printed = capsys.readouterr().out
        assert all(f"  {command.name}" in printed for command in front.COMMANDS)

    @pytest.mark.parametrize("words", [
        ["tset"], ["test", "nosuch"], ["bench", "nosuch"], ["fuzz", "--minutes", "0"],
        ["fuzz", "--runs", "x"],
        ["up", "x"], ["down", "x"], ["status", "x"], ["demo", "x"], ["exec", "a"],
        ["exec", "nosuch", "true"],
    ])
    def test_wrong_words_are_refused_before_anything_is_done(self, words, capsys):
        assert front.main(words) == 2
        assert capsys.readouterr().err.startswith("lab: ")

    def test_plan_of_the_fuzzers(self):
        assert fuzz.parse([]) == fuzz.Plan(minutes=4.0, runs=0, targets=())
        assert fuzz.parse(["--minutes", "2"]).minutes == 2
        assert fuzz.parse(["--minutes=0.5", "sip"]) == fuzz.Plan(minutes=0.5, targets=("sip",))
        assert fuzz.parse(["sip", "--runs", "1000", "arp"]) == fuzz.Plan(
            runs=1000, targets=("sip", "arp"))
        for words in (["--minutes"], ["--minutes", "0"], ["--minutes", "nan"], ["--runs", "0"],
                      ["--runs", "x"], ["--many"]):
            with pytest.raises(console.LabError, match="usage"):
                fuzz.parse(words)

    def test_numbers_of_a_fuzzer(self):
        output = ("#2\tINITED cov: 10 ft: 11 corp: 1/1b exec/s: 0 rss: 30Mb\n"
                  "#900\tDONE   cov: 123 ft: 456 corp: 78/9Kb lim: 4 exec/s: 300 rss: 60Mb\n"
                  "stat::number_of_executed_units: 900\nstat::average_exec_per_sec:     300\n"
                  "stat::new_units_added:          5\nstat::peak_rss_mb:              61\n")
        assert fuzz.read_stats(output) == {
            "executions": 900, "per_second": 300, "rss_mb": 61, "edges": 123, "corpus": 78}
        assert set(fuzz.read_stats("").values()) == {0}

    def test_table_aligns_numbers_right(self):
        assert console.table(("a", "n"), [("x", 1), ("yy", 10)]).splitlines() == [
            "a    n", "--  --", "x    1", "yy  10"
        ]


def test_control_client_speaks_lines(tmp_path):
    path = tmp_path / "s"
    program = (
        "import socket,sys\n"
        "s=socket.socket(socket.AF_UNIX);s.bind(sys.argv[1]);s.listen();print('up',flush=True)\n"
        "for answer in (b'{\"result\":{\"x\":1}}', b'{\"error\":{\"code\":-32601}}', b'[broken'):\n"
        "  c,_=s.accept();c.makefile().readline();c.sendall(answer+b'\\n');c.close()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path)],
                          stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        assert control.request(path, "status") == {"x": 1}
        with pytest.raises(control.ControlError) as caught:
            control.request(path, "nosuch")
        assert caught.value.code == -32601
        assert not control.answers(path)
    assert not control.answers(path)


@pytest.mark.parametrize("word", ["first", "two words", "$HOME"])
def test_the_fence_passes_words_and_status(word):
    command = fence.fenced(["sh", "-c", 'echo "$1"; exit 7', "x", word])
    assert process.run(command) == (7, word + "\n")


def test_the_fence_hides_all_other_processes():
    if os.geteuid() != 0:
        return  # then there is no fence, and none is needed
    # Signal 0 asks whether anybody would get a signal: outside, this process would.
    status, seen = process.run(fence.fenced(["sh", "-c", f"kill -0 {os.getpid()} || echo none"]))
    assert status == 0 and seen.endswith("none\n")
    assert int(process.run(fence.fenced(["sh", "-c", "ls /proc | grep -c '^[0-9]'"]))[1]) < 10


def test_phone_seats_are_the_agreed_ones():
    assert [network.phone_address(seat) for seat in (0, 19)] == ["10.77.0.100", "10.77.0.119"]
    with pytest.raises(ValueError):
        network.phone_address(20)
