"""Connections that break and come back."""

import pytest
from livekit import rtc

from waiting import until

Scenario = rtc.SimulateScenarioKind


async def test_a_lost_signal_resumes_with_the_same_participant(party):
    ann = await party.join("ann")
    bob = await party.join("bob")
    await ann.publish_camera()
    await bob.publish_camera()
    await ann.sees("bob", more=3)
    await bob.sees("ann", more=3)
    sid = bob.me.sid

    await bob.room.simulate_scenario(Scenario.SIMULATE_SIGNAL_RECONNECT)

    await until(lambda: bob.reconnected, "bob is reconnected")
    assert bob.me.sid == sid
    await bob.sees("ann")
    await ann.sees("bob")


async def test_a_full_reconnect_publishes_again(party):
    ann = await party.join("ann")
    bob = await party.join("bob")
    await ann.publish_camera()
    await bob.publish_camera()
    await ann.sees("bob", more=3)

    await bob.room.simulate_scenario(Scenario.SIMULATE_FULL_RECONNECT)

    await until(lambda: bob.reconnected, "bob is reconnected")
    await ann.sees("bob")
    # After a restart of its own, the SDK's stream at times hands out no frame of all that it decodes.
    await bob.decodes("ann")


async def test_messages_sent_during_a_resume_arrive(party):
    ann = await party.join("ann")
    bob = await party.join("bob")
    await ann.knows("bob")
    await ann.me.publish_data(b"before")
    await until(lambda: bob.data, "the first message")

    await bob.room.simulate_scenario(Scenario.SIMULATE_SIGNAL_RECONNECT)
    for number in range(10):
        await ann.me.publish_data(f"during {number}".encode())
    await until(lambda: bob.reconnected, "bob is reconnected")
    await ann.me.publish_data(b"after")

    await until(lambda: len(bob.data) >= 12, f"all twelve messages, of which {len(bob.data)}")
    assert [packet.data for packet in bob.data] == [
        b"before",
        *(f"during {number}".encode() for number in range(10)),
        b"after",
    ]


@pytest.mark.parametrize("scenario", ["SIMULATE_NODE_FAILURE", "SIMULATE_MIGRATION"])
async def test_after_the_loss_of_its_server_a_client_comes_back(party, scenario):
    ann = await party.join("ann")
    bob = await party.join("bob")
    await bob.publish_camera()
    await ann.sees("bob", more=3)

    await bob.room.simulate_scenario(Scenario.Value(scenario))

    await until(lambda: bob.reconnected, "bob is reconnected")
    await ann.sees("bob")


async def test_a_client_that_the_server_sends_away_is_disconnected(one_party):
    ann = await one_party.join("ann")

    await ann.room.simulate_scenario(Scenario.SIMULATE_SERVER_LEAVE)

    await until(lambda: ann.disconnected or ann.reconnected, "ann is away, or back")
