"""Messages are put together from any pieces, and what is no message is not waited for."""

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnntui.engine.channel import Bell, Inbox, Tag, decode, encode, send


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Tag), st.binary(max_size=300)), max_size=5), st.integers(1, 40))
def test_messages_survive_any_cutting(messages: list[tuple[Tag, bytes]], size: int):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for tag, body in messages:
            send(theirs, tag, body)
        theirs.shutdown(socket.SHUT_WR)
        everything = b"".join(iter(lambda: ours.recv(65536), b""))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        inbox, got = Inbox(ours), []
        for start in range(0, len(everything), size):
            theirs.sendall(everything[start : start + size])
            ours.setblocking(False)
            while True:
                try:
                    message = inbox.read()
                except BlockingIOError:
                    break
                if message is not None:
                    got.append((message[0], bytes(message[1])))
    assert got == messages


def test_the_end_in_the_middle_of_a_message_is_an_end():
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            theirs.sendall(b"\x04\x00\x00\x00\x00\x00\x00\x00\x09half")
        with pytest.raises(EOFError):
            Inbox(ours).wait()


@pytest.mark.parametrize("garbage", [b"\x00" * 9, b"\x63" + b"\x00" * 8, b"\x04" + b"\xff" * 8])
def test_garbage_is_refused_before_memory_is_set_aside_for_it(garbage: bytes):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(garbage)
        with pytest.raises(ConnectionError):
            Inbox(ours).wait()


@given(st.text(st.characters(exclude_categories=[])))
def test_every_sentence_survives(sentence: str):
    assert decode(memoryview(encode(sentence))) == sentence


def test_a_bell_can_be_rung_any_number_of_times_and_after_its_end():
    bell = Bell()
    for _ in range(10_000):
        bell.ring()
    bell.hush()
    bell.close()
    bell.ring()
    bell.hush()
