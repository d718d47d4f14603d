#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy over the tree, or over the files named. Not a test: the whole tree takes a quarter of
an hour on two cores. It reads how files are compiled from build/asan, which ./lab test makes.

  tools/lint/tidy.py [--tests] [FILE…]     --tests: the unit tests as well
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

TIDY = "clang-tidy-14"


def tidy(top, build, path):
    result = subprocess.run([TIDY, "-p", str(build), "--quiet", str(top / path)], cwd=top,
                            capture_output=True, text=True, check=False)
    return path, result.returncode, result.stdout


def main():
    top = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", action="store_true")
    parser.add_argument("--build", type=pathlib.Path, default=top / "build" / "asan")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    database = options.build / "compile_commands.json"
    if not database.exists():
        print(f"{database} is missing; ./lab test makes it")
        return 1
    compiled = {os.path.relpath(os.path.join(entry["directory"], entry["file"]), top)
                for entry in json.loads(database.read_text())}
    wanted = options.files or sorted(f for f in compiled
                                     if options.tests or not f.endswith("_test.cpp"))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(tidy, top, options.build, path) for path in wanted]
        for job in concurrent.futures.as_completed(jobs):
            path, status, output = job.result()
            if status != 0:
                failed += 1
                print(f"{path}:\n{output}", flush=True)
    print(f"{len(wanted)} files, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
