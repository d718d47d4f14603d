# SPDX-License-Identifier: Apache-2.0
"""Finds the tone in a recording, to prove that the voice of a call really arrived."""

import wave
from array import array

_SILENCE = 100  # of 32767: below this amplitude it is noise of the codec


def frequency_hz(path):
    """The frequency of the loudest half second of a 16 bit recording, by its zero crossings; 0.0
    when it is silent or shorter than that."""
    with wave.open(str(path), "rb") as recording:
        rate = recording.getframerate()
        channels = recording.getnchannels()
        samples = array("h", recording.readframes(recording.getnframes()))[::channels]
    size = rate // 2
    parts = [samples[at : at + size] for at in range(0, len(samples) - size + 1, size // 2)]
    loudest = max(parts, key=lambda part: sum(map(abs, part)), default=[0])
    if max(map(abs, loudest)) < _SILENCE:
        return 0.0
    signs = [sample >= 0 for sample in loudest]
    rising = sum(1 for before, after in zip(signs, signs[1:]) if after and not before)
    return rising * rate / size
