/** Conclave's HTTP API, one method per route. */

import { OFFLINE, Problem, problemOf, UNEXPECTED } from "./problem.ts";
import type {
  Accept,
  AccountRole,
  AccountVault,
  AddPasskey,
  AnomalyList,
  AnomalyRules,
  AnomalyWords,
  AdmittedAll,
  AuditCheckpoint,
  AuditEntries,
  AuditLog,
  ExportAudit,
  AgreementList,
  ChangeAnomalyRules,
  ChangeMeeting,
  ChangeView,
  BeginSingleSignOn,
  ChangeVault,
  CommandDone,
  CompanionCode,
  CreateMeeting,
  Decide,
  Decision,
  DeviceAsked,
  Evidence,
  FinishSingleSignOn,
  EmergencyStanding,
  EmergencyCodes,
  EmergencyCodesMade,
  EmergencyUses,
  EmergencyWords,
  InvokeEmergency,
  InvitedList,
  Explained,
  Group,
  GroupList,
  GroupMembers,
  Invite,
  Invited,
  JoinMeeting,
  JoinTicket,
  KeepAgreement,
  Joined,
  LiveMeeting,
  LiveMeetingList,
  LivePeople,
  LivePerson,
  MakeProgram,
  Me,
  Meeting,
  MeetingList,
  MeetingSessionDetail,
  MeetingSessionList,
  OpenEmergency,
  OpenSession,
  ParticipantDevices,
  ParticipantQuality,
  PasskeyCeremony,
  People,
  PersonTimeline,
  Policy,
  PolicyPreview,
  PolicySettings,
  ProgramList,
  ProgramMade,
  RecoveryCodes,
  Report,
  ReportKind,
  ResetPassword,
  Review,
  ReviewAnomaly,
  ReviewEmergency,
  SavedView,
  SavedViewList,
  SaveView,
  SecondFactor,
  SecondFactorAsked,
  ServerInfo,
  SetUp,
  SignIn,
  SignInWays,
  SignInByEmergencyCode,
  SingleSignOnBegun,
  StepUp,
  TotpBegun,
  UsePasskey,
  AssessRisk,
  CloseComplaint,
  Complaint,
  ComplaintList,
  ComplaintWords,
  EnterComplaint,
  EvidenceExportList,
  KeptExport,
  EnterTraining,
  MakeRecordingKey,
  RecordingKey,
  RecordingList,
  RecordingPlay,
  OwnTrainings,
  Training,
  TrainingList,
  Risk,
  RiskRegister,
  OpenSupport,
  SupportOffer,
  SupportSession,
  SupportSessions,
  SupportTerms,
  EnrolmentMade,
  GrantedDevice,
  GrantedDevices,
  SendCredentials,
  SupportDevice,
  SupportDevices,
  UnattendedOpened,
} from "./wire.ts";

/** From an instant on, and before another (RFC 3339). */
interface Span {
  from: string;
  to: string;
}

/** What a participant's commands are authenticated with. */
export interface Seat {
  meeting: string;
  credential: string;
}

/** What is made of somebody's account. */
export type PersonChange = "approve" | "suspend" | "restore" | "remove" | "reset-factors" | "unlock";
/** Whose words a layer of policy has. */
export type PolicySubject = { layer: "organisation" } | { layer: "group"; id: string } | { layer: "account"; id: string };

/** What entries are looked for; what is absent restricts nothing. */
export interface AuditQuestion {
  /** Moments, RFC 3339. */
  from?: string;
  to?: string;
  event?: string;
  actor?: string;
  object?: string;
  outcome?: "done" | "failed" | "refused";
  /** What the page before gave as `next`. */
  before?: number;
}

interface Call {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  credential?: string;
  /** A command may be repeated without being done twice. */
  isCommand?: boolean;
}

/** Longer than a slow phone takes, shorter than somebody stares at a page that does nothing. */
const ANSWER_LIMIT_MS = 15_000;
const MOST_UNANSWERED = 32;
/** For a file that may be large. */
const FILE_LIMIT_MS = 300_000;

export class Api {
  readonly #fetch: typeof fetch;
  /** The keys of commands that got no answer: doing one again is the same command. */
  readonly #unanswered = new Map<string, string>();

  constructor(fetcher: typeof fetch = fetch.bind(globalThis)) {
    this.#fetch = fetcher;
  }

  server(): Promise<ServerInfo> {
    return this.#json({ method: "GET", path: "server" });
  }

  setUp(body: SetUp): Promise<Me> {
    return this.#json({ method: "POST", path: "setup", body });
  }

  /** Who is signed in then, or what the account asks for beside the password. */
  signIn(body: SignIn): Promise<Me | SecondFactorAsked> {
    return this.#json({ method: "POST", path: "session", body });
  }

  showSecondFactor(body: SecondFactor): Promise<Me> {
    return this.#json({ method: "POST", path: "session/second-factor", body });
  }

  beginPasskey(): Promise<PasskeyCeremony> {
    return this.#json({ method: "POST", path: "session/passkey/options" });
  }

  /** Signs in, or proves again who sits there. */
  signInWithPasskey(body: UsePasskey): Promise<Me> {
    return this.#json({ method: "POST", path: "session/passkey", body });
  }

  /** Where the browser goes, to sign in by the organisation's identity provider. */
  beginSingleSignOn(body: BeginSingleSignOn): Promise<SingleSignOnBegun> {
    return this.#json({ method: "POST", path: "session/single-sign-on", body });
  }

  /** Who is signed in then, or what the account asks for beside the provider's word. */
  finishSingleSignOn(body: FinishSingleSignOn): Promise<Me | SecondFactorAsked> {
    return this.#json({ method: "POST", path: "session/single-sign-on/finish", body });
  }

  connectSingleSignOn(): Promise<SingleSignOnBegun> {
    return this.#json({ method: "POST", path: "account/single-sign-on" });
  }

  disconnectSingleSignOn(): Promise<void> {
    return this.#nothing({ method: "DELETE", path: "account/single-sign-on" });
  }

  stepUp(body: StepUp): Promise<Me> {
    return this.#json({ method: "POST", path: "session/step-up", body });
  }

  /** Who is signed in; `null` for nobody. */
  async session(): Promise<Me | null> {
    try {
      return await this.#json<Me>({ method: "GET", path: "session" });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  }

  signOut(): Promise<void> {
    return this.#nothing({ method: "DELETE", path: "session" });
  }

  signInWays(): Promise<SignInWays> {
    return this.#json({ method: "GET", path: "account/sign-in" });
  }

  beginTotp(): Promise<TotpBegun> {
    return this.#json({ method: "POST", path: "account/totp" });
  }

  setUpTotp(code: string): Promise<RecoveryCodes> {
    return this.#json({ method: "PUT", path: "account/totp", body: { code } });
  }

  removeTotp(): Promise<void> {
    return this.#nothing({ method: "DELETE", path: "account/totp" });
  }

  beginAddingPasskey(): Promise<PasskeyCeremony> {
    return this.#json({ method: "POST", path: "account/passkeys/options" });
  }

  addPasskey(body: AddPasskey): Promise<RecoveryCodes> {
    return this.#json({ method: "POST", path: "account/passkeys", body });
  }

  renamePasskey(id: string, label: string): Promise<void> {
    return this.#nothing({ method: "PUT", path: `account/passkeys/${id}`, body: { label } });
  }

  removePasskey(id: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `account/passkeys/${id}` });
  }

  makeRecoveryCodes(): Promise<RecoveryCodes> {
    return this.#json({ method: "POST", path: "account/recovery-codes" });
  }

  changePassword(password: string): Promise<void> {
    return this.#nothing({ method: "PUT", path: "account/password", body: { password } });
  }

  /** Mails a link to that address. The same answer for one that somebody has. */
  askForEmail(email: string): Promise<void> {
    return this.#nothing({ method: "POST", path: "account/email", body: { email } });
  }

  /** Spends that link. */
  confirmEmail(token: string): Promise<void> {
    return this.#nothing({ method: "POST", path: "account/email/confirm", body: { token } });
  }

  /** Asking keeps the session open. */
  sessions(): Promise<OpenSession[]> {
    return this.#json({ method: "GET", path: "account/sessions" });
  }

  endSession(id: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `account/sessions/${id}` });
  }

  endOtherSessions(): Promise<void> {
    return this.#nothing({ method: "DELETE", path: "account/sessions" });
  }

  vault(): Promise<AccountVault> {
    return this.#json({ method: "GET", path: "account/vault" });
  }

  /** Refused as `vault_moved_on` where another browser was first. */
  changeVault(body: ChangeVault): Promise<void> {
    return this.#nothing({ method: "PUT", path: "account/vault", body });
  }

  askForDevice(request: string): Promise<DeviceAsked> {
    return this.#json({ method: "POST", path: "account/device-requests", body: { request } });
  }

  endDeviceRequest(id: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `account/device-requests/${id}` });
  }

  createMeeting(body: CreateMeeting): Promise<Meeting> {
    return this.#json({ method: "POST", path: "meetings", body, isCommand: true });
  }

  async meetings(): Promise<Meeting[]> {
    const list = await this.#json<MeetingList>({ method: "GET", path: "meetings" });
    return list.meetings;
  }

  /** Refused as `changed_meanwhile` where it was changed since it was read. */
  changeMeeting(meeting: string, body: ChangeMeeting): Promise<Meeting> {
    return this.#json({ method: "PUT", path: `meetings/${meeting}`, body });
  }

  /** All of it, with what would follow. */
  cancelMeeting(meeting: string, sequence: number): Promise<CommandDone> {
    return this.#json({ method: "POST", path: `meetings/${meeting}/cancel`, body: { sequence }, isCommand: true });
  }

  /** The addresses on a meeting's list. */
  async invited(meeting: string): Promise<string[]> {
    const { invited } = await this.#json<InvitedList>({ method: "GET", path: `meetings/${meeting}/invited` });
    return invited;
  }

  inviteToMeeting(meeting: string, email: string): Promise<CommandDone> {
    return this.#json({ method: "POST", path: `meetings/${meeting}/invited/add`, body: { email }, isCommand: true });
  }

  /** Who is in by it is put out. */
  uninvite(meeting: string, email: string): Promise<CommandDone> {
    return this.#json({ method: "POST", path: `meetings/${meeting}/invited/remove`, body: { email }, isCommand: true });
  }

  join(code: string, body: JoinMeeting): Promise<Joined> {
    return this.#json({ method: "POST", path: `meetings/${encodeURIComponent(code)}/join`, body, isCommand: true });
  }

  ticket(seat: Seat): Promise<JoinTicket> {
    return this.#command(seat, "ticket");
  }

  /** The list of the devices of a participant's account. */
  devices({ meeting, credential }: Seat, participant: string): Promise<ParticipantDevices> {
    return this.#json({ method: "GET", path: `meetings/${meeting}/participants/${participant}/devices`, credential });
  }

  leave(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "leave");
  }

  /** Makes a code and a link with which somebody is helped. */
  openSupport(body: OpenSupport): Promise<SupportSession> {
    return this.#json({ method: "POST", path: "support/sessions", body, isCommand: true });
  }

  /** One's own of the last day. Asking keeps no session open. */
  async supportSessions(): Promise<SupportSession[]> {
    const { sessions } = await this.#json<SupportSessions>({ method: "GET", path: "support/sessions" });
    return sessions;
  }

  endSupport(session: string): Promise<CommandDone> {
    return this.#json({ method: "POST", path: `support/sessions/${session}/end`, isCommand: true });
  }

  /** Whose help it is. The same refusal for every code that is not in use. */
  supportOffer(code: string): Promise<SupportOffer> {
    return this.#json({ method: "GET", path: `support/codes/${encodeURIComponent(code)}` });
  }

  /** Computers that are helped when nobody is there. Asking keeps no session open. */
  async supportDevices(): Promise<SupportDevice[]> {
    const { devices } = await this.#json<SupportDevices>({ method: "GET", path: "support/devices" });
    return devices;
  }

  /** Resolves to a link that is typed at one computer, once. */
  inviteSupportDevice(): Promise<EnrolmentMade> {
    return this.#json({ method: "POST", path: "support/devices/enrolments" });
  }

  revokeSupportDevice(device: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `support/devices/${device}` });
  }

  grantSupportDevice(device: string, account: string): Promise<void> {
    return this.#nothing({ method: "POST", path: `support/devices/${device}/grants`, body: { account } });
  }

  withdrawSupportDevice(device: string, account: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `support/devices/${device}/grants/${account}` });
  }

  /** Where the caller may help when nobody is there. Asking keeps no session open. */
  async grantedDevices(): Promise<GrantedDevice[]> {
    const { devices } = await this.#json<GrantedDevices>({ method: "GET", path: "support/devices/granted" });
    return devices;
  }

  /** A session at a computer, and what is needed to be let in there. */
  openUnattended(device: string, body: OpenSupport): Promise<UnattendedOpened> {
    return this.#json({ method: "POST", path: `support/devices/${device}/sessions`, body, isCommand: true });
  }

  /** What was typed for a computer, sealed for it. Resolves once the computer lets its technician in. */
  sendCredentials(session: string, body: SendCredentials): Promise<void> {
    return this.#nothing({ method: "POST", path: `support/sessions/${session}/credentials`, body });
  }

  /** What policy permits in the session that takes place in this meeting. */
  supportTerms({ meeting, credential }: Seat): Promise<SupportTerms> {
    return this.#json({ method: "GET", path: `meetings/${meeting}/support/terms`, credential });
  }

  /** What whoever is here may do with a presenter's computer, and oneself with one's own: nothing where policy says so. */
  companionTerms({ meeting, credential }: Seat): Promise<SupportTerms> {
    return this.#json({ method: "GET", path: `meetings/${meeting}/companion/terms`, credential });
  }

  /** For the helper program on one's own computer: good once. */
  offerCompanion({ meeting, credential }: Seat): Promise<CompanionCode> {
    return this.#json({ method: "POST", path: `meetings/${meeting}/companion`, credential });
  }

  /** Whose hands may reach one's own computer; `null` for nobody's. */
  giveControl({ meeting, credential }: Seat, computer: string, to: string | null): Promise<CommandDone> {
    return this.#json({ method: "POST", path: `meetings/${meeting}/companion/${computer}/control`, body: { to }, credential, isCommand: true });
  }

  /** Those of the organisation that go on. For who supervises them; asking keeps no session open. */
  liveMeetings(): Promise<LiveMeetingList> {
    return this.#json({ method: "GET", path: "admin/meetings" });
  }

  /** Who is in one of them. */
  async livePeople(meeting: string): Promise<LivePerson[]> {
    const { people } = await this.#json<LivePeople>({ method: "GET", path: `admin/meetings/${meeting}/participants` });
    return people;
  }

  /** By the session of who supervises the meeting, without being in it. */
  expelFromOutside(meeting: string, participant: string): Promise<CommandDone> {
    return this.#json({ method: "POST", path: `meetings/${meeting}/participants/${participant}/expel`, isCommand: true });
  }

  /** Ends the meeting for all: as a host in it, or from outside as who made it or supervises it. */
  end(meeting: string, credential?: string): Promise<CommandDone> {
    return this.#json({
      method: "POST",
      path: `meetings/${meeting}/end`,
      isCommand: true,
      ...(credential === undefined ? {} : { credential }),
    });
  }

  admit(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `lobby/${participant}/admit`);
  }

  admitAll({ meeting, credential }: Seat, participants: readonly string[]): Promise<AdmittedAll> {
    return this.#json({ method: "POST", path: `meetings/${meeting}/lobby/admit-all`, body: { participants }, credential, isCommand: true });
  }

  /** Somebody in the lobby has shown this page that they know the passcode. */
  vouch(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `lobby/${participant}/vouch`);
  }

  deny(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `lobby/${participant}/deny`);
  }

  expel(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/expel`);
  }

  makeCoHost(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/make-co-host`);
  }

  takeBackCoHost(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/take-back-co-host`);
  }

  /** Only hosts show screens. */
  lockSharing(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "sharing/lock");
  }

  unlockSharing(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "sharing/unlock");
  }

  /** Nobody else shows a screen from then on. */
  handOver(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/hand-over`);
  }

  mute(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/mute`);
  }

  /** Everybody but oneself. */
  muteAll(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "mute-all");
  }

  stopVideo(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/stop-video`);
  }

  askToUnmute(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/ask-to-unmute`);
  }

  /** Nobody new comes in. */
  lock(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "lock");
  }

  unlock(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "unlock");
  }

  /** Another passcode holds: the next that follows from the link. */
  changePasscode(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "passcode");
  }

  /** The link alone lets people straight in again. */
  unguard(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "unguard");
  }

  /** Who has an account, and who is invited: every page. */
  async people(): Promise<People> {
    const all = await this.#json<People>({ method: "GET", path: "people" });
    let next = all.next ?? null;
    while (next !== null) {
      const page = await this.#json<People>({ method: "GET", path: `people?after=${next}` });
      all.people.push(...page.people);
      next = page.next ?? null;
    }
    return all;
  }

  /** Inviting an address again sends a fresh link. */
  invite(body: Invite): Promise<Invited> {
    return this.#json({ method: "POST", path: "invitations", body });
  }

  withdrawInvitation(id: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `invitations/${id}` });
  }

  /** Spends an invitation's link; signs in. */
  acceptInvitation(body: Accept): Promise<Me> {
    return this.#json({ method: "POST", path: "invitations/accept", body });
  }

  changePerson(account: string, what: PersonChange): Promise<void> {
    return this.#nothing({ method: "POST", path: `people/${account}/${what}`, isCommand: true });
  }

  changeRole(account: string, role: AccountRole): Promise<void> {
    return this.#nothing({ method: "POST", path: `people/${account}/role`, body: { role }, isCommand: true });
  }

  /** The same answer for every address. */
  askForAccount(email: string): Promise<void> {
    return this.#nothing({ method: "POST", path: "account-requests", body: { email } });
  }

  confirmAccountRequest(body: Accept): Promise<void> {
    return this.#nothing({ method: "POST", path: "account-requests/confirm", body });
  }

  /** The same answer for every address. */
  askForReset(email: string): Promise<void> {
    return this.#nothing({ method: "POST", path: "password-resets", body: { email } });
  }

  resetPassword(body: ResetPassword): Promise<void> {
    return this.#nothing({ method: "POST", path: "password-resets/finish", body });
  }

  groups(): Promise<GroupList> {
    return this.#json({ method: "GET", path: "groups" });
  }

  group(id: string): Promise<GroupMembers> {
    return this.#json({ method: "GET", path: `groups/${id}` });
  }

  createGroup(name: string): Promise<Group> {
    return this.#json({ method: "POST", path: "groups", body: { name } });
  }

  renameGroup(id: string, name: string): Promise<void> {
    return this.#nothing({ method: "PUT", path: `groups/${id}`, body: { name } });
  }

  deleteGroup(id: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `groups/${id}` });
  }

  addToGroup(id: string, account: string): Promise<void> {
    return this.#nothing({ method: "PUT", path: `groups/${id}/members/${account}` });
  }

  removeFromGroup(id: string, account: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `groups/${id}/members/${account}` });
  }

  policy(subject: PolicySubject): Promise<Policy> {
    return this.#json({ method: "GET", path: pathOf(subject) });
  }

  /** Refused as `changed_meanwhile` where somebody changed any policy since `revision`. */
  changePolicy(subject: PolicySubject, revision: number, settings: PolicySettings): Promise<Policy> {
    return this.#json({ method: "PUT", path: pathOf(subject), body: { revision, settings } });
  }

  previewPolicy(subject: PolicySubject, settings: PolicySettings): Promise<PolicyPreview> {
    const about = subject.layer === "organisation" ? {} : { [subject.layer]: subject.id };
    return this.#json({ method: "POST", path: "policies/preview", body: { ...about, settings } });
  }

  explainPolicy(account: string): Promise<Explained> {
    return this.#json({ method: "GET", path: `policies/explain?account=${account}` });
  }

  enterProfile(): Promise<Policy> {
    return this.#json({ method: "POST", path: "policies/profile" });
  }

  askToLeaveProfile(): Promise<Policy> {
    return this.#json({ method: "POST", path: "policies/profile/leave" });
  }

  confirmToLeaveProfile(): Promise<Policy> {
    return this.#json({ method: "POST", path: "policies/profile/leave/confirm" });
  }

  /** Those that ended lately too. */
  programs(): Promise<ProgramList> {
    return this.#json({ method: "GET", path: "programs" });
  }

  /** The answer has the program's key, this once. */
  makeProgram(body: MakeProgram): Promise<ProgramMade> {
    return this.#json({ method: "POST", path: "programs", body });
  }

  revokeProgram(id: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `programs/${id}` });
  }

  /** Meetings that went on or took place, the latest first. What is empty does not narrow. */
  meetingSessions(search: Record<string, string>): Promise<MeetingSessionList> {
    return this.#json({ method: "GET", path: `admin/sessions${queryOf(search)}` });
  }

  /** Who was in one, and what happened. */
  meetingSession(id: string): Promise<MeetingSessionDetail> {
    return this.#json({ method: "GET", path: `admin/sessions/${id}` });
  }

  /** How somebody's media did in it, minute by minute. */
  participantQuality(session: string, participant: string): Promise<ParticipantQuality> {
    return this.#json({ method: "GET", path: `admin/sessions/${session}/participants/${participant}/quality` });
  }

  report(kind: ReportKind, { from, to }: Span): Promise<Report> {
    return this.#json({ method: "GET", path: `admin/reports/${kind}${queryOf({ from, to })}` });
  }

  /** Where the browser finds the same as a file. */
  reportFile(kind: ReportKind, { from, to }: Span, format: "csv" | "pdf"): string {
    return `/api/v1/admin/reports/${kind}${queryOf({ from, to, format })}`;
  }

  /** As things are, or as they stood on record at a moment before. */
  evidence(at: string | null): Promise<Evidence> {
    return this.#json({ method: "GET", path: at === null ? "evidence" : `evidence?at=${encodeURIComponent(at)}` });
  }

  decide(subject: string, body: Decide): Promise<Decision> {
    return this.#json({ method: "PUT", path: `evidence/decisions/${subject}`, body });
  }

  settingsReview(): Promise<Review> {
    return this.#json({ method: "GET", path: "evidence/review" });
  }

  /** Refused as `changed_meanwhile` where a setting is another than it was. */
  signSettingsReview(digest: string): Promise<void> {
    return this.#nothing({ method: "POST", path: "evidence/review", body: { digest } });
  }

  agreements(): Promise<AgreementList> {
    return this.#json({ method: "GET", path: "agreements" });
  }

  addAgreement(body: KeepAgreement): Promise<void> {
    return this.#nothing({ method: "POST", path: "agreements", body });
  }

  changeAgreement(id: string, body: KeepAgreement): Promise<void> {
    return this.#nothing({ method: "PUT", path: `agreements/${id}`, body });
  }

  /** The evidence as a file: as it stood at a moment, or as it is. */
  async exportEvidence(format: "pdf" | "json", at: string | null): Promise<Blob> {
    const headers = { "Content-Type": "application/json" };
    const request: RequestInit = { method: "POST", headers, cache: "no-store", body: JSON.stringify({ format, at }) };
    return (await this.#answer("evidence/export", request, (response) => response.blob(), FILE_LIMIT_MS)) as Blob;
  }

  /** What was taken out lately, newest first. */
  async evidenceExports(): Promise<KeptExport[]> {
    return (await this.#json<EvidenceExportList>({ method: "GET", path: "evidence/exports" })).exports;
  }

  risks(): Promise<RiskRegister> {
    return this.#json({ method: "GET", path: "risks" });
  }

  assessRisk(risk: string, body: AssessRisk): Promise<Risk> {
    return this.#json({ method: "PUT", path: `risks/${risk}`, body });
  }

  complaints(): Promise<ComplaintList> {
    return this.#json({ method: "GET", path: "complaints" });
  }

  enterComplaint(body: EnterComplaint): Promise<Complaint> {
    return this.#json({ method: "POST", path: "complaints", body });
  }

  /** What was said. That it was read is on record. */
  complaintWords(id: string): Promise<ComplaintWords> {
    return this.#json({ method: "GET", path: `complaints/${id}/words` });
  }

  closeComplaint(id: string, body: CloseComplaint): Promise<void> {
    return this.#nothing({ method: "POST", path: `complaints/${id}/close`, body });
  }

  /** Which sessions were kept, what they are sealed to, and for how long. */
  recordings(): Promise<RecordingList> {
    return this.#json({ method: "GET", path: "support/recordings" });
  }

  makeRecordingKey(body: MakeRecordingKey): Promise<RecordingKey> {
    return this.#json({ method: "POST", path: "support/recordings/keys", body });
  }

  setRecordingRetention(days: number): Promise<void> {
    return this.#nothing({ method: "PUT", path: "support/recordings/retention", body: { days } });
  }

  /** Says why somebody wants to see it. */
  playRecording(id: string, reason: string): Promise<RecordingPlay> {
    return this.#json({ method: "POST", path: `support/recordings/${id}/plays`, body: { reason } });
  }

  /** A sealed piece; `null` where the server has none. */
  async recordingPiece(recording: string, play: string, number: number): Promise<Uint8Array | null> {
    const path = `support/recordings/${recording}/plays/${play}/${number}`;
    try {
      const bytes = await this.#answer(path, { method: "GET", cache: "no-store" }, (response) => response.arrayBuffer(), FILE_LIMIT_MS);
      return new Uint8Array(bytes as ArrayBuffer);
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return null;
      throw error;
    }
  }

  /** Who was trained in what, and whose training is over. */
  trainings(): Promise<TrainingList> {
    return this.#json({ method: "GET", path: "trainings" });
  }

  enterTraining(body: EnterTraining): Promise<Training> {
    return this.#json({ method: "POST", path: "trainings", body });
  }

  /** What the register says of one's own. */
  ownTrainings(): Promise<OwnTrainings> {
    return this.#json({ method: "GET", path: "account/trainings" });
  }

  /** It was so. */
  acknowledgeTraining(id: string): Promise<void> {
    return this.#nothing({ method: "POST", path: `account/trainings/${id}/acknowledge` });
  }

  /** It was entered by mistake. */
  withdrawTraining(id: string): Promise<void> {
    return this.#nothing({ method: "POST", path: `trainings/${id}/withdraw` });
  }

  /** How emergency access stands for who is signed in. */
  emergency(): Promise<EmergencyStanding> {
    return this.#json({ method: "GET", path: "emergency" });
  }

  invokeEmergency(body: InvokeEmergency): Promise<OpenEmergency> {
    return this.#json({ method: "POST", path: "emergency", body });
  }

  endEmergency(): Promise<void> {
    return this.#nothing({ method: "POST", path: "emergency/end" });
  }

  /** The organisation's that go on, oldest first. */
  async emergencyMeetings(): Promise<LiveMeeting[]> {
    const list = await this.#json<LiveMeetingList>({ method: "GET", path: "emergency/meetings" });
    return list.meetings;
  }

  enterByEmergency(meeting: string): Promise<Joined> {
    return this.#json({ method: "POST", path: `emergency/meetings/${meeting}/enter` });
  }

  emergencies(): Promise<EmergencyUses> {
    return this.#json({ method: "GET", path: "emergency/uses" });
  }

  /** What was said of a use. That it was read is on record. */
  emergencyWords(id: string): Promise<EmergencyWords> {
    return this.#json({ method: "GET", path: `emergency/uses/${id}/words` });
  }

  reviewEmergency(id: string, body: ReviewEmergency): Promise<void> {
    return this.#nothing({ method: "POST", path: `emergency/uses/${id}/review`, body });
  }

  /** Which sealed codes are left; never the codes. */
  emergencyCodes(): Promise<EmergencyCodes> {
    return this.#json({ method: "GET", path: "emergency/codes" });
  }

  /** In place of those before. */
  makeEmergencyCodes(): Promise<EmergencyCodesMade> {
    return this.#json({ method: "POST", path: "emergency/codes" });
  }

  /** With one of the sealed codes, for emergency access alone. */
  signInByEmergencyCode(body: SignInByEmergencyCode): Promise<Me> {
    return this.#json({ method: "POST", path: "session/emergency", body });
  }

  /** Those of whoever is signed in, and those that others share. */
  savedViews(): Promise<SavedViewList> {
    return this.#json({ method: "GET", path: "admin/views" });
  }

  saveView(body: SaveView): Promise<SavedView> {
    return this.#json({ method: "POST", path: "admin/views", body });
  }

  /** With what it looks for, where all that it names is still there. */
  openView(id: string): Promise<SavedView> {
    return this.#json({ method: "GET", path: `admin/views/${id}` });
  }

  changeView(id: string, body: ChangeView): Promise<void> {
    return this.#nothing({ method: "PUT", path: `admin/views/${id}`, body });
  }

  removeView(id: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `admin/views/${id}` });
  }

  anomalies(): Promise<AnomalyList> {
    return this.#json({ method: "GET", path: "admin/anomalies" });
  }

  /** What its reviewer said of a finding. That it was read is on record. */
  anomalyWords(id: string): Promise<AnomalyWords> {
    return this.#json({ method: "GET", path: `admin/anomalies/${id}/words` });
  }

  reviewAnomaly(id: string, body: ReviewAnomaly): Promise<void> {
    return this.#nothing({ method: "POST", path: `admin/anomalies/${id}/review`, body });
  }

  anomalyRules(): Promise<AnomalyRules> {
    return this.#json({ method: "GET", path: "admin/anomalies/rules" });
  }

  changeAnomalyRules(body: ChangeAnomalyRules): Promise<AnomalyRules> {
    return this.#json({ method: "PUT", path: "admin/anomalies/rules", body });
  }

  /** What somebody did, and what was done to their account. That it was read is on record. */
  personTimeline(account: string, { from, to }: Span, before: string | null): Promise<PersonTimeline> {
    return this.#json({ method: "GET", path: `admin/people/${account}/timeline${queryOf({ from, to, before: before ?? "" })}` });
  }

  #command<T>(seat: Seat, name: string): Promise<T> {
    return this.#json({
      method: "POST",
      path: `meetings/${seat.meeting}/${name}`,
      credential: seat.credential,
      isCommand: true,
    });
  }

  auditLog(): Promise<AuditLog> {
    return this.#json({ method: "GET", path: "audit/log" });
  }

  /** Newest first. */
  auditEntries(question: AuditQuestion): Promise<AuditEntries> {
    const asked = Object.entries(question).map(([name, value]): [string, string] => [name, String(value)]);
    const query = new URLSearchParams(asked).toString();
    return this.#json({ method: "GET", path: query === "" ? "audit/entries" : `audit/entries?${query}` });
  }

  /** The text of a `.tlog-proof` file. */
  async auditProof(seq: number): Promise<string> {
    const request: RequestInit = { method: "GET", cache: "no-store" };
    return (await this.#answer(`audit/entries/${seq}/proof`, request, (response) => response.text())) as string;
  }

  /** The log of the organisation of whoever is signed in, or of a meeting that somebody is in; asking keeps no session open. */
  auditCheckpoint(since: number | null, seat?: Seat): Promise<AuditCheckpoint> {
    const path = since === null ? "audit/checkpoint" : `audit/checkpoint?since=${since}`;
    return this.#json(seat === undefined ? { method: "GET", path } : { method: "GET", path, credential: seat.credential });
  }

  /** The log, or a part of it, as a ZIP. */
  async exportAudit(body: ExportAudit): Promise<Blob> {
    const headers = { "Content-Type": "application/json" };
    const request: RequestInit = { method: "POST", headers, cache: "no-store", body: JSON.stringify(body) };
    return (await this.#answer("audit/export", request, (response) => response.blob(), FILE_LIMIT_MS)) as Blob;
  }

  async #json<T>(call: Call): Promise<T> {
    return (await this.#send(call)) as T;
  }

  async #nothing(call: Call): Promise<void> {
    await this.#send(call);
  }

  async #send({ method, path, body, credential, isCommand }: Call): Promise<unknown> {
    const headers = new Headers({ Accept: "application/json" });
    if (body !== undefined) headers.set("Content-Type", "application/json");
    if (credential !== undefined) headers.set("Authorization", `Bearer ${credential}`);
    const request: RequestInit = { method, headers, cache: "no-store" };
    if (body !== undefined) request.body = JSON.stringify(body);
    if (isCommand !== true) return await this.#answer(path, request);

    const intention = `${method} ${path} ${credential ?? ""} ${JSON.stringify(body)}`;
    headers.set("Idempotency-Key", this.#keyOf(intention));
    try {
      const answer = await this.#answer(path, request);
      this.#unanswered.delete(intention);
      return answer;
    } catch (error) {
      if (error instanceof Problem && isAnswer(error)) this.#unanswered.delete(intention);
      throw error;
    }
  }

  #keyOf(intention: string): string {
    const key = this.#unanswered.get(intention) ?? crypto.randomUUID();
    this.#unanswered.delete(intention);
    this.#unanswered.set(intention, key);
    const [oldest] = this.#unanswered.keys();
    if (this.#unanswered.size > MOST_UNANSWERED && oldest !== undefined) this.#unanswered.delete(oldest);
    return key;
  }

  /** Without an answer in time, whole and readable, there is none. */
  async #answer(path: string, request: RequestInit, read: (response: Response) => Promise<unknown> = parsed, most = ANSWER_LIMIT_MS): Promise<unknown> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), most);
    try {
      const response = await this.#fetch(`/api/v1/${path}`, { ...request, signal: limit.signal });
      if (!response.ok) throw await problemOf(response);
      return await read(response);
    } catch (error) {
      throw error instanceof Problem ? error : new Problem(OFFLINE, 0);
    } finally {
      clearTimeout(timer);
    }
  }
}

function queryOf(values: Record<string, string>): string {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

function pathOf(subject: PolicySubject): string {
  return subject.layer === "organisation" ? "policies/organisation" : `policies/${subject.layer}s/${subject.id}`;
}

/** A gateway's own error (502, 504) says nothing about whether the command was done. */
function isAnswer({ code, status }: Problem): boolean {
  return code !== OFFLINE && !(code === UNEXPECTED && status >= 500);
}

async function parsed(response: Response): Promise<unknown> {
  const body = await response.text();
  return body === "" ? undefined : (JSON.parse(body) as unknown);
}
