"""Participants of one room, made with LiveKit's SDK as an application would."""

import asyncio
import datetime
import time

from livekit import api, rtc

from sources import Camera, Tone
from waiting import SECONDS, until


class Guest:
    """One participant with what it has seen and heard."""

    def __init__(self, room):
        self.room = room
        self.data = []
        self.disconnected = []
        self.reconnected = 0
        self.video = {}
        self.audio = {}
        self._tasks = []
        self._sources = []
        room.on("data_received", self.data.append)
        room.on("disconnected", self.disconnected.append)
        room.on("reconnected", self._on_reconnected)
        room.on("track_subscribed", self._on_track)

    @property
    def me(self):
        return self.room.local_participant

    def peer(self, identity):
        return self.room.remote_participants.get(identity)

    async def publish_camera(self, width=640, height=360, fps=15, **options):
        camera = Camera(width, height, fps)
        track = rtc.LocalVideoTrack.create_video_track("camera", camera.source)
        self._sources.append(camera)
        published = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, **options)
        return await self.me.publish_track(track, published)

    async def publish_microphone(self):
        tone = Tone()
        track = rtc.LocalAudioTrack.create_audio_track("microphone", tone.source)
        self._sources.append(tone)
        published = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        return await self.me.publish_track(track, published)

    def frames(self, identity):
        """How many frames of `identity`'s video were decoded."""
        return len(self.video.get(identity, []))

    def width(self, identity):
        """The width of the newest decoded frame."""
        sizes = self.video.get(identity)
        return sizes[-1] if sizes else None

    def heard(self, identity):
        """How many audio frames with sound were decoded."""
        return self.audio.get(identity, 0)

    async def sees(self, identity, more=20):
        start = self.frames(identity)
        seen = f"{more} more frames of {identity} than {start}"
        await until(lambda: self.frames(identity) >= start + more, seen)

    async def decodes(self, identity, more=20):
        """As `sees`, but for what the SDK decoded, whether its stream hands it out or not."""
        seen = 0
        deadline = time.monotonic() + SECONDS
        while seen < more:
            assert time.monotonic() < deadline, f"{seen} frames of {identity} were decoded"
            await asyncio.sleep(0.2)
            seen = await self._decoded(identity)

    async def _decoded(self, identity):
        """Since the track was subscribed to."""
        peer = self.peer(identity)
        tracks = [publication.track for publication in peer.track_publications.values()] if peer else []
        stats = [report for track in tracks if track for report in await track.get_stats()]
        inbound = [report.inbound_rtp.inbound for report in stats if report.HasField("inbound_rtp")]
        return sum(rtp.frames_decoded for rtp in inbound)

    async def hears(self, identity, more=20):
        start = self.heard(identity)
        await until(lambda: self.heard(identity) >= start + more, f"sound of {identity}")

    async def knows(self, identity):
        return await until(lambda: self.peer(identity), f"{identity} among the participants")

    def _on_reconnected(self):
        self.reconnected += 1

    def _on_track(self, track, _publication, participant):
        watch = self._watch if track.kind == rtc.TrackKind.KIND_VIDEO else self._listen
        self._tasks.append(asyncio.create_task(watch(track, participant.identity)))

    async def _watch(self, track, identity):
        sizes = self.video.setdefault(identity, [])
        async for event in rtc.VideoStream(track):
            sizes.append(event.frame.width)

    async def _listen(self, track, identity):
        async for event in rtc.AudioStream(track):
            if any(abs(sample) > 500 for sample in event.frame.data[::16]):
                self.audio[identity] = self.audio.get(identity, 0) + 1

    async def leave(self):
        for source in self._sources:
            await source.stop()
        await self.room.disconnect()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class Party:
    def __init__(self, url, key, secret, name, single):
        self.url = url
        self.name = name
        self._key = key
        self._secret = secret
        self._single = single
        self._guests = []

    def token(self, identity, ttl=datetime.timedelta(hours=1), attributes=None, **grants):
        given = {"room_join": True, "room": self.name, "can_update_own_metadata": True, **grants}
        token = api.AccessToken(self._key, self._secret).with_identity(identity)
        token = token.with_grants(api.VideoGrants(**given)).with_ttl(ttl)
        return token.with_attributes(attributes or {}).to_jwt()

    async def join(self, identity, token=None, auto_subscribe=True, **grants):
        room = rtc.Room()
        guest = Guest(room)
        options = rtc.RoomOptions(
            auto_subscribe=auto_subscribe, single_peer_connection=self._single
        )
        await room.connect(self.url, token or self.token(identity, **grants), options)
        self._guests.append(guest)
        return guest

    async def end(self):
        await asyncio.gather(*(guest.leave() for guest in self._guests))
