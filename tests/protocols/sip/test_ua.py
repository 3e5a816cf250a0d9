"""Two user agents, or one and a peer that a test plays, on a network in virtual time."""

from random import Random

import pytest

from simtel.core.clock import SECOND
from simtel.protocols.sip.leg import WISHES, Leg, State, Wish
from simtel.protocols.sip.message import Request, Response
from simtel.protocols.sip.ua import UserAgent
from tests.protocols.sip.network import Address, Agent, Network, Party, title


class Peer(Party):
    """A peer of which the test says each word."""

    def ask(
        self,
        agent: Agent,
        method: str,
        *,
        to_tag: str = "",
        seq: int = 1,
        branch: str = "",
        uri: str = "sip:1000@127.0.0.1",
        more: tuple[tuple[str, str], ...] = (),
        call: str = "c1",
        body: bytes = b"",
    ) -> Response | None:
        """Send a request; the last answer that came within a second."""
        tag = f";tag={to_tag}" if to_tag else ""
        request = Request.build(method, uri, [
            ("Via", f"SIP/2.0/UDP 127.0.0.1:{self.address[1]};branch=z9hG4bK{branch or f'{method}{seq}'}"),
            ("Max-Forwards", "70"), ("From", "<sip:peer@127.0.0.1>;tag=p"), ("To", f"<sip:1000@127.0.0.1>{tag}"),
            ("Call-ID", call), ("CSeq", f"{seq} {method}"), ("Contact", f"<sip:peer@127.0.0.1:{self.address[1]}>"),
            *more,
        ], body)  # fmt: skip
        known = len(self.heard)
        self.send(request.to_bytes(), agent.address)
        self.network.run(self.network.now / SECOND + 1)
        answers = [m for m in self.heard[known:] if isinstance(m, Response)]
        return answers[-1] if answers else None

    def answer(self, request: Request, status: int, tag: str) -> None:
        contact = ("Contact", f"<sip:peer@127.0.0.1:{self.address[1]}>")
        self.send(Response.build(request, status, None, [contact], to_tag=tag).to_bytes(), ("127.0.0.1", 1))

    def request(self, method: str) -> Request:
        return next(m for m in self.heard if isinstance(m, Request) and m.method == method)


@pytest.fixture
def net() -> Network:
    return Network()


@pytest.fixture
def alice(net: Network) -> Agent:
    return Agent(net, 1)


@pytest.fixture
def peer(net: Network) -> Peer:
    return Peer(net, 9)


def test_a_call_is_made_taken_and_hung_up(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2)
    leg = alice.call(bob, b"offer")
    net.run(1)
    assert (leg.state, leg.body, bob.legs[0].body) == (State.UP, b"answer", b"offer")
    alice.ua.hang_up(leg, net.now)
    net.run(2)
    assert net.titles() == ["INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"]
    assert alice.heard_of() == ["answered", "ended 0 hang-up"]
    assert bob.heard_of() == ["offered", "answered", "ended 0 bye"]
    net.run(100)
    assert alice.idle()
    assert bob.idle()


def test_the_callee_hangs_up(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2)
    alice.call(bob)
    net.run(1)
    bob.ua.hang_up(bob.legs[0], net.now)
    net.run(2)
    assert alice.heard_of()[-1] == "ended 0 bye"
    assert bob.heard_of()[-1] == "ended 0 hang-up"


def test_a_call_is_refused(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2, "refuse")
    alice.call(bob)
    net.run(100)
    assert net.titles() == ["INVITE", "486 INVITE", "ACK"]
    assert alice.heard_of() == ["ended 486 refused"]
    assert alice.idle()
    assert bob.idle()


def test_a_call_that_rings_is_taken_back(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2, "ring")
    leg = alice.call(bob)
    net.run(1)
    assert (leg.state, leg.rang) == (State.EARLY, 20_000_000)
    alice.ua.hang_up(leg, net.now)
    net.run(100)
    assert net.titles() == ["INVITE", "180 INVITE", "CANCEL", "200 CANCEL", "487 INVITE", "ACK"]
    assert alice.heard_of()[-1] == "ended 487 cancel"
    assert bob.heard_of() == ["offered", "ended 487 cancel"]
    assert alice.idle()
    assert bob.idle()


def test_no_cancel_before_a_provisional_answer(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2, "wait")  # 100 comes after 200 ms
    alice.ua.hang_up(alice.call(bob), net.now)
    net.run(0.1)
    assert "CANCEL" not in net.titles()
    net.run(100)
    assert alice.heard_of() == ["ended 487 cancel"]


def test_a_2xx_that_crosses_the_cancel_is_hung_up(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2, "ring")
    leg = alice.call(bob)
    net.run(1)
    alice.ua.hang_up(leg, net.now)
    bob.wish(bob.legs[0], Wish.ACCEPT)
    net.run(100)
    assert "answered" not in alice.heard_of()
    assert alice.heard_of()[-1] == "ended 0 hang-up"
    assert bob.heard_of()[-1] == "ended 0 bye"
    assert alice.idle()
    assert bob.idle()


def test_a_cancel_that_ends_nothing_is_given_up(net: Network, alice: Agent, peer: Peer) -> None:
    leg = alice.call(peer)
    net.run(1)
    peer.answer(peer.request("INVITE"), 180, "x")
    net.run(2)
    alice.ua.hang_up(leg, net.now)
    net.run(33.9)
    assert leg.state is State.CANCELLING
    net.run(34.1)
    assert alice.told[-1] == (34, "ended 487 cancel")


def test_nobody_answers(net: Network, alice: Agent) -> None:
    net.fate = lambda *_: 0
    alice.call(Agent(net, 2))
    net.run(100)
    assert alice.told == [(32, "ended 408 timeout")]
    assert alice.ua.transactions.repeated == 6
    assert alice.idle()


def test_a_2xx_is_repeated_until_its_ack_comes_and_each_gets_one(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2)
    lost = [2]

    def fate(source: Address, to: Address, data: bytes) -> int:
        if title(data) == "ACK" and lost[0]:
            lost[0] -= 1
            return 0
        return 1

    net.fate = fate
    alice.call(bob)
    net.run(10)
    assert net.when("200 INVITE") == pytest.approx((0.01, 0.51, 1.51))
    assert net.when("ACK") == pytest.approx((0.02, 0.52, 1.52))
    assert bob.heard_of() == ["offered", "answered"]
    assert alice.heard_of() == ["answered"]


def test_without_ack_the_callee_hangs_up_after_64_t1(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2)
    net.fate = lambda _source, _to, data: title(data) != "ACK"
    alice.call(bob)
    net.run(200)
    assert bob.told[-1] == (32.01, "ended 0 no-ack")
    assert alice.heard_of() == ["answered", "ended 0 bye"]
    assert net.when("200 INVITE")[-1] == pytest.approx(31.51)
    assert bob.idle()
    assert alice.idle()


def test_a_callee_who_hangs_up_before_the_ack_waits_for_it(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2)
    alice.call(bob)
    net.run(0.015)
    bob.ua.hang_up(bob.legs[0], net.now)
    net.run(1)
    assert net.titles() == ["INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"]


def test_of_a_forked_invite_the_first_2xx_is_the_call_and_others_are_hung_up(
    net: Network, alice: Agent, peer: Peer
) -> None:
    leg = alice.call(peer)
    net.run(0.1)
    invite = peer.request("INVITE")
    for status, tag in ((180, "a"), (180, "b"), (200, "b"), (200, "a"), (200, "b")):
        peer.answer(invite, status, tag)
    net.run(0.3)
    assert leg.state is State.UP
    assert leg.dialog is not None
    assert leg.dialog.remote_tag == b"b"
    asked = [(m.method, m.to.tag) for m in peer.heard if isinstance(m, Request)]
    assert asked == [("INVITE", b""), ("ACK", b"b"), ("ACK", b"a"), ("BYE", b"a"), ("ACK", b"b")]
    assert alice.heard_of() == ["progressed 180", "progressed 180", "answered"]


def test_a_2xx_that_comes_when_the_transaction_is_over_still_gets_its_ack(
    net: Network, alice: Agent, peer: Peer
) -> None:
    alice.call(peer)
    net.run(0.1)
    invite = peer.request("INVITE")
    peer.answer(invite, 200, "a")
    net.run(60)
    assert len(alice.ua.transactions) == 0
    peer.answer(invite, 200, "a")
    net.run(61)
    assert [m.method for m in peer.heard if isinstance(m, Request)] == ["INVITE", "ACK", "ACK"]


def test_a_reinvite_changes_the_session(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2)
    leg = alice.call(bob, b"offer")
    net.run(1)
    assert alice.wish(leg, Wish.REINVITE, body=b"other")
    net.run(2)
    assert net.titles()[3:] == ["INVITE", "200 INVITE", "ACK"]
    assert (leg.body, bob.legs[0].body, bob.heard_of()[-1]) == (b"answer to other", b"other", "changed")
    assert (leg.asking, bob.legs[0].asked) == (False, False)


def test_reinvites_that_meet_get_491_and_the_call_lives_on(net: Network, alice: Agent) -> None:
    bob = Agent(net, 2)
    leg = alice.call(bob)
    net.run(1)
    alice.wish(leg, Wish.REINVITE, body=b"one")
    bob.wish(bob.legs[0], Wish.REINVITE, body=b"two")
    net.run(5)
    assert net.titles().count("491 INVITE") == 2
    assert (leg.state, bob.legs[0].state) == (State.UP, State.UP)
    assert "changed" not in alice.heard_of() + bob.heard_of()


def test_481_to_a_request_within_it_ends_the_call(net: Network, alice: Agent, peer: Peer) -> None:
    leg = alice.call(peer)
    net.run(0.1)
    peer.answer(peer.request("INVITE"), 200, "a")
    net.run(0.2)
    alice.wish(leg, Wish.REINVITE, body=b"x")
    net.run(0.3)
    again = next(m for m in reversed(peer.heard) if isinstance(m, Request))
    assert again.cseq == (2, "INVITE")
    peer.answer(again, 481, "a")
    net.run(0.4)
    assert alice.heard_of()[-1] == "ended 0 gone"


@pytest.mark.parametrize(
    ("method", "to_tag", "uri", "more", "status", "header"),
    [
        ("OPTIONS", "", "sip:x@h", (), 200, "allow"),
        ("INFO", "", "sip:x@h", (), 405, "allow"),
        ("REGISTER", "", "sip:x@h", (), 405, "allow"),
        ("DANCE", "", "sip:x@h", (), 501, ""),
        ("BYE", "", "sip:x@h", (), 481, ""),
        ("BYE", "unknown", "sip:x@h", (), 481, ""),
        ("INVITE", "unknown", "sip:x@h", (), 481, ""),
        ("CANCEL", "", "sip:x@h", (), 481, ""),
        ("INVITE", "", "mailto:x@h", (), 416, ""),
        ("INVITE", "", "sip:x@h", (("Require", "100rel, flying"),), 420, "unsupported"),
    ],
)  # fmt: skip
def test_what_needs_no_user_is_answered_at_once(
    alice: Agent, peer: Peer, method: str, to_tag: str, uri: str, more: tuple[tuple[str, str], ...], status: int,
    header: str,
) -> None:  # fmt: skip
    answer = peer.ask(alice, method, to_tag=to_tag, uri=uri, more=more)
    assert answer is not None
    assert answer.status == status
    assert answer.to.tag
    if header:
        assert answer.first(header)
    assert alice.heard_of() == []


def test_a_request_that_came_by_two_ways_gets_482(alice: Agent, peer: Peer) -> None:
    alice.takes = "ring"
    first = peer.ask(alice, "INVITE", branch="one")
    second = peer.ask(alice, "INVITE", branch="two")
    assert first is not None
    assert second is not None
    assert (first.status, second.status, alice.heard_of()) == (180, 482, ["offered"])


def test_a_repeated_request_is_the_same_request(alice: Agent, peer: Peer) -> None:
    alice.takes = "ring"
    for _ in range(3):
        answer = peer.ask(alice, "INVITE")
        assert answer is not None
        assert answer.status == 180
    assert alice.heard_of() == ["offered"]
    assert alice.ua.transactions.repeated == 2


def test_a_request_whose_number_has_passed_gets_500(alice: Agent, peer: Peer) -> None:
    answer = peer.ask(alice, "INVITE", seq=7)
    assert answer is not None
    tag = answer.to.tag.decode()
    peer.ask(alice, "ACK", seq=7, to_tag=tag)
    late, right = peer.ask(alice, "OPTIONS", seq=6, to_tag=tag), peer.ask(alice, "OPTIONS", seq=8, to_tag=tag)
    assert late is not None
    assert right is not None
    assert (late.status, right.status) == (500, 200)


def test_update_changes_the_session_without_ack(alice: Agent, peer: Peer) -> None:
    answer = peer.ask(alice, "INVITE")
    assert answer is not None
    tag = answer.to.tag.decode()
    peer.ask(alice, "ACK", to_tag=tag)
    changed = peer.ask(alice, "UPDATE", seq=2, to_tag=tag, body=b"new")
    assert changed is not None
    assert (changed.status, changed.body, alice.heard_of()[-1]) == (200, b"answer to new", "changed")


def test_a_bye_before_the_answer_ends_the_invite_too(alice: Agent, peer: Peer) -> None:
    alice.takes = "ring"
    answer = peer.ask(alice, "INVITE")
    assert answer is not None
    peer.ask(alice, "BYE", seq=2, to_tag=answer.to.tag.decode())
    statuses = [(m.status, m.cseq[1]) for m in peer.heard if isinstance(m, Response)]
    assert statuses[:3] == [(180, "INVITE"), (200, "BYE"), (487, "INVITE")]
    assert alice.heard_of()[-1] == "ended 0 bye"


REST = b"From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n"
VIA = b"Via: SIP/2.0/UDP h:9;branch=z9hG4bK1\r\n"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"INVITE sip:a SIP/3.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n" + REST, 505),
        (b"BYE sip:a SIP/2.0\r\n" + VIA + REST, 400),
        (b"ACK sip:a SIP/2.0\r\n" + VIA + REST, None),
        (b"SIP/2.0 200 OK\r\nVia: x\r\n\r\n", None),
        (b"\x00\xff nonsense", None),
        (b"\r\n\r\n", None),
    ],
)
def test_what_cannot_be_read_is_answered_if_it_can_be_and_leaves_nothing(
    net: Network, alice: Agent, data: bytes, status: int | None
) -> None:
    peers = [Peer(net, 9), Peer(net, 5060)]
    alice.hear(data, ("127.0.0.1", 9))
    net.run(1)
    answers = [m.status for peer in peers for m in peer.heard if isinstance(m, Response)]
    assert answers == ([status] if status is not None else [])
    assert sum(alice.ua.rejected.values()) == (1 if data.strip() else 0)
    assert alice.idle()


@pytest.mark.parametrize("seed", range(12))
def test_on_a_bad_network_both_ends_agree_and_nothing_is_left(net: Network, alice: Agent, seed: int) -> None:
    random = Random(seed)
    net.fate = lambda *_: random.choices((0, 1, 2), (3, 6, 1))[0]
    bob = Agent(net, 2)
    legs = [alice.call(bob) for _ in range(20)]
    net.run(40)
    up = sum(leg.state is State.UP for leg in legs)
    assert up > 0
    for leg in legs:
        alice.ua.hang_up(leg, net.now)
    net.run(400)
    assert len([what for what in alice.heard_of() if what.startswith("ended")]) == 20
    assert alice.idle()
    assert bob.idle()


def test_each_wish_of_the_table_has_its_action() -> None:
    assert {action for action in WISHES.values() if not hasattr(UserAgent, f"_{action}")} == set()
    assert {wish for _, wish in WISHES} == set(Wish)
    assert Leg(state=State.OVER).early is not Leg(state=State.OVER).early
