"""The server API over protobuf: LiveKit's RoomService."""

import pytest
from livekit import api, rtc
from livekit.rtc.participant import PublishTrackError

from waiting import until


async def test_a_room_is_made_listed_changed_and_deleted(one_party, server_api):
    rooms = server_api.room
    made = await rooms.create_room(
        api.CreateRoomRequest(name=one_party.name, empty_timeout=60, metadata="first")
    )
    again = await rooms.create_room(api.CreateRoomRequest(name=one_party.name))
    assert made.sid.startswith("RM_") and again.sid == made.sid

    changed = await rooms.update_room_metadata(
        api.UpdateRoomMetadataRequest(room=one_party.name, metadata="second")
    )
    listed = await rooms.list_rooms(api.ListRoomsRequest(names=[one_party.name]))
    assert changed.metadata == "second"
    assert [(room.sid, room.metadata) for room in listed.rooms] == [(made.sid, "second")]

    ann = await one_party.join("ann")
    assert ann.room.metadata == "second"
    await rooms.delete_room(api.DeleteRoomRequest(room=one_party.name))

    await until(lambda: ann.disconnected, "ann is sent away")
    assert ann.disconnected == [rtc.DisconnectReason.ROOM_DELETED]
    gone = await rooms.list_rooms(api.ListRoomsRequest(names=[one_party.name]))
    assert not gone.rooms


async def test_rooms_of_all_threads_are_listed(one_party, server_api):
    names = {f"{one_party.name}-{number}" for number in range(16)}
    for name in names:
        await server_api.room.create_room(api.CreateRoomRequest(name=name))

    listed = await server_api.room.list_rooms(api.ListRoomsRequest())

    assert names <= {room.name for room in listed.rooms}
    for name in names:
        await server_api.room.delete_room(api.DeleteRoomRequest(room=name))


async def test_participants_are_listed_and_removed(one_party, server_api):
    ann = await one_party.join("ann")
    bob = await one_party.join("bob")
    await ann.knows("bob")
    there = api.RoomParticipantIdentity(room=one_party.name, identity="bob")

    listed = await server_api.room.list_participants(
        api.ListParticipantsRequest(room=one_party.name)
    )
    found = await server_api.room.get_participant(there)
    assert {info.identity for info in listed.participants} == {"ann", "bob"}
    assert found.sid == bob.me.sid

    await server_api.room.remove_participant(there)

    await until(lambda: bob.disconnected, "bob is sent away")
    assert bob.disconnected == [rtc.DisconnectReason.PARTICIPANT_REMOVED]
    await until(lambda: ann.peer("bob") is None, "bob is gone for ann")


async def test_a_track_is_muted_and_not_unmuted_from_afar(one_party, server_api):
    ann = await one_party.join("ann")
    bob = await one_party.join("bob")
    publication = await ann.publish_microphone()
    await bob.hears("ann")
    request = api.MuteRoomTrackRequest(
        room=one_party.name, identity="ann", track_sid=publication.sid, muted=True
    )

    answer = await server_api.room.mute_published_track(request)

    assert answer.track.muted
    there = bob.peer("ann").track_publications[publication.sid]
    await until(lambda: there.muted, "ann is muted for bob")
    await until(lambda: publication.muted, "ann knows that she is muted")
    request.muted = False
    with pytest.raises(api.TwirpError) as refused:
        await server_api.room.mute_published_track(request)
    assert refused.value.status == 412


async def test_a_permission_that_is_taken_ends_the_track(one_party, server_api):
    ann = await one_party.join("ann")
    bob = await one_party.join("bob")
    publication = await ann.publish_camera()
    await bob.sees("ann", more=3)

    updated = await server_api.room.update_participant(
        api.UpdateParticipantRequest(
            room=one_party.name,
            identity="ann",
            permission=api.ParticipantPermission(
                can_subscribe=True, can_publish=False, can_publish_data=True
            ),
            metadata="demoted",
        )
    )

    assert not updated.permission.can_publish and updated.metadata == "demoted"
    await until(
        lambda: publication.sid not in bob.peer("ann").track_publications,
        "ann's camera is gone for bob",
    )
    with pytest.raises(PublishTrackError):
        await ann.publish_microphone()


async def test_the_server_subscribes_and_sends_data(one_party, server_api):
    ann = await one_party.join("ann")
    bob = await one_party.join("bob", auto_subscribe=False)
    eve = await one_party.join("eve")
    publication = await ann.publish_camera()
    await until(lambda: eve.frames("ann"), "ann's camera is published")

    await server_api.room.update_subscriptions(
        api.UpdateSubscriptionsRequest(
            room=one_party.name, identity="bob", track_sids=[publication.sid], subscribe=True
        )
    )
    await server_api.room.send_data(
        api.SendDataRequest(
            room=one_party.name,
            data=b"from the server",
            kind=0,
            destination_identities=["bob"],
            topic="news",
        )
    )

    await bob.sees("ann", more=3)
    await until(lambda: bob.data, "the server's message")
    assert (bob.data[0].data, bob.data[0].topic) == (b"from the server", "news")
    assert not eve.data


async def test_what_is_not_there_is_not_found(one_party, server_api):
    for request in (
        server_api.room.delete_room(api.DeleteRoomRequest(room=one_party.name)),
        server_api.room.get_participant(
            api.RoomParticipantIdentity(room=one_party.name, identity="nobody")
        ),
        server_api.room.list_participants(api.ListParticipantsRequest(room=one_party.name)),
    ):
        with pytest.raises(api.TwirpError) as refused:
            await request
        assert (refused.value.code, refused.value.status) == ("not_found", 404)


async def test_a_wrong_secret_is_refused(one_party):
    client = api.LiveKitAPI(one_party.url, "devkey", "a wrong secret of thirty-two characters")

    with pytest.raises(api.TwirpError) as refused:
        await client.room.list_rooms(api.ListRoomsRequest())

    assert (refused.value.code, refused.value.status) == ("unauthenticated", 401)
    await client.aclose()


async def test_what_is_not_offered_says_so(one_party, server_api):
    await server_api.room.create_room(api.CreateRoomRequest(name=one_party.name))

    with pytest.raises(api.TwirpError) as moving:
        await server_api.room.move_participant(
            api.MoveParticipantRequest(
                room=one_party.name, identity="ann", destination_room="elsewhere"
            )
        )
    with pytest.raises(api.TwirpError) as egress:
        await server_api.egress.list_egress(api.ListEgressRequest())

    assert moving.value.code == "unimplemented"
    assert (egress.value.code, egress.value.status) == ("bad_route", 404)
