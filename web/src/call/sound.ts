/** The sounds that the page makes itself, and how loud a microphone is. No file is fetched for them. */

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
/** Loud enough to notice, soft enough for headphones. */
const VOLUME = 0.2;

/** Somebody waits to be let in. */
export function playKnock(): Promise<void> {
  return play(KNOCK, undefined);
}

/** For the question whether the speaker can be heard. */
export function playTest(speakerId: string | undefined): Promise<void> {
  return play(TEST, speakerId);
}

async function play(tones: readonly Tone[], speakerId: string | undefined): Promise<void> {
  const context = new AudioContext();
  if (speakerId !== undefined && "setSinkId" in context) {
    await (context as AudioContext & { setSinkId(id: string): Promise<void> }).setSinkId(speakerId).catch(() => {});
  }
  const last = tones.map((tone) => schedule(context, tone)).at(-1);
  await new Promise<void>((resolve) => {
    if (last === undefined || context.state === "suspended") resolve();
    else last.addEventListener("ended", () => resolve());
  });
  await context.close();
}

function schedule(context: AudioContext, [frequency, startsAt, seconds]: Tone): OscillatorNode {
  const oscillator = new OscillatorNode(context, { frequency });
  const gain = new GainNode(context, { gain: 0 });
  const start = context.currentTime + startsAt;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(VOLUME, start + 0.03);
  gain.gain.exponentialRampToValueAtTime(0.001, start + seconds);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + seconds);
  return oscillator;
}

/** Quieter than this is a room without a voice. */
export const HEARD_LEVEL = 0.12;

/** Calls back about 20 times a second with the loudness from 0 to 1, until stopped. */
export function watchLevel(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 512 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(loudness(samples));
  }, 50);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

/** Root mean square on a scale where ordinary speech reaches about the middle. */
function loudness(samples: Float32Array): number {
  const sum = samples.reduce((total, sample) => total + sample * sample, 0);
  return Math.min(1, Math.sqrt(sum / samples.length) * 4);
}
