"""The people at the public network, one town with one exchange each."""

from collections.abc import Iterable

from simtel.core.causes import NOT_DIALLED
from simtel.core.clock import HOUR, MINUTE, MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.devices.callers import ATTEMPTS, FAREWELL, IDLE_MENU, T301
from simtel.devices.messages.people import Dialled, DialOrder, GaveUp, Goodbye, Hello, Music
from simtel.devices.messages.physics import Sound
from simtel.devices.messages.trunk import Connect, Release, Setup
from tests.devices.town import SPAN, Town, moment, outward

# --- rule 1


def test_who_hears_music_waits_by_his_patience() -> None:
    town = Town(1)
    town.connected()
    town.tell(Music("c1"), 5)
    assert town.out.calls(Kind.CALL_QUEUED) == ["c1"]
    assert (SPAN, Release("c1", "normal", "exchange")) in town.until(HOUR / SECOND)
    assert town.ended() == [("c1", "abandoned", "patience")]


def test_music_that_comes_before_the_answer_is_waited_for_all_the_same() -> None:
    """The menu is shorter than the way back of CONNECT."""
    town = Town(1, queue_patience=MINUTE // 60)
    town.until(1)
    town.tell(Music("c1"), 1)
    town.tell(Connect("c1"), 1)
    town.until(IDLE_MENU / SECOND / 2)
    assert town.ended() == [("c1", "abandoned", "patience")]


def test_who_talks_is_not_impatient_any_more() -> None:
    town = Town(1, queue_patience=MS)
    town.connected()
    town.tell(Music("c1"), 5)
    town.tell(Hello("c1", "seat.1"), 5)
    town.until(60)
    assert town.ended() == []
    town.tell(Music("c1"), 61)
    assert town.out.of(Kind.CALL_QUEUED) == [{}]


def test_who_still_waits_when_the_run_is_over_has_not_lost_patience() -> None:
    town = Town(1, queue_patience=HOUR)
    town.connected()
    town.tell(Music("c1"), 5)
    town.exchange.finish(Ns(10 * SECOND))
    town.until(10)
    assert town.ended() == [("c1", "waiting", "run-over")]


def test_an_ivr_that_does_nothing_is_left_after_a_while() -> None:
    town = Town(1)
    town.connected()
    town.until(1 + IDLE_MENU / SECOND - 0.001)
    assert town.ended() == []
    town.until(1 + IDLE_MENU / SECOND)
    assert town.ended() == [("c1", "abandoned", "patience")]


def test_who_hears_nothing_hangs_up_and_was_cut_off() -> None:
    town = Town(1)
    town.talking()
    town.tell(Sound("c1", False), 3)
    left = moment(town, Kind.CALL_ENDED, 3, 60)
    assert 3 + 5 <= left <= 3 + 15
    assert town.ended() == [("c1", "cut", "silence")]
    assert town.out.of(Kind.CALL_ENDED)[0]["silent"] == round((left - 3) * SECOND)
    assert town.out.of(Kind.CALL_ENDED)[0]["gap"] == round((left - 3) * SECOND)


def test_sound_that_returns_in_time_keeps_the_caller() -> None:
    town = Town(1)
    town.talking()
    town.tell(Sound("c1", False), 3)
    town.tell(Sound("c1", True), 7)
    town.until(61.9)
    assert town.ended() == []
    town.until(62)
    assert town.ended() == [("c1", "completed", "caller")]
    assert town.out.of(Kind.CALL_ENDED)[0] | {"gap": 4 * SECOND, "silent": 0} == town.out.of(Kind.CALL_ENDED)[0]


def test_silence_from_the_begin_counts_from_the_answer() -> None:
    town = Town(1)
    town.until(1)
    town.tell(Sound("c1", False), 2)
    town.until(60)
    assert ("c1", "cut", "silence") not in town.ended(), "who is not answered hears ringing"
    town = Town(1)
    town.until(1)
    town.tell(Sound("c1", False), 2)
    town.until(10)
    town.tell(Connect("c1"), 10)
    assert 15 <= moment(town, Kind.CALL_ENDED, 10, 60) <= 25


# --- rule 2


def test_the_talk_begins_with_the_first_hello_and_the_caller_hangs_up() -> None:
    town = Town(1)
    town.talking(at=2)
    town.tell(Hello("c1", "seat.1"), 30)
    assert town.until(61.9) == []
    assert town.until(62) == [(SPAN, Release("c1", "normal", "exchange"))]
    assert town.ended() == [("c1", "completed", "caller")]
    assert town.at_rest()
    assert town.out.of(Kind.TRUNK_FREED) == [{"slot": 1}]


def test_or_he_says_goodbye_and_leaves_it_to_the_agent() -> None:
    town = Town(1, caller_ends=0.0)
    town.talking(at=2)
    assert town.until(62) == [("seat.1", Goodbye("c1"))]
    town.tell(Release("c1", "normal", "server.a"), 63)
    assert town.ended() == [("c1", "completed", "agent")]


def test_an_agent_who_does_not_hang_up_is_waited_for_a_little() -> None:
    town = Town(1, caller_ends=0.0)
    town.talking(at=2)
    town.until(62 + FAREWELL / SECOND - 0.001)
    assert town.ended() == []
    town.until(62 + FAREWELL / SECOND)
    assert town.ended() == [("c1", "completed", "caller")]


def test_who_is_not_heard_cannot_say_goodbye() -> None:
    town = Town(1, caller_ends=0.0)
    town.talking(at=2)
    town.cables.cut(("gateway.a", "server.a"))
    assert town.until(62) == [(SPAN, Release("c1", "normal", "exchange"))]


def test_nobody_says_hello_to_a_caller_who_was_not_answered() -> None:
    town = Town(1)
    town.until(1)
    town.tell(Hello("c1", "seat.1"), 1)
    town.until(100)
    assert town.ended() == [("c1", "failed", "no-answer")]


# --- rule 3


def attempts(town: Town) -> Iterable[int]:
    return [fields["attempt"] for fields in town.out.of(Kind.CALL_OFFERED)]


def test_who_was_not_served_dials_again_a_few_times_at_most() -> None:
    town = Town(1, redial=1.0)
    town.until(HOUR / SECOND)
    assert attempts(town) == [1, 2, 3, 4, 5]
    assert len(town.ended()) == ATTEMPTS
    assert {call for call, *_ in town.ended()} == {f"c{n}" for n in range(1, 6)}


def test_callers_who_are_alike_dial_again_each_for_himself() -> None:
    town = Town(1, 1, 1, redial=1.0)
    town.until(HOUR / SECOND)
    assert len(town.out.of(Kind.CALL_OFFERED)) == 3 * ATTEMPTS


def test_or_never() -> None:
    town = Town(1, redial=0.0)
    town.until(HOUR / SECOND)
    assert attempts(town) == [1]


def test_about_the_share_that_is_given() -> None:
    town = Town(*(1 + n for n in range(2000)), redial=0.4, redial_delay=SECOND, load_until=2 * HOUR)
    town.until(2 * HOUR / SECOND)
    again = sum(attempt == 2 for attempt in attempts(town))
    assert 720 <= again <= 880, "2000 draws of 0.4: four standard deviations are 88"


def test_who_was_served_does_not() -> None:
    town = Town(1, redial=1.0)
    town.talking()
    town.until(HOUR / SECOND)
    assert attempts(town) == [1]
    assert town.ended() == [("c1", "completed", "caller")]


def test_nobody_dials_again_after_the_load() -> None:
    town = Town(1, redial=1.0, redial_delay=30 * MINUTE, load_until=60 * SECOND)
    town.until(3 * HOUR / SECOND)
    assert attempts(town) == [1]


def test_called_parties_are_not_called_again_by_themselves() -> None:
    town = outward(redial=1.0)
    town.tell(GaveUp("c1", "trunk", "gateway.a"), 2)
    town.until(HOUR / SECOND)
    assert town.out.calls(Kind.CALL_OFFERED) == ["c1"]


# --- rule 4


def test_an_order_for_which_the_agent_had_no_time_is_offered_and_refused_at_the_end() -> None:
    town = Town(1, 2, seat="seat.1", load_until=30 * SECOND, recorded=True)
    assert town.until(5) == [("seat.1", DialOrder(call, 30 * SECOND, True)) for call in ("c1", "c2")]
    town.tell(Dialled("c1", "seat.1"), 6)
    town.until(29)
    assert town.out.calls(Kind.CALL_OFFERED) == ["c1"]
    assert not town.exchange.quiet
    town.until(30)
    assert town.out.calls(Kind.CALL_OFFERED) == ["c1", "c2"]
    assert town.refused() == [("seat.1", NOT_DIALLED)]
    assert town.ended() == [("c2", "refused", NOT_DIALLED)]
    assert town.out.of(Kind.LOAD_ENDED) == [{"offered": 2}]
    assert town.tell(Dialled("c2", "seat.1"), 30) == []
    assert town.tell(Setup("c2", "span.1", 31), 30) == [(SPAN, Release("c2", "gone", "exchange"))]
    town.until(400)
    assert town.exchange.quiet


def test_nobody_lifts_the_receiver() -> None:
    town = outward(answer_time=HOUR)
    town.tell(Setup("c1", "span.1", 31), 1)
    sent = town.until(1 + T301 / SECOND)
    assert sent == [(SPAN, Release("c1", "no-answer", "exchange"))]
    assert town.ended() == [("c1", "unanswered", "no-answer")]
    assert town.at_rest()


def test_an_attempt_that_the_call_centre_refuses_itself() -> None:
    town = outward()
    town.tell(GaveUp("c1", "core-channel", "server.a"), 2)
    assert town.refused() == [("server.a", "core-channel")]
    assert town.ended() == [("c1", "refused", "core-channel")]


def test_an_attempt_that_came_to_nothing_without_a_refusal_failed() -> None:
    town = outward()
    town.tell(GaveUp("c1", "no-answer", "seat.1"), 121)
    assert town.refused() == []
    assert town.ended() == [("c1", "failed", "no-answer")]


def test_a_call_that_rings_at_the_called_party_is_not_given_up_by_word_of_mouth() -> None:
    town = outward()
    town.tell(Setup("c1", "span.1", 31), 1)
    town.tell(GaveUp("c1", "no-answer", "seat.1"), 2)
    assert town.ended() == []


def test_an_order_that_nobody_carries_out_fails_in_the_end() -> None:
    town = outward()
    town.until(1 + T301 / SECOND)
    assert town.ended() == [("c1", "failed", "no-answer")]


# --- the end


def test_the_load_is_over_at_its_end_and_the_exchange_quiet_when_the_last_call_is() -> None:
    town = Town(1, load_until=30 * SECOND)
    town.talking()
    town.until(29)
    assert town.out.of(Kind.LOAD_ENDED) == []
    town.until(30)
    assert town.out.of(Kind.LOAD_ENDED) == [{"offered": 1}]
    assert not town.exchange.quiet
    town.until(62)
    assert town.exchange.quiet


def test_news_of_calls_that_are_over_change_nothing() -> None:
    town = Town(1)
    town.talking()
    town.until(62)
    said = len(town.out.said)
    for message in (
        Release("c1", "normal", "x"), Hello("c1", "seat.1"), Music("c1"),
        Sound("c1", False), GaveUp("c1", "seat", "seat.1"),
    ):  # fmt: skip
        assert town.tell(message, 70) == []
    assert len(town.out.said) == said
    assert town.at_rest()
