# SPDX-License-Identifier: Apache-2.0
"""One measured value, in the form of the result files."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """`better` says which direction is an improvement: "lower" or "higher"; `ns_per_byte` is there
    where a message has a size."""

    name: str
    value: float
    unit: str
    better: str = "lower"
    ns_per_byte: float | None = None

    def as_json(self):
        """The row of the result file, without what it lacks."""
        return {key: value for key, value in asdict(self).items() if value is not None}
