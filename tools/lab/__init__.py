# SPDX-License-Identifier: Apache-2.0
"""The laboratory: a network in namespaces, nodes in it, phones, and the commands of ./lab."""
