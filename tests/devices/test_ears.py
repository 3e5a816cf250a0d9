import pytest

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.devices.ears import Ears
from tests.devices.recorder import Recorder


def listen(*news: tuple[bool, int], end: str = "public") -> tuple[Ears, Recorder, list[bool]]:
    out = Recorder()
    ears = Ears(end, out)
    return ears, out, [ears.sound("c1", on, Ns(at)) for on, at in news]


@pytest.mark.parametrize("end", ["public", "seat"])
def test_a_silence_is_told_with_its_length(end: str) -> None:
    ears, out, news = listen((False, 100), (True, 350), end=end)
    assert news == [True, True]
    assert out.of(Kind.MEDIA_INTERRUPTED) == [{"end": end}]
    assert out.of(Kind.MEDIA_RESUMED) == [{"end": end, "gap": 250}]
    assert out.calls(Kind.MEDIA_RESUMED) == ["c1"]
    assert ears.close("c1", Ns(900)) == (250, 0)


def test_the_longest_silence_counts() -> None:
    ears, _, _ = listen((False, 0), (True, 50), (False, 100), (True, 400), (False, 500), (True, 510))
    assert ears.close("c1", Ns(1000)) == (300, 0)


def test_a_silence_that_lasts_counts_to_the_end() -> None:
    ears, _, _ = listen((False, 0), (True, 50), (False, 100))
    assert ears.silent("c1")
    assert ears.close("c1", Ns(1000)) == (900, 900)
    assert not ears.silent("c1")


def test_a_lasting_silence_shorter_than_a_former_one() -> None:
    ears, _, _ = listen((False, 0), (True, 700), (False, 950))
    assert ears.close("c1", Ns(1000)) == (700, 50)


def test_the_same_news_twice_is_no_news() -> None:
    ears, out, news = listen((True, 0), (False, 10), (False, 20), (True, 30), (True, 40))
    assert news == [False, True, False, True, False]
    assert len(out.said) == 2
    assert ears.close("c1", Ns(50)) == (20, 0)


def test_calls_do_not_hear_each_other_and_a_closed_one_is_forgotten() -> None:
    ears, _, _ = listen((False, 0), (True, 300))
    ears.sound("c2", False, Ns(100))
    assert ears.close("c2", Ns(150)) == (50, 50)
    assert ears.close("c1", Ns(400)) == (300, 0)
    assert ears.close("c1", Ns(500)) == (0, 0)
