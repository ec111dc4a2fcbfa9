// People with members, a clock that only the test moves, and a delivery service between them.
import { generateKeyPairSync, sign } from "node:crypto";

import { encode, wasm } from "./module.mjs";

export const SECRET = new Uint8Array(32).fill(7);
const START = 1_764_000_000_000;
export const ACCOUNT = new Uint8Array(16).fill(3);

const same = (a, b) => Buffer.compare(a, b) === 0;

let seeds = 0;

/** A seed that no other call got, the same in each run. */
export function seed() {
  seeds += 1;
  return new Uint8Array(32).fill(seeds);
}

export class Meeting {
  now = START;
  people = new Map();
  /** What the server told members: commits, and proposals of its own. */
  news = [];
  /** Names of members from whom the server keeps commits and removals. */
  withheld = new Set();
  #server;
  #group = undefined;
  #epoch = 0n;
  #groupInfo = undefined;
  #leaves = new Map();
  #processed = new Set();
  #slot = undefined;
  #queue = [];
  #gone = [];

  /** @param hosts names of those whose accounts the link names
   *  @param suite MLS's number of it; left out for the one that meetings have */
  constructor(hosts = [], suite = undefined) {
    this.suite = suite;
    this.#server = new Signer(suite);
    this.keys = new Map(hosts.map((name) => [name, account(name)]));
    this.hosts = hosts;
  }

  get terms() {
    return {
      meeting: new Uint8Array(16).fill(1),
      organisation: new Uint8Array(16).fill(2),
      dataMode: 0,
      hostAccounts: this.hosts.map((name) => this.keys.get(name).accountKey),
      signed: false,
      externalSenderKey: this.#server.publicKey,
      externalSenderIdentity: encode("conclave"),
      suite: this.suite,
    };
  }

  /** What somebody is told who is to join. */
  get offer() {
    return { group: this.#group, epoch: this.#epoch, groupInfo: this.#groupInfo };
  }

  /** Somebody with a foreign client comes, by a commit onto the offer. */
  takeIn(name, commit) {
    const { group, epoch } = this.offer;
    this.#slot = name;
    this.#accept({ name }, { ...commit, group, epoch });
    this.#slot = undefined;
    this.settle();
  }

  /** The server says something to one member. */
  tell(name, say) {
    const person = this.people.get(name);
    say(person.member, this.now);
    this.#drain(person);
  }

  /** A removal by the word of `signer`, or of the server. */
  proposal(leaf, signer = this.#server) {
    return removal(signer, this.#group, this.#epoch, leaf);
  }

  /** A commit of the present epoch arrives at everybody. */
  deliver(from, commit) {
    for (const person of [...this.people.values()]) {
      person.member.commit(this.now, this.#group, this.#epoch, id(from), commit);
      this.#drain(person);
    }
  }

  /** Somebody with a foreign client says that they are in the present epoch. */
  processed(name, heartbeat) {
    const [person] = this.people.values();
    this.#broadcast(undefined, heartbeat);
    this.#follow(person, this.offer, name);
  }

  /** Somebody comes, or comes back after a reload. */
  enter(name) {
    const kept = this.keys.get(name) ?? wasm.DeviceKeys.generate(seed());
    const keys = wasm.DeviceKeys.fromBytes(kept.toBytes());
    this.keys.set(name, keys);
    const account = this.hosts.includes(name) ? ACCOUNT : undefined;
    const who = { participant: id(name), displayName: name, account };
    const member = new wasm.Member(this.terms, SECRET, who, keys, seed());
    const person = { name, member, outputs: [] };
    this.people.set(name, person);
    member.enter(this.now);
    this.#drain(person);
    this.settle();
    return person;
  }

  /** A host puts somebody out; the server stops serving them. */
  expel(host, name) {
    const { member } = this.people.get(host);
    const { signatureKey } = member.roster().find((one) => one.displayName === name);
    member.expel(this.now, signatureKey);
    this.#drain(this.people.get(host));
    this.settle();
  }

  /** A host turned somebody away. */
  turnAway(host, name) {
    this.people.get(host).member.turnAway(this.now, id(name));
    this.#drain(this.people.get(host));
    this.settle();
  }

  /** The server ends the group. */
  end() {
    const group = this.#group;
    this.#group = undefined;
    this.#leaves.clear();
    this.#processed.clear();
    for (const person of [...this.people.values()]) {
      person.member.ended(this.now, group);
      this.#drain(person);
    }
    this.settle();
  }

  /** A host lets somebody in by hand. */
  admit(host, name) {
    this.people.get(host).member.admitted(this.now, id(name));
  }

  /** The server proposes to remove somebody who left. */
  leave(name) {
    const person = this.people.get(name);
    if (person !== undefined) {
      person.member.leave(this.now);
      this.#drain(person);
      this.people.delete(name);
    }
    this.#gone.push(name);
    this.settle();
  }

  /** Time passes. */
  run(milliseconds) {
    const end = this.now + milliseconds;
    while (this.now < end) {
      this.now += 250;
      for (const person of [...this.people.values()]) {
        person.member.timeout(this.now);
        this.#drain(person);
      }
      this.settle();
    }
  }

  sending(name) {
    return this.people.get(name).outputs.findLast((output) => output.kind === "sending");
  }

  alarms() {
    const all = [...this.people.values()].flatMap((person) => person.outputs);
    return all.filter((output) => output.kind === "alarm");
  }

  /** Says who has which slot, until nothing is left to do. */
  settle() {
    while (this.#slot === undefined) {
      const removed = this.#gone.map((name) => this.#leafOf(name)).filter((leaf) => leaf !== undefined);
      if (removed.length > 0) {
        this.#propose(removed);
        this.#gone = [];
        continue;
      }
      const next = this.#queue.shift();
      if (next === undefined) {
        return;
      }
      const person = this.people.get(next.name);
      this.#slot = next.name;
      if (next.turn) {
        person.member.slotToCommit(this.now, this.#group, this.#epoch);
      } else if (this.#group === undefined) {
        person.member.slotToCreate(this.now);
      } else {
        person.member.slotToJoin(this.now, this.#group, this.#epoch, this.#groupInfo);
      }
      this.#drain(person);
      if (this.#slot === next.name) {
        this.#slot = undefined;
      }
    }
  }

  #leafOf(name) {
    return [...this.#leaves].find(([, owner]) => owner === name)?.[0];
  }

  #propose(leaves) {
    const proposals = leaves.map((leaf) => removal(this.#server, this.#group, this.#epoch, leaf));
    this.news.push({ proposals });
    for (const leaf of leaves) {
      this.#leaves.delete(leaf);
    }
    const members = [...this.people.values()].filter(({ name }) => this.#leafOf(name) !== undefined);
    for (const person of members.filter(({ name }) => !this.withheld.has(name))) {
      person.member.removal(this.now, this.#group, this.#epoch, proposals);
      this.#drain(person);
    }
    this.#slot = members[0].name;
    members[0].member.slotToCommit(this.now, this.#group, this.#epoch);
    this.#drain(members[0]);
  }

  #drain(person) {
    for (;;) {
      const output = person.member.poll();
      if (output.kind === "wait") {
        return;
      }
      person.outputs.push(output);
      this.#take(person, output);
    }
  }

  #take(person, output) {
    if (output.kind === "broadcast") {
      this.#broadcast(person, output.bytes);
      return;
    }
    if (output.kind === "letter") {
      const to = [...this.people.values()].find((other) => same(id(other.name), output.to));
      to?.member.letter(this.now, id(person.name), output.bytes);
      if (to) {
        this.#drain(to);
      }
      return;
    }
    switch (output.message) {
      case "join":
        this.#queue.push({ name: person.name });
        break;
      case "turn":
        this.#queue.push({ name: person.name, turn: true });
        break;
      case "create":
        this.#slot = undefined;
        [this.#group, this.#epoch, this.#groupInfo] = [output.group, 0n, output.groupInfo];
        this.#leaves = new Map([[0, person.name]]);
        break;
      case "commit":
        this.#accept(person, output);
        break;
      case "processed":
        this.#follow(person, output);
        break;
      default:
    }
  }

  #broadcast(from, bytes) {
    for (const other of [...this.people.values()].filter((other) => other !== from)) {
      other.member.heartbeat(this.now, bytes);
      this.#drain(other);
    }
  }

  #accept(person, { group, epoch, leaf, commit, groupInfo }) {
    if (this.#slot !== person.name || !same(group, this.#group) || epoch !== this.#epoch) {
      person.member.refused(this.now, "stale");
      return;
    }
    this.#slot = undefined;
    this.#epoch += 1n;
    this.#groupInfo = groupInfo;
    this.#processed.clear();
    this.news.push({ from: person.name, commit });
    if (leaf !== undefined) {
      this.#leaves = new Map([...this.#leaves].filter(([, owner]) => owner !== person.name));
      this.#leaves.set(leaf, person.name);
    }
    for (const other of [...this.people.values()].filter(({ name }) => !this.withheld.has(name))) {
      other.member.commit(this.now, group, epoch, id(person.name), commit);
      this.#drain(other);
    }
  }

  #follow(person, { group, epoch }, name = person.name) {
    this.#processed.add(name);
    const members = person.member.roster().map((one) => one.displayName);
    if (epoch === this.#epoch && members.every((name) => this.#processed.has(name))) {
      for (const other of [...this.people.values()]) {
        other.member.allProcessed(this.now, group, epoch);
        this.#drain(other);
      }
    }
  }
}

/** The keys of an account's first browser. */
export function account(name) {
  const keys = wasm.DeviceKeys.generate(seed());
  wasm.Vault.found(keys, ACCOUNT, name, START / 1000, seed());
  return keys;
}

/** A participant's id, from a name. */
export function id(name) {
  return new Uint8Array(16).fill(name.charCodeAt(0));
}

/** An external sender's Remove proposal, in a PublicMessage (RFC 9420, sections 6, 6.1, 6.2, 12.1.3). */
function removal(signer, group, epoch, leaf) {
  const content = Buffer.concat([
    vector(group),
    number(8, epoch),
    Buffer.of(2),
    number(4, 0),
    vector(Buffer.of()),
    Buffer.of(2),
    number(2, 3),
    number(4, leaf),
  ]);
  const framed = Buffer.concat([number(2, 1), number(2, 1), content]);
  const toSign = Buffer.concat([vector(encode("MLS 1.0 FramedContentTBS")), vector(framed)]);
  return Buffer.concat([framed, vector(signer.sign(toSign))]);
}

/** What signs in a suite: ECDSA on one of NIST's curves in 0x0002 and 0x0007, else Ed25519. */
export class Signer {
  #keys;
  #hash;

  constructor(suite) {
    const curves = { 0x0002: ["P-256", "sha256", 65], 0x0007: ["P-384", "sha384", 97] };
    const [namedCurve, hash, length] = curves[suite] ?? [undefined, null, 32];
    this.#hash = hash;
    this.#keys = namedCurve ? generateKeyPairSync("ec", { namedCurve }) : generateKeyPairSync("ed25519");
    this.publicKey = this.#keys.publicKey.export({ format: "der", type: "spki" }).subarray(-length);
  }

  sign(bytes) {
    return sign(this.#hash, bytes, this.#keys.privateKey);
  }
}

export function number(length, value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes.subarray(8 - length);
}

/** A variable-size vector (RFC 9420, section 2.1.2) of less than 16,384 bytes. */
export function vector(bytes) {
  const { length } = bytes;
  return Buffer.concat([length < 64 ? Buffer.of(length) : number(2, 0x4000 | length), bytes]);
}
