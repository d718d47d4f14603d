# SPDX-License-Identifier: Apache-2.0
"""A second core in another process, given the inputs of the first, does the same."""


def test_a_second_core_does_the_same(keeper):
    """Every control plane of this session was recorded. Each recording is fed to another core:
    all effects, objects and versions must be the same, byte for byte. Who ended in order has closed
    its recording; who was killed is compared as far as it was written."""
    keeper.stop()
    files = keeper.recordings.files()
    assert files, "no control plane ran in this session"
    runs = [keeper.recordings.replay(file, closed) for file, closed in files]
    wrong = [run.stdout + run.stderr for run in runs if run.returncode != 0]
    assert not wrong, "\n".join(wrong)
    assert any(closed for _file, closed in files), "no recording was to be closed"
    print("".join(run.stdout for run in runs))
