// Participants that live in this page, driven from outside by name: guests.<method>(name, …).
// Everything that goes in and out is plain data.

const LiveKit = globalThis.LivekitClient;
const { Room, RoomEvent, VideoPreset, VideoQuality } = LiveKit;

/** All peer connections that this page ever made, for what the SDK does not tell. */
const connections = [];
globalThis.RTCPeerConnection = class extends globalThis.RTCPeerConnection {
  constructor(...parameters) {
    super(...parameters);
    connections.push(this);
  }
};

const rooms = new Map();
const seen = new Map();

async function join(name, url, token, options = {}) {
  const room = new Room(options);
  const events = { data: [], texts: [], disconnected: [], states: [], speakers: [] };
  seen.set(name, events);
  room
    .on(RoomEvent.DataReceived, (payload, from, _kind, topic) => {
      events.data.push({ text: new TextDecoder().decode(payload), from: from?.identity, topic });
    })
    .on(RoomEvent.Disconnected, (reason) => events.disconnected.push(reason))
    .on(RoomEvent.SignalReconnecting, () => events.states.push("signalReconnecting"))
    .on(RoomEvent.Reconnecting, () => events.states.push("reconnecting"))
    .on(RoomEvent.Reconnected, () => events.states.push("reconnected"))
    .on(RoomEvent.ActiveSpeakersChanged, (speakers) =>
      events.speakers.push(...speakers.map((speaker) => speaker.identity)),
    )
    .on(RoomEvent.TrackSubscribed, (track) => {
      // Not muted: Chromium measures the loudness after the element's volume.
      const element = track.attach();
      document.body.append(element);
      countShown(element);
    })
    .on(RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((it) => it.remove()));
  room.registerTextStreamHandler("chat", async (reader) => {
    events.texts.push(await reader.readAll());
  });
  room.registerRpcMethod("greet", async ({ payload }) => `Hello, ${payload}`);
  rooms.set(name, room);
  try {
    await room.connect(url, token);
  } catch (error) {
    return { error: error.name, reason: error.reasonName ?? error.reason, status: error.status };
  }
  return { sid: room.localParticipant.sid };
}

/** Decoding is not showing: a receiver that was used before can do the one without the other. */
function countShown(element) {
  element.framesShown = 0;
  const count = () => {
    element.framesShown += 1;
    element.requestVideoFrameCallback?.(count);
  };
  element.requestVideoFrameCallback?.(count);
}

async function leave(name) {
  await rooms.get(name)?.disconnect();
  rooms.delete(name);
}

/** The fake device's picture in 720p. */
async function publishCamera(name, { codec, simulcast = true, scalabilityMode, backup = false } = {}) {
  const { localParticipant } = rooms.get(name);
  const publication = await localParticipant.setCameraEnabled(
    true,
    { resolution: { width: 1280, height: 720, frameRate: 15 } },
    {
      videoCodec: codec,
      simulcast,
      scalabilityMode,
      // Which layer somebody gets is the server's affair here, and a slow machine sends fewer pictures, never smaller ones.
      degradationPreference: "maintain-resolution",
      backupCodec: backup,
      // Little, so that an estimate that climbs slowly soon has room for all layers. Chromium
      // leaves out the largest of VP9 below 723 kbit/s.
      videoEncoding: { maxBitrate: 1_000_000, maxFramerate: 15 },
      videoSimulcastLayers: [
        new VideoPreset(320, 180, 100_000, 15),
        new VideoPreset(640, 360, 250_000, 15),
      ],
    },
  );
  return publication.trackSid;
}

async function publishMicrophone(name) {
  const publication = await rooms.get(name).localParticipant.setMicrophoneEnabled(true);
  return publication.trackSid;
}

/** A steady tone, so that what is sent depends on the options alone. */
async function publishTone(name, options) {
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context, { frequency: 440 });
  const destination = context.createMediaStreamDestination();
  oscillator.connect(destination);
  oscillator.start();
  const [track] = destination.stream.getAudioTracks();
  const publication = await rooms.get(name).localParticipant.publishTrack(track, options);
  return publication.trackSid;
}

/** A drawn picture, of which there can be several. */
async function publishDrawing(name, title) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
  const context = canvas.getContext("2d");
  let step = 0;
  const timer = setInterval(() => {
    step += 4;
    context.fillStyle = "#226";
    context.fillRect(0, 0, 320, 180);
    context.fillStyle = "#fc4";
    context.fillRect(step % 320, 40, 40, 100);
  }, 66);
  const [track] = canvas.captureStream(15).getVideoTracks();
  track.addEventListener("ended", () => clearInterval(timer));
  const publication = await rooms
    .get(name)
    .localParticipant.publishTrack(track, { name: title, simulcast: false, videoCodec: "vp8" });
  return publication.trackSid;
}

async function unpublish(name, sid) {
  const { localParticipant } = rooms.get(name);
  await localParticipant.unpublishTrack(publicationOf(localParticipant, sid).track);
}

/** Mutes or unmutes the own camera or microphone. */
async function setMuted(name, sid, muted) {
  const publication = publicationOf(rooms.get(name).localParticipant, sid);
  await (muted ? publication.mute() : publication.unmute());
}

function publicationOf(participant, sid) {
  return participant.trackPublications.get(sid);
}

function remote(name, identity) {
  return rooms.get(name).remoteParticipants.get(identity);
}

function setQuality(name, identity, sid, quality) {
  publicationOf(remote(name, identity), sid).setVideoQuality(VideoQuality[quality]);
}

function setEnabled(name, identity, sid, enabled) {
  publicationOf(remote(name, identity), sid).setEnabled(enabled);
}

function setSubscribed(name, identity, sid, subscribed) {
  publicationOf(remote(name, identity), sid).setSubscribed(subscribed);
}

/** What `name` receives of each of `identity`'s tracks. */
async function received(name, identity) {
  const tracks = {};
  for (const publication of remote(name, identity)?.trackPublications.values() ?? []) {
    const stats = await publication.track?.receiver?.getStats();
    const reports = [...(stats?.values() ?? [])];
    const inbound = reports.find(({ type }) => type === "inbound-rtp");
    const codec = reports.find(({ id }) => id === inbound?.codecId);
    tracks[publication.trackSid] = {
      kind: publication.kind,
      name: publication.trackName,
      muted: publication.isMuted,
      subscribed: publication.isSubscribed,
      streamState: publication.track?.streamState,
      frames: inbound?.framesDecoded ?? 0,
      shown: publication.track?.attachedElements[0]?.framesShown ?? 0,
      width: inbound?.frameWidth ?? 0,
      packets: inbound?.packetsReceived ?? 0,
      energy: inbound?.totalAudioEnergy ?? 0,
      codec: codec?.mimeType?.toLowerCase(),
    };
  }
  return tracks;
}

/** How much `name` sent of its own track, in all layers. */
async function sent(name, sid) {
  const publication = publicationOf(rooms.get(name).localParticipant, sid);
  const reports = [...(await publication.track.sender.getStats()).values()];
  const outbound = reports.filter(({ type }) => type === "outbound-rtp");
  const sum = (field) => outbound.reduce((total, report) => total + (report[field] ?? 0), 0);
  return { packets: sum("packetsSent"), bytes: sum("bytesSent") };
}

/** What `name` makes of its own track, layer by layer, and what keeps it from making more. */
async function layers(name, sid) {
  const publication = publicationOf(rooms.get(name).localParticipant, sid);
  const reports = [...(await publication.track.sender.getStats()).values()];
  return reports
    .filter(({ type }) => type === "outbound-rtp")
    .map(({ rid, frameWidth, framesEncoded, targetBitrate, qualityLimitationReason }) => ({
      rid,
      frameWidth,
      framesEncoded,
      targetBitrate,
      qualityLimitationReason,
    }));
}

/** The SRTP profiles of all connections of this page, where the browser tells. */
async function srtpProfiles() {
  const profiles = new Set();
  for (const connection of connections) {
    const reports = connection.connectionState === "connected" ? await connection.getStats() : [];
    for (const report of reports.values()) {
      if (report.type === "transport" && report.srtpCipher) profiles.add(report.srtpCipher);
    }
  }
  return [...profiles];
}

/** The transports that the connections of this page go over. */
async function transports() {
  const found = new Set();
  for (const connection of connections) {
    const reports = connection.connectionState === "connected" ? await connection.getStats() : [];
    const byId = new Map(reports.entries());
    for (const report of byId.values()) {
      const inUse = report.type === "candidate-pair" && (report.selected || report.nominated);
      if (inUse) found.add(byId.get(report.remoteCandidateId).protocol);
    }
  }
  return [...found];
}

async function sendData(name, text, options) {
  await rooms.get(name).localParticipant.publishData(new TextEncoder().encode(text), options);
}

async function sendText(name, text, to) {
  const options = { topic: "chat", destinationIdentities: to };
  await rooms.get(name).localParticipant.sendText(text, options);
}

async function call(name, to, method, payload) {
  const { localParticipant } = rooms.get(name);
  try {
    return await localParticipant.performRpc({ destinationIdentity: to, method, payload });
  } catch (error) {
    return { error: error.code };
  }
}

async function rename(name, changes) {
  const { localParticipant } = rooms.get(name);
  if (changes.name) await localParticipant.setName(changes.name);
  if (changes.metadata) await localParticipant.setMetadata(changes.metadata);
  if (changes.attributes) await localParticipant.setAttributes(changes.attributes);
}

function describe(name, identity) {
  const participant = remote(name, identity);
  if (!participant) return null;
  return {
    sid: participant.sid,
    name: participant.name,
    metadata: participant.metadata,
    attributes: { ...participant.attributes },
    quality: participant.connectionQuality,
  };
}

async function simulate(name, scenario) {
  await rooms.get(name).simulateScenario(scenario);
}

/** Cuts `name`'s signalling as a network does: without a word. */
function cutSignal(name) {
  rooms.get(name).engine.client.ws.close(4000);
}

function events(name) {
  return seen.get(name);
}

function state(name) {
  return rooms.get(name).state;
}

globalThis.guests = {
  join,
  leave,
  publishCamera,
  publishMicrophone,
  publishTone,
  publishDrawing,
  unpublish,
  setMuted,
  setQuality,
  setEnabled,
  setSubscribed,
  received,
  sent,
  layers,
  srtpProfiles,
  transports,
  sendData,
  sendText,
  call,
  rename,
  describe,
  simulate,
  cutSignal,
  events,
  state,
};
