"""Who is there, as what, and who may not be."""

import datetime

import pytest
from livekit import rtc
from livekit.rtc.participant import PublishTrackError

from waiting import until


async def test_people_come_and_go(party):
    ann = await party.join("ann")
    bob = await party.join("bob")
    await ann.knows("bob")
    await bob.knows("ann")

    await bob.leave()

    await until(lambda: ann.peer("bob") is None, "bob is gone")


async def test_name_metadata_and_attributes_change_for_everybody(party):
    ann = await party.join("ann", attributes={"role": "host", "hand": "down"})
    bob = await party.join("bob")
    there = await bob.knows("ann")
    assert there.attributes["role"] == "host"

    await ann.me.set_name("Ann")
    await ann.me.set_metadata("m")
    await ann.me.set_attributes({"hand": "up", "role": ""})

    await until(
        lambda: (there.name, there.metadata, there.attributes) == ("Ann", "m", {"hand": "up"}),
        "what ann changed",
    )


async def test_the_second_of_one_identity_replaces_the_first(party):
    first = await party.join("ann")
    bob = await party.join("bob")
    await bob.knows("ann")

    second = await party.join("ann")

    await until(lambda: first.disconnected, "the first is sent away")
    assert first.disconnected == [rtc.DisconnectReason.DUPLICATE_IDENTITY]
    await until(lambda: bob.peer("ann") and bob.peer("ann").sid == second.me.sid, "the second ann")


@pytest.mark.parametrize(
    "token",
    ["", "nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."],
)
async def test_a_malformed_token_is_refused(party, token):
    with pytest.raises(rtc.ConnectError):
        await party.join("ann", token=token or "x")


async def test_an_expired_token_is_refused(party):
    token = party.token("ann", ttl=datetime.timedelta(minutes=-10))

    with pytest.raises(rtc.ConnectError):
        await party.join("ann", token=token)


async def test_a_token_without_the_grant_to_join_is_refused(party):
    with pytest.raises(rtc.ConnectError):
        await party.join("ann", room_join=False)


async def test_a_token_cannot_name_a_room_of_a_meeting(party):
    with pytest.raises(rtc.ConnectError):
        await party.join("ann", room="meeting:0190b5c8-7f6e-7000-8000-000000000001")


async def test_who_may_not_publish_is_refused(party):
    ann = await party.join("ann", can_publish=False)

    with pytest.raises(PublishTrackError):
        await ann.publish_camera()


async def test_who_may_publish_only_sound_shows_no_camera(party):
    ann = await party.join("ann", can_publish_sources=["microphone"])
    bob = await party.join("bob")

    with pytest.raises(PublishTrackError):
        await ann.publish_camera()
    await ann.publish_microphone()

    await bob.hears("ann")


async def test_a_hidden_participant_is_told_to_nobody(party):
    bob = await party.join("bob")
    ghost = await party.join("ghost", hidden=True)
    ann = await party.join("ann")

    await bob.knows("ann")
    await ghost.knows("bob")

    assert bob.peer("ghost") is None and ann.peer("ghost") is None
