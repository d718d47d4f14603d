# SPDX-License-Identifier: Apache-2.0
"""One measured value, in the form of the result files."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`better` says which direction is an improvement: "lower" or "higher"."""

    name: str
    value: float
    unit: str
    better: str = "lower"
