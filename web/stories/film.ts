/** A film at a desktop: a window in which each picture is another, of a program that speaks with the display itself. */

import { connect, type Socket } from "node:net";

export interface Film {
  /** Another picture all the time, and the last one stays. Resolves to its pixels, as a canvas has them. */
  play(isEnough: () => Promise<boolean>): Promise<Uint8Array>;
  /** The window goes. */
  close(): void;
}

/** From the desktop's upper left corner, in pixels: a sixth of the screen is enough to be filmed. */
export const PLACE = { x: 640, y: 400, width: 512, height: 320 };
/** Of one request: no more than 256 KiB go in it. */
const ROWS = 64;
const BETWEEN_PICTURES_MS = 80;
const PATIENCE_MS = 60_000;

export async function openFilm(display: string): Promise<Film> {
  const socket = connect(`/tmp/.X11-unix/X${display.slice(1)}`);
  const { root, own, depth } = await greet(socket);
  const [window, graphics] = [own, own + 1];
  const { x, y, width, height } = PLACE;
  // CreateWindow, with all of its parent's kind; CreateGC; MapWindow.
  socket.write(request(1, 0, words(window, root), halves(x, y, width, height, 0, 0), words(0, 0)));
  socket.write(request(55, 0, words(graphics, window, 0)));
  socket.write(request(8, 0, words(window)));
  return {
    async play(isEnough) {
      const until = Date.now() + PATIENCE_MS;
      let isOver = false;
      // The film does not wait for whoever looks: pictures far from each other are none.
      let looking: Promise<void> | null = null;
      const look = async (): Promise<void> => {
        isOver = await isEnough();
        looking = null;
      };
      for (let number = 1; ; number += 1) {
        const shown = picture(number);
        for (let row = 0; row < height; row += ROWS) {
          // PutImage: ZPixmap.
          const part = shown.subarray(row * width * 4, (row + ROWS) * width * 4);
          socket.write(request(72, 2, words(window, graphics), halves(width, ROWS, 0, row), Buffer.from([0, depth, 0, 0]), part));
        }
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_PICTURES_MS));
        looking ??= look();
        if (isOver) return asCanvas(shown);
        if (Date.now() > until) throw new Error("it does not come to that while the film runs");
      }
    },
    close() {
      socket.destroy();
    },
  };
}

interface Greeting {
  root: number;
  /** The first of the numbers that are ours to give. */
  own: number;
  depth: number;
}

/** Of the first screen. */
async function greet(socket: Socket): Promise<Greeting> {
  socket.write(Buffer.concat([Buffer.from([0x6c, 0]), halves(11, 0, 0, 0, 0)]));
  let said = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    said = Buffer.concat([said, chunk as Buffer]);
    if (said.length >= 8 && said.length >= 8 + said.readUInt16LE(6) * 4) break;
  }
  // Errors and news are for nobody.
  socket.resume();
  if (said[0] !== 1) throw new Error("the display lets nobody in");
  const vendor = Math.ceil(said.readUInt16LE(24) / 4) * 4;
  const screen = 40 + vendor + said.readUInt8(29) * 8;
  return { root: said.readUInt32LE(screen), own: said.readUInt32LE(12), depth: said.readUInt8(screen + 38) };
}

function request(code: number, detail: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([code, detail]), halves(1 + body.length / 4), body]);
}

function halves(...values: number[]): Buffer {
  return Buffer.from(Uint16Array.from(values).buffer);
}

function words(...values: number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}

/** Blue, green, red, nothing. It flows like a photograph, and no place of it has the colour that it had before. */
function picture(number: number): Buffer {
  const { width, height } = PLACE;
  const pixels = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      pixels[at] = ((x * y) >> 6) + number * 17;
      pixels[at + 1] = y + number * 29;
      pixels[at + 2] = (x >> 1) + number * 41;
    }
  }
  return pixels;
}

/** Red, green, blue, opaque. */
function asCanvas(pixels: Uint8Array): Uint8Array {
  const shown = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 4) shown.set([pixels[at + 2] ?? 0, pixels[at + 1] ?? 0, pixels[at] ?? 0, 255], at);
  return shown;
}
