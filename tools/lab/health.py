# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a standing laboratory, in plain words."""


def complaints(node):
    return []
