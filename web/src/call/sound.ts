/** The sounds that the page makes itself, and how loud a microphone is. No file is fetched for them. */

import { canChooseSpeaker } from "./devices.ts";

type Tone = readonly [frequency: number, startsAt: number, seconds: number];

const KNOCK: readonly Tone[] = [
  [659, 0, 0.16],
  [880, 0.18, 0.28],
];
const TEST: readonly Tone[] = [
  [523, 0, 0.3],
  [659, 0.25, 0.3],
  [784, 0.5, 0.55],
];
const ADMITTED: readonly Tone[] = [
  [523, 0, 0.18],
  [784, 0.16, 0.4],
];
/** Loud enough to notice, soft enough for headphones. */
const VOLUME = 0.2;

/** A context begins suspended even where it may play at once. After this long the browser waits for a click. */
const START_LIMIT_MS = 3_000;

/** Somebody waits to be let in. Resolves to whether it was played. */
export function playKnock(speakerId: string | undefined): Promise<boolean> {
  return play(KNOCK, speakerId);
}

/** The own waiting is over, perhaps in a tab that nobody looks at. Resolves to whether it was played. */
export function playAdmitted(speakerId: string | undefined): Promise<boolean> {
  return play(ADMITTED, speakerId);
}

/** For the question whether the speaker can be heard. Resolves to whether it was played. */
export function playTest(speakerId: string | undefined): Promise<boolean> {
  return play(TEST, speakerId);
}

async function play(tones: readonly Tone[], speakerId: string | undefined): Promise<boolean> {
  try {
    return await playIn(new AudioContext(), tones, speakerId);
  } catch {
    return false;
  }
}

async function playIn(context: AudioContext, tones: readonly Tone[], speakerId: string | undefined): Promise<boolean> {
  try {
    if (!(await isRunning(context))) return false;
    const output = new MediaStreamAudioDestinationNode(context);
    await playThrough(output.stream, speakerId);
    await Promise.all(tones.map((tone) => ended(schedule(output, tone))));
    return true;
  } finally {
    void context.close();
  }
}

export async function isRunning(context: Pick<AudioContext, "state" | "resume">): Promise<boolean> {
  // A refused `resume` stays pending until somebody clicks.
  await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, START_LIMIT_MS))]);
  return context.state === "running";
}

/** An element can be sent to another speaker in more browsers than a context can. */
async function playThrough(stream: MediaStream, speakerId: string | undefined): Promise<void> {
  const element = new Audio();
  element.srcObject = stream;
  if (speakerId !== undefined && canChooseSpeaker()) await element.setSinkId(speakerId);
  await element.play();
}

function ended(oscillator: OscillatorNode): Promise<void> {
  return new Promise((resolve) => oscillator.addEventListener("ended", () => resolve()));
}

function schedule(output: AudioNode, [frequency, startsAt, seconds]: Tone): OscillatorNode {
  const { context } = output;
  const oscillator = new OscillatorNode(context, { frequency });
  const gain = new GainNode(context, { gain: 0 });
  const start = context.currentTime + startsAt;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(VOLUME, start + 0.03);
  gain.gain.exponentialRampToValueAtTime(0.001, start + seconds);
  oscillator.connect(gain).connect(output);
  oscillator.start(start);
  oscillator.stop(start + seconds);
  return oscillator;
}

/** Quieter than this is a room without a voice. */
export const HEARD_LEVEL = 0.12;

const GESTURES = ["pointerup", "keydown"] as const;

/** Calls back about 20 times a second with the loudness from 0 to 1, until stopped. */
export function watchLevel(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 512 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  // Where nobody has clicked yet, the next click or key lets it begin.
  const wake = (): void => void context.resume().catch(() => {});
  for (const gesture of GESTURES) document.addEventListener(gesture, wake);
  wake();
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(loudness(samples));
  }, 50);
  return () => {
    clearInterval(timer);
    for (const gesture of GESTURES) document.removeEventListener(gesture, wake);
    void context.close();
  };
}

/** Root mean square on a scale where ordinary speech reaches about the middle. */
function loudness(samples: Float32Array): number {
  const sum = samples.reduce((total, sample) => total + sample * sample, 0);
  return Math.min(1, Math.sqrt(sum / samples.length) * 4);
}
