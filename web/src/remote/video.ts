/** Which videos of a supported computer this browser can show. */

/** By the number that the computer has for it. */
const CODECS: ReadonlyMap<number, string> = new Map([[2, "video/vp9"]]);

export function showsVideo(codec: number): boolean {
  const wanted = CODECS.get(codec);
  if (wanted === undefined || typeof RTCRtpReceiver === "undefined") return false;
  const decoded = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
  return decoded.some(({ mimeType }) => mimeType.toLowerCase() === wanted);
}
