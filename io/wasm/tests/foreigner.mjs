// Somebody whose client is ts-mls, an MLS (RFC 9420) that others wrote: what our members say must be enough for it.
//
// What ts-mls has no whole function for is made of its parts here. Its way into a group, `joinGroupExternal`, mixes in no
// pre-shared key, and like the functions that write a GroupInfo it takes the extension `external_pub` for the bare key,
// where RFC 9420 (section 12.4.3.2) has the key's length in front. And it takes `external_senders` for one sender, where
// the RFC (section 12.1.8.1) has a list, so it checks a server's proposal only when it is told the key.
import { hkdfSync } from "node:crypto";

import {
  ciphersuites,
  decodeMlsMessage,
  defaultLifetime,
  encodeMlsMessage,
  generateKeyPackage,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  makePskIndex,
  mlsExporter,
  processPublicMessage,
} from "ts-mls";
import { defaultClientConfig } from "ts-mls/clientConfig.js";
import { exportSecret, nextEpochContext, processProposal, validateRatchetTree } from "ts-mls/clientState.js";
import { decodeVarLenData } from "ts-mls/codec/variableLength.js";
import { createGroupInfoWithRatchetTree } from "ts-mls/createCommit.js";
import { signWithLabel } from "ts-mls/crypto/signature.js";
import { createConfirmationTag, createContentCommitSignature } from "ts-mls/framedContent.js";
import { ratchetTreeFromExtension, verifyGroupInfoSignature } from "ts-mls/groupInfo.js";
import { initializeEpoch } from "ts-mls/keySchedule.js";
import { protectPublicMessage, unprotectPublicMessage } from "ts-mls/messageProtectionPublic.js";
import { getCommitSecret, pathToPathSecrets } from "ts-mls/pathSecrets.js";
import { toPrivateKeyPath, updateLeafKey } from "ts-mls/privateKeyPath.js";
import { accumulatePskSecret } from "ts-mls/pskIndex.js";
import { addLeafNode, getSignaturePublicKeyFromLeafIndex } from "ts-mls/ratchetTree.js";
import { createSecretTree } from "ts-mls/secretTree.js";
import { leafWidth, nodeToLeafIndex } from "ts-mls/treemath.js";
import { treeHashRoot } from "ts-mls/treeHash.js";
import { createUpdatePath } from "ts-mls/updatePath.js";

import { number, vector } from "./meeting.mjs";
import { encode } from "./module.mjs";

const VERSION = 1;
/** Our extension of the group context. */
const EXTENSION = 0xf0c0;
const PUBLIC = "mls_public_message";
const NOTHING = new Uint8Array();

/** A leaf with its keys. */
async function prepare(terms, participant, displayName) {
  const name = Object.keys(ciphersuites).find((one) => ciphersuites[one] === terms.suite);
  const cs = await getCiphersuiteImpl(getCiphersuiteFromName(name));
  const guest = 0;
  const identity = Buffer.concat([participant, Buffer.of(guest), vector(encode(displayName))]);
  const credential = { credentialType: "basic", identity };
  const capabilities = {
    versions: ["mls10"],
    ciphersuites: [name],
    extensions: [EXTENSION],
    proposals: [],
    credentials: ["basic"],
  };
  const { publicPackage, privatePackage } = await generateKeyPackage(credential, capabilities, defaultLifetime, [], cs);
  return { cs, keyPackage: publicPackage, keys: privatePackage };
}

export class Foreigner {
  #cs;
  #psks;
  #serverKey;
  #state;

  /** Comes in by an external commit (RFC 9420, section 12.4.3.2) with the meeting's secret, if there is one. */
  static async join(terms, secret, participant, displayName, offer) {
    const { cs, keyPackage, keys } = await prepare(terms, participant, displayName);
    const foreigner = new Foreigner();
    foreigner.#cs = cs;
    foreigner.#serverKey = terms.externalSenderKey;
    const name = pskName(terms);
    foreigner.#psks = makePskIndex(undefined, { [name.toString("base64")]: preSharedKey(terms, secret ?? NOTHING) });
    const { groupInfo } = decode(offer.groupInfo);
    const tree = await verified(groupInfo, cs);
    const psk = { psktype: "external", pskId: name, pskNonce: cs.rng.randomBytes(cs.kdf.size) };
    const psks = secret === undefined ? [] : [psk];
    const joining = { groupInfo, tree, psks, index: foreigner.#psks, leafNode: keyPackage.leafNode, keys };
    const { state, message } = await commit(joining, cs);
    foreigner.#state = state;
    return { foreigner, handedIn: await handIn(state, message, cs) };
  }

  get epoch() {
    return this.#state.groupContext.epoch;
  }

  get leaf() {
    return this.#state.privatePath.leafIndex;
  }

  get isOut() {
    return this.#state.groupActiveState.kind === "removedFromGroup";
  }

  /** Our extension's bytes, as the group has them. */
  get terms() {
    const { extensions } = this.#state.groupContext;
    return extensions.find(({ extensionType }) => extensionType === EXTENSION).extensionData;
  }

  /** Somebody else's commit. */
  async follow(bytes) {
    const { publicMessage } = decode(bytes);
    const processed = await processPublicMessage(this.#state, publicMessage, this.#psks, this.#cs);
    this.#state = processed.newState;
  }

  /** The server's proposal, which a commit will name. */
  async propose(bytes) {
    const { publicMessage } = decode(bytes);
    const { keySchedule, groupContext, ratchetTree } = this.#state;
    const place = [keySchedule.membershipKey, groupContext, ratchetTree];
    const content = await unprotectPublicMessage(...place, publicMessage, this.#cs, this.#serverKey);
    this.#state = await processProposal(this.#state, content, content.content.proposal, this.#cs.hash);
  }

  /** What people compare: digits of the epoch authenticator. */
  securityCode() {
    const { epochAuthenticator } = this.#state.keySchedule;
    const groups = [0, 1, 2, 3, 4, 5].map((at) => epochAuthenticator.subarray(at * 5, at * 5 + 5));
    const digits = groups.map((five) => BigInt(`0x${Buffer.from(five).toString("hex")}`) % 100_000n);
    return digits.map((group) => group.toString().padStart(5, "0")).join(" ");
  }

  baseKey() {
    return this.#export("SFrame 1.0 Base Key");
  }

  async heartbeat(now) {
    const { groupContext, signaturePrivateKey } = this.#state;
    const place = Buffer.concat([groupContext.groupId, number(8, this.epoch), number(4, this.leaf), number(8, now)]);
    const content = Buffer.concat([place, await this.#export("Conclave Heartbeat")]);
    const signature = await signWithLabel(signaturePrivateKey, "Conclave Heartbeat", content, this.#cs.signature);
    return Buffer.concat([place, vector(NOTHING), vector(signature)]);
  }

  #export(label) {
    return mlsExporter(this.#state.keySchedule.exporterSecret, label, NOTHING, 32, this.#cs);
  }
}

function pskName({ meeting }) {
  return Buffer.concat([encode("conclave meeting 1"), meeting]);
}

function preSharedKey({ meeting, organisation, dataMode, suite, signed, hostAccounts }, secret) {
  const modes = [Buffer.of(dataMode), number(2, VERSION), number(2, suite), Buffer.of(signed ? 1 : 0)];
  const binding = Buffer.concat([meeting, organisation, ...modes, ...hostAccounts]);
  return new Uint8Array(hkdfSync("sha384", secret, "conclave psk 1", binding, 48));
}

/** The tree of a group that whoever signs for it is a member of. */
async function verified(groupInfo, cs) {
  const tree = ratchetTreeFromExtension(groupInfo);
  const { lifetimeConfig, authService } = defaultClientConfig;
  const { groupContext, signer } = groupInfo;
  const fault = await validateRatchetTree(tree, groupContext, lifetimeConfig, authService, groupContext.treeHash, cs);
  const key = getSignaturePublicKeyFromLeafIndex(tree, signer);
  if (fault !== undefined || !(await verifyGroupInfoSignature(groupInfo, key, cs.signature))) {
    throw fault ?? new Error("nobody signed for this group");
  }
  return tree;
}

/** An external commit and the state that it leads to, of ts-mls' parts. */
async function commit({ groupInfo, tree, psks, index, leafNode, keys }, cs) {
  const { groupContext: before, confirmationTag: tagBefore } = groupInfo;
  const signKey = keys.signaturePrivateKey;
  const external = groupInfo.extensions.find(({ extensionType }) => extensionType === "external_pub");
  const [externalKey] = decodeVarLenData(external.extensionData, 0);
  const { enc: kemOutput, secret: initSecret } = await exportSecret(externalKey, cs);
  const [pskSecret] = await accumulatePskSecret(psks, index, cs, new Uint8Array(cs.kdf.size));
  const { ratchetTree, path, privatePath, commitSecret } = await climb({ tree, leafNode, before, signKey }, cs);

  const made = [
    { proposalType: "external_init", externalInit: { kemOutput } },
    ...psks.map((preSharedKeyId) => ({ proposalType: "psk", psk: { preSharedKeyId } })),
  ];
  const proposals = made.map((proposal) => ({ proposalOrRefType: "proposal", proposal }));
  const sender = { senderType: "new_member_commit" };
  const toSign = [before, PUBLIC, { proposals, path }, sender, NOTHING, signKey, cs.signature];
  const { signature, framedContent: content } = await createContentCommitSignature(...toSign);

  const treeHash = await treeHashRoot(ratchetTree, cs.hash);
  const groupContext = await nextEpochContext(before, PUBLIC, content, signature, treeHash, tagBefore, cs.hash);
  const epoch = await initializeEpoch(initSecret, commitSecret, groupContext, pskSecret, cs.kdf);
  const { confirmationKey, membershipKey } = epoch.keySchedule;
  const confirmationTag = await createConfirmationTag(confirmationKey, groupContext.confirmedTranscriptHash, cs.hash);
  const auth = { contentType: "commit", signature, confirmationTag };
  const authenticated = { wireformat: PUBLIC, content, auth };
  const state = {
    groupContext,
    ratchetTree,
    privatePath,
    confirmationTag,
    keySchedule: epoch.keySchedule,
    secretTree: await createSecretTree(leafWidth(ratchetTree.length), epoch.encryptionSecret, cs.kdf),
    signaturePrivateKey: signKey,
    historicalReceiverData: new Map(),
    unappliedProposals: {},
    groupActiveState: { kind: "active" },
    clientConfig: defaultClientConfig,
  };
  return { state, message: await protectPublicMessage(membershipKey, groupContext, authenticated, cs) };
}

/** A leaf in the tree, with fresh keys from it to the root. */
async function climb({ tree, leafNode, before, signKey }, cs) {
  const [withLeaf, node] = addLeafNode(tree, leafNode);
  const leaf = nodeToLeafIndex(node);
  const [ratchetTree, path, secrets, leafKey] = await createUpdatePath(withLeaf, leaf, before, signKey, cs);
  const top = secrets.at(-1);
  const commitSecret = await getCommitSecret(ratchetTree, top.nodeIndex, top.secret, cs.kdf);
  const pathKeys = await toPrivateKeyPath(pathToPathSecrets(secrets), leaf, cs);
  const privatePath = updateLeafKey(pathKeys, await cs.hpke.exportPrivateKey(leafKey));
  return { ratchetTree, path, privatePath, commitSecret };
}

/** What the server is given: the commit, and the group that it makes. */
async function handIn(state, publicMessage, cs) {
  const { groupContext, confirmationTag, ratchetTree, keySchedule } = state;
  const { publicKey } = await cs.hpke.deriveKeyPair(keySchedule.externalSecret);
  const externalKey = await cs.hpke.exportPublicKey(publicKey);
  const extensions = [{ extensionType: "external_pub", extensionData: vector(externalKey) }];
  const made = [groupContext, confirmationTag, state, ratchetTree, extensions, cs];
  const groupInfo = await createGroupInfoWithRatchetTree(...made);
  const version = "mls10";
  return {
    leaf: state.privatePath.leafIndex,
    commit: encodeMlsMessage({ version, wireformat: PUBLIC, publicMessage }),
    groupInfo: encodeMlsMessage({ version, wireformat: "mls_group_info", groupInfo }),
  };
}

function decode(bytes) {
  return decodeMlsMessage(bytes, 0)[0];
}
