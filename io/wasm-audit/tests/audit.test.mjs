// A log that this file makes itself, with Node's hashes and signatures, before the module as the browser gets it.
import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const bound = new URL("../../../web/src/audit/wasm/", import.meta.url);
const bytes = readFileSync(new URL("conclave_wasm_audit_bg.wasm", bound));
const wasm = await import(new URL("conclave_wasm_audit.js", bound));
wasm.initSync({ module: bytes });

/** Compressed, it is a fifth. */
const MOST_BYTES = 400_000;

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafHash = (leaf) => sha256(Buffer.of(0), leaf);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

/** Of an installation's log. */
class Log {
  constructor(seed, name = "clinic.example/audit/system") {
    // PKCS #8 of an Ed25519 seed (RFC 8410).
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, seed)]);
    this.key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    this.name = name;
    const raw = createPublicKey(this.key).export({ format: "der", type: "spki" }).subarray(-32);
    const typed = Buffer.concat([Buffer.of(1), raw]);
    this.id = sha256(Buffer.from(`${name}\n`), typed).subarray(0, 4);
    this.verifierKey = `${name}+${this.id.toString("hex")}+${typed.toString("base64")}`;
  }

  checkpoint(leaves) {
    const text = `${this.name}\n${leaves.length}\n${root(leaves.map(leafHash)).toString("base64")}\n`;
    const signature = Buffer.concat([this.id, sign(null, Buffer.from(text), this.key)]);
    return `${text}\n— ${this.name} ${signature.toString("base64")}\n`;
  }
}

function half(length) {
  return 2 ** Math.ceil(Math.log2(length) - 1);
}

/** RFC 6962, section 2.1. */
function root(hashes) {
  if (hashes.length === 1) return hashes[0];
  const at = half(hashes.length);
  return nodeHash(root(hashes.slice(0, at)), root(hashes.slice(at)));
}

/** Section 2.1.1. */
function path(index, hashes) {
  if (hashes.length === 1) return [];
  const at = half(hashes.length);
  return index < at
    ? [...path(index, hashes.slice(0, at)), root(hashes.slice(at))]
    : [...path(index - at, hashes.slice(at)), root(hashes.slice(0, at))];
}

const leaf = (seq, word = "honest") => Buffer.from(`{"salt":"${word}","seq":${seq},"time":"t"}`);
const leaves = (count) => Array.from({ length: count }, (_, seq) => leaf(seq));
const base64 = (bytes) => bytes.toString("base64");

function proofOf(log, index, of, entry = of[index]) {
  const hashes = path(index, of.map(leafHash)).map(base64);
  const lines = ["c2sp.org/tlog-proof@v1", `extra ${base64(entry)}`, `index ${index}`, ...hashes];
  return `${lines.join("\n")}\n\n${log.checkpoint(of)}`;
}

/** Whether it throws this word. */
function throws(code, call) {
  assert.throws(call, (error) => error instanceof Error && error.code === code);
}

test("the module is small enough for everybody who joins a meeting", () => {
  assert.ok(bytes.length <= MOST_BYTES, `${bytes.length} of ${MOST_BYTES} bytes`);
});

test("an entry is proven by its file, and by nothing that was changed in it", () => {
  const [log, seven] = [new Log(1), leaves(7)];
  for (const [index, entry] of seven.entries()) {
    const proven = wasm.verifyEntry(proofOf(log, index, seven), log.verifierKey);
    assert.deepEqual([proven.entry, proven.index], [entry.toString(), index]);
    assert.deepEqual([proven.head.origin, proven.head.size], [log.name, 7]);
    throws("unproven", () => wasm.verifyEntry(proofOf(log, index, seven, leaf(index, "forged")), log.verifierKey));
  }
  const proof = proofOf(log, 3, seven);
  throws("unproven", () => wasm.verifyEntry(proof.replace("index 3", "index 2"), log.verifierKey));
  throws("unproven", () => wasm.verifyEntry(proof, new Log(2).verifierKey));
  throws("unproven", () => wasm.verifyEntry("", log.verifierKey));
  throws("key", () => wasm.verifyEntry(proof, "no key"));
});

test("a log goes on from what was held of it, or is refused", () => {
  const [log, four, seven] = [new Log(1), leaves(4), leaves(7)];
  // Four leaves are one subtree: the proof is what lies beside it.
  const proof = [base64(root(seven.slice(4).map(leafHash)))];
  const held = log.checkpoint(four);
  assert.equal(wasm.openCheckpoint(held, log.verifierKey).size, 4);
  assert.equal(wasm.verifyConsistency(held, log.checkpoint(seven), proof, log.verifierKey).size, 7);
  assert.equal(wasm.verifyConsistency(held, held, [], log.verifierKey).size, 4);

  const rewritten = [leaf(0, "forged"), ...seven.slice(1)];
  throws("inconsistent", () => wasm.verifyConsistency(held, log.checkpoint(rewritten), proof, log.verifierKey));
  throws("inconsistent", () => wasm.verifyConsistency(log.checkpoint(seven), held, [], log.verifierKey));
  throws("inconsistent", () => wasm.verifyConsistency(held, log.checkpoint(seven), ["?"], log.verifierKey));
  throws("checkpoint", () => wasm.verifyConsistency(held, new Log(2).checkpoint(seven), proof, log.verifierKey));
});

test("a kit is derived again from its entries", () => {
  const [log, three] = [new Log(1), leaves(3)];
  const [checkpoint, hashes] = [log.checkpoint(three), three.map(leafHash)];
  const bundle = (entries) => Buffer.concat(entries.flatMap((entry) => [Buffer.of(0, entry.length), entry]));
  const kit = (entries) =>
    zip({
      "README.md": Buffer.from("For people."),
      "checkpoints/0000000000000003": Buffer.from(checkpoint),
      "log/checkpoint": Buffer.from(checkpoint),
      "log/tile/0/000.p/3": Buffer.concat(hashes),
      "log/tile/entries/000.p/3": bundle(entries),
    });
  const verified = wasm.verifyKit(kit(three), `${log.verifierKey}\n`);
  const expected = { first: 0, size: 3, root: base64(root(hashes)), checkpoints: 1, unproven: 0, checkpoint };
  assert.deepEqual({ ...verified }, expected);

  throws("kit", () => wasm.verifyKit(kit([leaf(0), leaf(1, "forged"), leaf(2)]), log.verifierKey));
  throws("kit", () => wasm.verifyKit(new Uint8Array(100), log.verifierKey));
});

/** Without compression, and without checksums, which its reader does not read. */
function zip(files) {
  const [locals, directory] = [[], []];
  let at = 0;
  for (const [name, file] of Object.entries(files)) {
    const local = Buffer.alloc(30 + name.length);
    local.write("PK\x03\x04", "latin1");
    local.writeUInt32LE(file.length, 18);
    local.writeUInt32LE(file.length, 22);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const entry = Buffer.alloc(46 + name.length);
    entry.write("PK\x01\x02", "latin1");
    entry.writeUInt32LE(file.length, 20);
    entry.writeUInt32LE(file.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    entry.write(name, 46);
    locals.push(local, file);
    directory.push(entry);
    at += local.length + file.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
