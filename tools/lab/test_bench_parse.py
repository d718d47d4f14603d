# SPDX-License-Identifier: Apache-2.0
"""Tests of the tables of ./lab bench parse."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import bench, bench_parse  # noqa: E402
from lab.bench_row import Row  # noqa: E402


def row(name, value, ns_per_byte):
    return Row(name, value, "ns", ns_per_byte=ns_per_byte)


def cells(text):
    """Lines of a table without its titles, each as its words."""
    return [line.split() for line in text.splitlines()[2:]]


FULL = [row("full/mix/scalar", 1600.0, 2.0), row("full/mix/avx2", 800.0, 1.0),
        row("full/hot/avx2", 400.0, 1.0)]
PEER = row("peer/osip2/mix", 12000.0, 15.0)


class TestTable:
    def test_each_row_has_its_bytes(self):
        text = bench_parse.table([row("index/mix/avx2", 200.04, 0.2504)])
        assert text.splitlines()[0].split() == [
            "parse", "ns/message", "ns/byte", "GB/s", "beside", "ours"]
        assert cells(text) == [["index/mix/avx2", "200.04", "0.25", "3.99"]]

    def test_another_parser_is_held_against_the_best_of_ours_on_the_same_messages(self):
        text = bench_parse.table([*FULL, PEER])
        assert cells(text)[-1] == ["peer/osip2/mix", "12000.0", "15.0", "0.07",
                                   "15.0", "x", "full/mix/avx2"]
        assert cells(text)[0] == ["full/mix/scalar", "1600.0", "2.0", "0.5"]

    def test_the_best_is_the_widest_there_is_not_the_fastest_of_the_run(self):
        rows = {row.name: row for row in (*FULL, row("full/mix/avx512", 900.0, 1.1))}
        assert bench_parse.ours_beside(PEER, rows).name == "full/mix/avx512"
        assert bench_parse.ours_beside(row("peer/re/invite", 1.0, 1.0), rows) is None
        assert "x" not in cells(bench_parse.table([PEER]))[0]


class TestAdversarialTable:
    @staticmethod
    def case(name, *costs):
        return [row(f"adversarial/{name}/{size}", 1.0, cost)
                for size, cost in zip(bench_parse.SIZES, costs)]

    def test_sizes_stand_side_by_side_with_their_growth(self):
        text = bench_parse.adversarial_table(
            self.case("commas", 2.0, 2.5, 3.0) + self.case("vias", 2.0, 8.0, 3.002))
        assert text.splitlines()[0].split() == [
            "case", "ns/byte", "4k", "ns/byte", "16k", "ns/byte", "64k", "64k/4k"]
        assert cells(text) == [["adversarial/commas", "2.0", "2.5", "3.0", "1.5", "flat"],
                               ["adversarial/vias", "2.0", "8.0", "3.002", "1.5", "GROWS"]]

    def test_a_case_without_all_sizes_has_no_line(self):
        rows = self.case("commas", 2.0, 2.5, 3.0)
        assert bench_parse.growths(rows) == {"commas": [2.0, 2.5, 3.0]}
        assert bench_parse.growths(rows[:-1]) == {}

    def test_each_row_stands_in_one_of_the_tables(self):
        first, second = bench_parse.tables(FULL + self.case("commas", 1.0, 1.0, 1.0)).split("\n\n")
        assert len(cells(first)) == len(FULL) and len(cells(second)) == 1
        assert "64k" not in bench_parse.tables(FULL)


class TestRows:
    @staticmethod
    def entry(name, aggregate, time, ns_per_byte):
        return {"run_name": name, "aggregate_name": aggregate, "cpu_time": time,
                "time_unit": "ns", "ns_per_byte": ns_per_byte}

    def test_the_least_repetition_counts_where_a_benchmark_names_it(self):
        name = "adversarial/commas/4k"
        measured = bench.parse_rows({"benchmarks": [
            self.entry(f"{name}/min_time:0.050", "median", 9.0, 3.0),
            self.entry(f"{name}/min_time:0.050", "least", 6.0, 2.0),
            self.entry("index/mix/avx2", "median", 5.0, 1.0),
        ]})
        assert measured == [row(name, 6.0, 2.0), row("index/mix/avx2", 5.0, 1.0)]

    def test_the_file_has_what_a_row_has(self):
        rows = [row("a", 1.0, 0.5), Row("b", 2, "calls/s", "higher")]
        assert bench.document("x", rows)["rows"] == [
            {"name": "a", "value": 1.0, "unit": "ns", "better": "lower", "ns_per_byte": 0.5},
            {"name": "b", "value": 2, "unit": "calls/s", "better": "higher"}]
