"""Data: packets, remote procedure calls, text streams. What is addressed reaches nobody else."""

import asyncio

import pytest
from livekit import rtc

from waiting import stays, until


async def three(party):
    guests = [await party.join(name) for name in ("ann", "bob", "eve")]
    for guest in guests:
        for name in ("ann", "bob", "eve"):
            if guest.me.identity != name:
                await guest.knows(name)
    return guests


@pytest.mark.parametrize("reliable", [True, False])
async def test_data_reaches_everybody_but_its_sender(party, reliable):
    ann, bob, eve = await three(party)

    async def received():
        # A lossy packet may be lost before the receiver's channel is open.
        await ann.me.publish_data(b"to all", reliable=reliable, topic="t")
        await asyncio.sleep(0.2)
        return bob.data and eve.data

    for _ in range(50):
        if await received():
            break

    for guest in (bob, eve):
        packet = guest.data[0]
        assert (packet.data, packet.topic, packet.participant.identity) == (b"to all", "t", "ann")
    assert not ann.data


@pytest.mark.parametrize("reliable", [True, False])
async def test_an_addressed_message_reaches_nobody_else(party, reliable):
    ann, bob, eve = await three(party)

    for _ in range(50):
        await ann.me.publish_data(
            b"for bob alone", reliable=reliable, destination_identities=["bob"]
        )
        await asyncio.sleep(0.1)
        if bob.data:
            break

    assert bob.data[0].data == b"for bob alone"
    # Proves that eve's channel works, so that her silence before means something.
    await ann.me.publish_data(b"for eve", destination_identities=["eve"])
    await until(lambda: eve.data, "eve's own message")
    assert [packet.data for packet in eve.data] == [b"for eve"]


async def test_reliable_messages_keep_their_order(party):
    ann, bob, _eve = await three(party)

    for number in range(100):
        await ann.me.publish_data(str(number).encode())

    await until(lambda: len(bob.data) == 100, "all hundred messages")
    assert [int(packet.data) for packet in bob.data] == list(range(100))


async def test_a_remote_procedure_is_called_and_answers(party):
    ann, bob, eve = await three(party)
    called_at_eve = []
    bob.me.register_rpc_method("greet", greet)
    eve.me.register_rpc_method("greet", called_at_eve.append)

    answer = await ann.me.perform_rpc(destination_identity="bob", method="greet", payload="Ann")

    assert answer == "Hello, Ann"
    assert not called_at_eve


async def test_an_unknown_procedure_is_an_error(one_party):
    ann, _bob, _eve = await three(one_party)

    with pytest.raises(rtc.RpcError) as error:
        await ann.me.perform_rpc(destination_identity="bob", method="missing", payload="")

    assert error.value.code == rtc.RpcError.ErrorCode.UNSUPPORTED_METHOD


async def test_a_long_text_arrives_whole_and_only_where_it_is_sent(party):
    ann, bob, eve = await three(party)
    texts, overheard = [], []
    bob.room.register_text_stream_handler("chat", collect(texts))
    eve.room.register_text_stream_handler("chat", collect(overheard))
    text = "Grüße! " * 8_000

    await ann.me.send_text(text, topic="chat", destination_identities=["bob"])

    await until(lambda: texts, "the text")
    assert texts == [text]
    await stays(lambda: not overheard, "eve hears nothing", 0.5)


async def test_who_may_not_send_data_is_not_heard(one_party):
    ann = await one_party.join("ann", can_publish_data=False)
    bob = await one_party.join("bob")
    await ann.knows("bob")

    await ann.me.publish_data(b"smuggled")

    await stays(lambda: not bob.data, "nothing arrives", 1.5)


async def greet(invocation):
    return f"Hello, {invocation.payload}"


def collect(texts):
    def handler(reader, _identity):
        async def read():
            texts.append(await reader.read_all())

        asyncio.create_task(read())

    return handler
