"""Sound and pictures: publishing, subscribing, layers, codecs."""

import pytest
from livekit import rtc

from waiting import stays, until


async def test_two_people_see_and_hear_each_other(party):
    ann = await party.join("ann")
    bob = await party.join("bob")

    for guest in (ann, bob):
        await guest.publish_camera()
        await guest.publish_microphone()

    await ann.sees("bob")
    await bob.sees("ann")
    await ann.hears("bob")
    await bob.hears("ann")


async def test_who_comes_late_sees_what_was_published_before(party):
    ann = await party.join("ann")
    await ann.publish_camera()
    await ann.publish_microphone()

    bob = await party.join("bob")

    await bob.sees("ann")
    await bob.hears("ann")


async def test_a_muted_track_is_muted_for_others_and_comes_back(party):
    ann = await party.join("ann")
    bob = await party.join("bob")
    publication = await ann.publish_camera()
    await bob.sees("ann")

    publication.track.mute()
    there = bob.peer("ann").track_publications[publication.sid]
    await until(lambda: there.muted, "ann's camera is muted for bob")
    publication.track.unmute()

    await until(lambda: not there.muted, "ann's camera is not muted for bob")
    await bob.sees("ann")


async def test_an_unsubscribed_track_stops_and_a_resubscribed_one_goes_on(party):
    ann = await party.join("ann")
    bob = await party.join("bob")
    publication = await ann.publish_camera()
    await bob.sees("ann")
    there = bob.peer("ann").track_publications[publication.sid]

    there.set_subscribed(False)
    await until(lambda: there.track is None, "bob is unsubscribed")
    seen = bob.frames("ann")
    await stays(lambda: bob.frames("ann") <= seen + 2, "no frames while unsubscribed")
    there.set_subscribed(True)

    await bob.sees("ann")


async def test_an_unpublished_track_disappears(party):
    ann = await party.join("ann")
    bob = await party.join("bob")
    publication = await ann.publish_camera()
    await bob.sees("ann", more=3)

    await ann.me.unpublish_track(publication.sid)

    await until(
        lambda: publication.sid not in bob.peer("ann").track_publications,
        "ann's camera is gone for bob",
    )


async def test_nothing_is_sent_without_a_subscription(party):
    ann = await party.join("ann")
    bob = await party.join("bob", auto_subscribe=False)
    publication = await ann.publish_camera()
    await until(
        lambda: publication.sid in publications(bob, "ann"),
        "ann's camera is known to bob",
    )
    await stays(lambda: bob.frames("ann") == 0, "no frames without a subscription")

    bob.peer("ann").track_publications[publication.sid].set_subscribed(True)

    await bob.sees("ann")


async def test_a_lower_quality_lowers_the_resolution_and_a_higher_raises_it(party):
    ann = await party.join("ann")
    bob = await party.join("bob")
    publication = await ann.publish_camera(
        1280, 720, simulcast=True, video_codec=rtc.VideoCodec.VP8
    )
    await until(lambda: bob.width("ann") == 1280, "the full width")
    there = bob.peer("ann").track_publications[publication.sid]

    there.set_video_quality(rtc.VideoQuality.VIDEO_QUALITY_LOW)
    await until(lambda: bob.width("ann") <= 320, "the low layer's width")
    there.set_video_quality(rtc.VideoQuality.VIDEO_QUALITY_HIGH)

    await until(lambda: bob.width("ann") == 1280, "the full width again")


@pytest.mark.parametrize("codec", ["VP9", "AV1"])
async def test_svc_decodes_and_a_lower_quality_lowers_the_resolution(one_party, codec):
    ann = await one_party.join("ann")
    bob = await one_party.join("bob")
    publication = await ann.publish_camera(
        1280,
        720,
        10,
        simulcast=False,
        video_codec=rtc.VideoCodec.Value(codec),
        scalability_mode="L3T3_KEY",
    )
    await until(lambda: bob.width("ann") == 1280, "the full width")
    there = bob.peer("ann").track_publications[publication.sid]

    there.set_video_quality(rtc.VideoQuality.VIDEO_QUALITY_LOW)

    await until(lambda: bob.width("ann") <= 320, "the low layer's width")


async def test_h264_decodes(one_party):
    ann = await one_party.join("ann")
    bob = await one_party.join("bob")

    await ann.publish_camera(video_codec=rtc.VideoCodec.H264, simulcast=False)

    await bob.sees("ann")
    publication = next(iter(bob.peer("ann").track_publications.values()))
    assert publication.mime_type.lower() == "video/h264"


async def test_a_speaker_is_announced(party):
    ann = await party.join("ann")
    bob = await party.join("bob")
    speaking = []
    bob.room.on("active_speakers_changed", speaking.extend)

    await ann.publish_microphone()

    await until(lambda: any(who.identity == "ann" for who in speaking), "ann speaks")


def publications(guest, identity):
    peer = guest.peer(identity)
    return peer.track_publications if peer else {}
