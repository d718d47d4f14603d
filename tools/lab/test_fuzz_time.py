# SPDX-License-Identifier: Apache-2.0
"""How the fuzzers share their time, and that a target without seeds is refused."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import build, fuzz, fuzz_time, paths  # noqa: E402
from lab.console import LabError  # noqa: E402

DAY_S = 86400


class TestShares:
    def test_one_age_is_one_share(self):
        assert fuzz_time.shares({"a": 3, "b": 3, "c": 3}, 90, 90) == {"a": 30, "b": 30, "c": 30}

    def test_what_is_older_gets_half_every_fourteen_days_beside_what_all_get(self):
        shares = fuzz_time.shares({"new": 0, "two-weeks": 14, "four-weeks": 28}, 120, 120)
        sure = 120 / 3 / 4
        beside = {name: share - sure for name, share in shares.items()}
        assert beside["new"] == pytest.approx(2 * beside["two-weeks"])
        assert beside["two-weeks"] == pytest.approx(2 * beside["four-weeks"])

    def test_no_target_gets_less_than_a_quarter_of_an_even_share(self):
        ages = {"new": 0, **{f"old{i}": 10_000 for i in range(15)}}
        shares = fuzz_time.shares(ages, 16 * 30, 240)
        assert min(shares.values()) >= 30 / 4
        assert shares["new"] > 30

    def test_only_differences_of_age_count(self):
        young = fuzz_time.shares({"a": 0, "b": 20}, 60, 60)
        assert fuzz_time.shares({"a": 40_000, "b": 40_020}, 60, 60) == pytest.approx(young)

    @pytest.mark.parametrize("ages", [
        [0], [5, 5], [0, 1000], [0, 1000, 1000], [0, 0, 1000], [0, 3, 9, 27, 81, 243],
        [0] + [400] * 16, [1000, 0.5, 0] * 6,
    ])
    @pytest.mark.parametrize("at_once", [1, 2, 4, 16])
    def test_together_they_are_the_whole_and_none_outlasts_the_run(self, ages, at_once):
        at_once = min(at_once, len(ages))
        shares = fuzz_time.shares(dict(enumerate(ages)), 240 * at_once, 240)
        assert sum(shares.values()) == pytest.approx(240 * at_once)
        assert max(shares.values()) <= 240 + 1e-6
        assert set(shares) == set(range(len(ages)))


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A repository with a commit of today, of sipparse/ ten days older and of ha/ thirty."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    commit(tmp_path, "tests/fuzz/arp.cpp", 90)
    commit(tmp_path, "ha/arp.hpp", 100)
    commit(tmp_path, "sipparse/index.hpp", 120)
    commit(tmp_path, "tests/fuzz/sip.cpp", 125)
    commit(tmp_path, "docs/page.md", 130)
    return tmp_path


def commit(directory, name, day):
    file = directory / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{day}\n")
    date = f"{1_700_000_000 + day * DAY_S} +0000"
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", name]):
        author = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", "-C", directory, *author, *words], check=True,
                       env={"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date,
                            "PATH": "/usr/bin:/bin", "HOME": str(directory)})


FILES = {
    "sip": ["tests/fuzz/sip.cpp", "sipparse/head.hpp"],
    "sdp": ["tests/fuzz/arp.cpp", "sipparse/head.hpp"],
    "arp": ["tests/fuzz/arp.cpp", "ha/arp.hpp"],
}


class TestAges:
    def test_days_since_the_last_change_of_a_file_or_a_folder(self, tree):
        assert fuzz_time.ages(FILES) == {"sip": 5, "sdp": 10, "arp": 30}

    def test_what_is_not_committed_is_new(self, tree):
        (tree / "ha" / "arp.hpp").write_text("changed")
        assert fuzz_time.ages(FILES) == {"sip": 5, "sdp": 10, "arp": 0}
        (tree / "sipparse" / "more.cpp").write_text("untracked")
        assert fuzz_time.ages(FILES) == {"sip": 0, "sdp": 0, "arp": 0}

    def test_without_history_there_are_none(self, tmp_path, monkeypatch):
        monkeypatch.setattr(paths, "ROOT", tmp_path)
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        assert fuzz_time.ages(FILES) is None

    def test_without_git_there_are_none(self, tree, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")
        assert fuzz_time.ages(FILES) is None

    def test_files_of_tests_stand_for_themselves_others_for_their_folder(self):
        assert fuzz_time.made_of(["tests/fuzz/a.cpp", "shm/b.hpp", "shm/c.hpp", "a/b/c.hpp"]) == [
            "a/b", "shm", "tests/fuzz/a.cpp"]


class TestPlanOfTheTime:
    TARGETS = {"sip": "fuzz_sip", "sdp": "fuzz_sdp", "arp": "fuzz_arp"}

    @pytest.fixture(autouse=True)
    def compiled(self, monkeypatch):
        monkeypatch.setattr(build, "compiled_from", lambda _kind, program: FILES[program[5:]])

    def test_the_total_is_what_was_asked_for(self, tree, capsys):
        seconds = fuzz._share_time(fuzz.Plan(minutes=1), self.TARGETS, 2)
        assert 117 <= sum(seconds.values()) <= 120
        assert seconds["sip"] > seconds["sdp"] > seconds["arp"]
        printed = capsys.readouterr().out.splitlines()
        assert printed[0].split() == ["target", "days", "since", "its", "last", "change",
                                      "seconds"]
        assert printed[-1].split() == ["arp", "30.0", str(seconds["arp"])]

    def test_without_history_all_get_the_same_and_it_is_said(self, monkeypatch, capsys):
        monkeypatch.setattr(fuzz_time, "ages", lambda _: None)
        assert fuzz._share_time(fuzz.Plan(minutes=1), self.TARGETS, 1) == {
            "sip": 20, "sdp": 20, "arp": 20}
        assert "no git history" in capsys.readouterr().out

    def test_every_target_runs_a_second(self, tree):
        assert fuzz._share_time(fuzz.Plan(minutes=0.01), self.TARGETS, 1) == {
            "sip": 1, "sdp": 1, "arp": 1}


class TestSeeds:
    @pytest.fixture(autouse=True)
    def directories(self, tmp_path, monkeypatch):
        monkeypatch.setattr(fuzz, "_SOURCES", tmp_path)
        monkeypatch.setattr(paths, "BUILD", tmp_path / "build")
        (tmp_path / "seeds" / "empty").mkdir(parents=True)
        (tmp_path / "seeds" / "sip").mkdir()
        (tmp_path / "seeds" / "sip" / "invite").write_text("INVITE")
        made = tmp_path / "build" / fuzz.KIND / "tests" / "fuzz" / "frame.seeds"
        made.mkdir(parents=True)
        (made / "one").write_text("x")

    def test_are_written_or_made_by_the_build(self):
        assert [path.name for path in fuzz.seeds("sip")] == ["sip"]
        assert [path.name for path in fuzz.seeds("frame")] == ["frame.seeds"]

    @pytest.mark.parametrize("name", ["empty", "nosuch"])
    def test_a_target_without_is_refused_with_the_place_to_put_one(self, name):
        with pytest.raises(LabError, match=f"{name} has no seeds.*seeds/{name}"):
            fuzz.seeds(name)

    def test_nothing_is_searched_then(self, monkeypatch):
        monkeypatch.setattr(build, "build", lambda *_: None)
        monkeypatch.setattr(build, "targets", lambda _: {"fuzz_sip": "a", "fuzz_nosuch": "b"})
        monkeypatch.setattr(fuzz, "_search", lambda *_: pytest.fail("searched"))
        with pytest.raises(LabError, match="nosuch has no seeds"):
            fuzz.search_all(fuzz.Plan(runs=1))


def test_the_longest_search_begins_first_and_the_report_is_by_name(monkeypatch):
    begun = []

    def search(name, program, plan, seconds):
        begun.append((name, program, plan.minutes, seconds))
        return fuzz.Search(name, passed=True)

    monkeypatch.setattr(build, "build", lambda *_: None)
    monkeypatch.setattr(build, "targets", lambda _: {"fuzz_a": "pa", "fuzz_b": "pb"})
    monkeypatch.setattr(fuzz, "seeds", lambda _: [])
    monkeypatch.setattr(fuzz, "_share_time", lambda *_: {"a": 10, "b": 20})
    monkeypatch.setattr(fuzz, "_search", search)
    monkeypatch.setattr(fuzz.os, "sched_getaffinity", lambda _: {0})
    searches = fuzz.search_all(fuzz.Plan(minutes=0.5))
    assert begun == [("b", "pb", 0.5, 20), ("a", "pa", 0.5, 10)]
    assert [search.name for search in searches] == ["a", "b"]
