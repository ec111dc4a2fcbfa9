// A second SFrame (RFC 9605), which shares nothing with ours: AES_256_GCM_SHA512, keyed by MLS.
const { subtle } = globalThis.crypto;

const SUITE = 5;
const TAG_BYTES = 16;

/** Which key: the epoch's low eight bits, the leaf, the stream (section 5.2). */
export function keyId({ epoch, leaf, stream }) {
  return (BigInt(stream) << 24n) | (BigInt(leaf) << 8n) | (epoch & 0xffn);
}

/** Header, ciphertext, tag. `metadata` is authenticated and not sent (section 4.4.3). */
export async function seal(baseKey, kid, counter, metadata, plaintext) {
  const head = header(kid, counter);
  const { key, algorithm } = await cipher(baseKey, kid, counter, Buffer.concat([head, metadata]));
  return Buffer.concat([head, Buffer.from(await subtle.encrypt(algorithm, key, plaintext))]);
}

/** Rejects what is not genuine (section 4.4.4). */
export async function open(baseKey, metadata, record) {
  const { kid, counter, length } = read(record);
  const aad = Buffer.concat([record.subarray(0, length), metadata]);
  const { key, algorithm } = await cipher(baseKey, kid, counter, aad);
  return { kid, plaintext: new Uint8Array(await subtle.decrypt(algorithm, key, record.subarray(length))) };
}

/** Section 4.4.2. */
async function cipher(baseKey, kid, counter, additionalData) {
  const of = Buffer.concat([bytes(kid, 8), bytes(BigInt(SUITE), 2)]);
  const raw = await derive(baseKey, "SFrame 1.0 Secret key ", of, 32);
  const iv = await derive(baseKey, "SFrame 1.0 Secret salt ", of, 12);
  bytes(counter, 8).forEach((byte, at) => (iv[at + 4] ^= byte));
  const key = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { key, algorithm: { name: "AES-GCM", iv, additionalData, tagLength: TAG_BYTES * 8 } };
}

async function derive(baseKey, label, of, length) {
  const secret = await subtle.importKey("raw", baseKey, "HKDF", false, ["deriveBits"]);
  const info = Buffer.concat([Buffer.from(label), of]);
  const algorithm = { name: "HKDF", hash: "SHA-512", salt: new Uint8Array(), info };
  return Buffer.from(await subtle.deriveBits(algorithm, secret, length * 8));
}

/** Section 4.3: each number lies in three bits if it is below eight, else behind, and its length in the bits. */
function header(kid, counter) {
  const [k, c] = [part(kid), part(counter)];
  return Buffer.concat([Buffer.of((k.bits << 4) | c.bits), k.behind, c.behind]);
}

function part(value) {
  if (value < 8n) {
    return { bits: Number(value), behind: Buffer.of() };
  }
  const length = Math.ceil(value.toString(16).length / 2);
  return { bits: 8 | (length - 1), behind: bytes(value, length) };
}

function read(record) {
  let length = 1;
  const [kid, counter] = [record[0] >> 4, record[0] & 15].map((bits) => {
    if (bits < 8) {
      return BigInt(bits);
    }
    const start = length;
    length += (bits & 7) + 1;
    return BigInt(`0x${Buffer.from(record.subarray(start, length)).toString("hex")}`);
  });
  return { kid, counter, length };
}

function bytes(value, length) {
  return Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex");
}
