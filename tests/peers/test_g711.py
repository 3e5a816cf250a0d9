"""spandsp and sox as examiners of G.711: spandsp all samples and codes, sox the codes both ways (it rounds a sample
before it codes it, so of samples it is asked only for those that a code stands for).

Needs libspandsp2 and sox; .ci/run installs them.
"""

import ctypes
import subprocess
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from simtel.media import g711

ALL = np.arange(-32768, 32768).astype(np.int16)
CODES = np.arange(256).astype(np.uint8)
Encode = Callable[[NDArray[np.int16]], NDArray[np.uint8]]
Decode = Callable[[NDArray[np.uint8]], NDArray[np.int16]]
BOTH = [
    pytest.param(0, "a-law", g711.alaw_encode, g711.alaw_decode, id="a-law"),
    pytest.param(1, "u-law", g711.ulaw_encode, g711.ulaw_decode, id="u-law"),
]


def sox(data: bytes, *, given: list[str], wanted: list[str]) -> bytes:
    raw = ["-t", "raw", "-r", "8000", "-c", "1"]
    command = ["sox", "-D", "-V1", *raw, *given, "-", *raw, *wanted, "-"]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


@pytest.mark.parametrize(("law", "name", "encode", "decode"), BOTH)
def test_every_sample_and_code_is_to_us_what_it_is_to_spandsp(
    law: int, name: str, encode: Encode, decode: Decode
) -> None:
    spandsp = ctypes.CDLL("libspandsp.so.2")
    spandsp.g711_init.restype = ctypes.c_void_p
    state = ctypes.c_void_p(spandsp.g711_init(None, law))
    codes, samples = ctypes.create_string_buffer(len(ALL)), ctypes.create_string_buffer(2 * len(CODES))
    assert spandsp.g711_encode(state, codes, ALL.tobytes(), len(ALL)) == len(ALL)
    assert spandsp.g711_decode(state, samples, CODES.tobytes(), len(CODES)) == len(CODES)
    spandsp.g711_free(state)
    assert np.array_equal(encode(ALL), np.frombuffer(codes.raw, np.uint8))
    assert np.array_equal(decode(CODES), np.frombuffer(samples.raw, np.int16))


@pytest.mark.parametrize(("law", "name", "encode", "decode"), BOTH)
def test_sox_hears_our_codes_and_codes_our_samples(law: int, name: str, encode: Encode, decode: Decode) -> None:
    coded, linear = ["-e", name], ["-e", "signed", "-b", "16"]
    assert sox(CODES.tobytes(), given=coded, wanted=linear) == decode(CODES).tobytes()
    values = decode(CODES)
    assert sox(values.tobytes(), given=linear, wanted=coded) == encode(values).tobytes()
