#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every source is formatted as .clang-format says, by the pinned clang-format; a meson test.

`format.py --fix` formats instead of complaining.
"""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import lint  # noqa: E402

FORMATTER = "clang-format-14"


def main():
    if shutil.which(FORMATTER) is None:
        print(f"{FORMATTER} is missing; other versions format differently")
        return 1
    top = pathlib.Path(__file__).resolve().parents[2]
    files = [str(f) for f in lint.sources(lint.tracked(top))]
    mode = ["-i"] if "--fix" in sys.argv[1:] else ["--dry-run", "--Werror"]
    result = subprocess.run([FORMATTER, *mode, *files], cwd=top, capture_output=True, text=True,
                            check=False)
    complaints = [line for line in result.stderr.split("\n") if "error:" in line]
    findings = sorted({line.split(":")[0] for line in complaints})
    for name in findings:
        print(f"{name}: not formatted; tools/lint/format.py --fix does it")
    print(f"{len(files)} files, {len(findings)} findings")
    return 1 if findings or result.returncode != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
