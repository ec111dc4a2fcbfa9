/** A picture and a tone that are known again: encoded and decoded by a browser's own codecs, and kept in files. */

import { readFile, writeFile } from "node:fs/promises";

import type { Page } from "playwright-core";

export const PICTURE = { width: 320, height: 180, frames_per_second: 15 };

/** What a decoder made of a recording. */
export interface Decoded {
  /** Pictures, or packets of sound. */
  all: number;
  /** Those that show the picture, or sound the tone. */
  known: number;
}

/** Two seconds of VP8, left half red and right half blue, into the file. The page has to be of a secure origin. */
export async function recordPicture(page: Page, file: string): Promise<void> {
  await keep(file, await page.evaluate(encodePicture, PICTURE));
}

/** Two seconds of Opus, a tone of 440 Hz. */
export async function recordTone(page: Page, file: string): Promise<void> {
  await keep(file, await page.evaluate(encodeTone));
}

export async function decodePictures(page: Page, file: string): Promise<Decoded> {
  return await page.evaluate(decodeVp8, await frames(file));
}

export async function decodeSound(page: Page, file: string): Promise<Decoded> {
  return await page.evaluate(decodeOpus, await frames(file));
}

/** Each frame is preceded by its length, as four bytes, the lowest first. */
async function keep(file: string, encoded: string[]): Promise<void> {
  const parts = encoded.flatMap((frame) => {
    const bytes = Buffer.from(frame, "base64");
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  await writeFile(file, Buffer.concat(parts));
}

/** In base64. */
async function frames(file: string): Promise<string[]> {
  const bytes = await readFile(file);
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32LE(at);
    found.push(bytes.toString("base64", at + 4, end));
    at = end;
  }
  return found;
}

/** Runs in the page, as do all below. */
async function encodePicture({ width, height, frames_per_second: rate }: typeof PICTURE): Promise<string[]> {
  const encoded: string[] = [];
  const encoder = new VideoEncoder({
    output(chunk) {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      encoded.push(btoa(String.fromCharCode(...bytes)));
    },
    error(error) {
      throw error;
    },
  });
  encoder.configure({ codec: "vp8", width, height, bitrate: 300_000, framerate: rate, latencyMode: "realtime" });
  const canvas = new OffscreenCanvas(width, height);
  const picture = canvas.getContext("2d");
  for (let number = 0; number < 2 * rate; number += 1) {
    for (const [color, left] of [["#d02020", 0], ["#2020d0", width / 2]] as const) {
      if (picture === null) throw new Error("no canvas");
      picture.fillStyle = color;
      picture.fillRect(left, 0, width / 2, height);
      picture.fillStyle = "white";
      picture.fillRect(left + ((number * 7) % (width / 2)), 10, 4, 20);
    }
    const frame = new VideoFrame(canvas, { timestamp: (number * 1_000_000) / rate });
    encoder.encode(frame, { keyFrame: number === 0 });
    frame.close();
  }
  await encoder.flush();
  return encoded;
}

async function encodeTone(): Promise<string[]> {
  const encoded: string[] = [];
  const encoder = new AudioEncoder({
    output(chunk) {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      encoded.push(btoa(String.fromCharCode(...bytes)));
    },
    error(error) {
      throw error;
    },
  });
  const sampleRate = 48_000;
  const opus = { frameDuration: 20_000 };
  encoder.configure({ codec: "opus", sampleRate, numberOfChannels: 1, bitrate: 32_000, opus } as AudioEncoderConfig);
  const data = new Float32Array(2 * sampleRate).map((_, at) => 0.3 * Math.sin((2 * Math.PI * 440 * at) / sampleRate));
  const sound = new AudioData({ format: "f32", sampleRate, numberOfFrames: data.length, numberOfChannels: 1, timestamp: 0, data });
  encoder.encode(sound);
  await encoder.flush();
  return encoded;
}

async function decodeVp8(encoded: string[]): Promise<Decoded> {
  const decoded = { all: 0, known: 0 };
  const canvas = new OffscreenCanvas(32, 18);
  const picture = canvas.getContext("2d", { willReadFrequently: true });
  function show(frame: VideoFrame): void {
    decoded.all += 1;
    picture?.drawImage(frame, 0, 0, 32, 18);
    frame.close();
    const side = (left: number): { red: number; blue: number } => {
      const pixels = picture?.getImageData(left, 6, 12, 10).data ?? new Uint8ClampedArray();
      const sum = (offset: number): number => pixels.reduce((total, value, at) => (at % 4 === offset ? total + value : total), 0) / 120;
      return { red: sum(0), blue: sum(2) };
    };
    const [left, right] = [side(2), side(18)];
    if (left.red > left.blue + 80 && right.blue > right.red + 80) decoded.known += 1;
  }
  let decoder: VideoDecoder | null = null;
  for (const [number, text] of encoded.entries()) {
    const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const isKey = ((data[0] ?? 1) & 1) === 0;
    if (isKey && (decoder === null || decoder.state === "closed")) {
      decoder = new VideoDecoder({ output: show, error: () => {} });
      decoder.configure({ codec: "vp8" });
    }
    if (decoder === null || decoder.state === "closed") continue;
    decoder.decode(new EncodedVideoChunk({ type: isKey ? "key" : "delta", timestamp: number * 66_000, data }));
    // One after the other: an error ends the decoder at this frame, and the next key frame gets another.
    while (decoder.decodeQueueSize > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (decoder?.state === "configured") await decoder.flush().catch(() => {});
  return decoded;
}

async function decodeOpus(encoded: string[]): Promise<Decoded> {
  const decoded = { all: 0, known: 0 };
  function listen(sound: AudioData): void {
    decoded.all += 1;
    const samples = new Float32Array(sound.numberOfFrames);
    sound.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
    let [energy, sine, cosine] = [0, 0, 0];
    for (const [at, sample] of samples.entries()) {
      const angle = (2 * Math.PI * 440 * at) / sound.sampleRate;
      energy += sample * sample;
      sine += sample * Math.sin(angle);
      cosine += sample * Math.cos(angle);
    }
    sound.close();
    // The share of all energy that is at 440 Hz.
    const share = (2 * (sine * sine + cosine * cosine)) / (samples.length * energy);
    if (energy > 1 && share > 0.8) decoded.known += 1;
  }
  let decoder: AudioDecoder | null = null;
  for (const [number, text] of encoded.entries()) {
    const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    if (decoder === null || decoder.state === "closed") {
      decoder = new AudioDecoder({ output: listen, error: () => {} });
      decoder.configure({ codec: "opus", sampleRate: 48_000, numberOfChannels: 1 });
    }
    decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: number * 20_000, data }));
    await decoder.flush().catch(() => {});
  }
  return decoded;
}
