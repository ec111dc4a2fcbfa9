/** The shapes that cross the wire, under short names. Generated from the server's own description of them. */

import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type ServerInfo = Schemas["ServerInfo"];
export type SetUp = Schemas["SetUp"];
export type SignIn = Schemas["SignIn"];
export type Me = Schemas["Me"];

export type SecondFactorAsked = Schemas["SecondFactorAsked"];
export type SecondFactor = Schemas["SecondFactor"];
export type SignInWays = Schemas["SignInWays"];
export type Passkey = Schemas["Passkey"];
export type TotpBegun = Schemas["TotpBegun"];
export type PasskeyCeremony = Schemas["PasskeyCeremony"];
export type AddPasskey = Schemas["AddPasskey"];
export type UsePasskey = Schemas["UsePasskey"];
export type StepUp = Schemas["StepUp"];
export type RecoveryCodes = Schemas["RecoveryCodes"];
export type OpenSession = Schemas["OpenSession"];

export type AccountVault = Schemas["AccountVault"];
export type ChangeVault = Schemas["ChangeVault"];
export type DeviceAsked = Schemas["DeviceAsked"];
export type ParticipantDevices = Schemas["ParticipantDevices"];

export type CreateMeeting = Schemas["CreateMeeting"];
export type Meeting = Schemas["Meeting"];
export type Schedule = Schemas["Schedule"];
export type Repeats = Schemas["Repeats"];
export type Weekday = Schemas["Weekday"];
export type Occurrence = Schemas["Occurrence"];
export type ChangeMeeting = Schemas["ChangeMeeting"];
export type InvitedList = Schemas["InvitedList"];
export type MeetingList = Schemas["MeetingList"];
export type JoinMeeting = Schemas["JoinMeeting"];
export type Joined = Schemas["Joined"];
export type JoinTicket = Schemas["JoinTicket"];
export type CommandDone = Schemas["CommandDone"];
export type AdmittedAll = Schemas["AdmittedAll"];
export type Admission = Schemas["Admission"];

export type Ending = Schemas["Ending"];
export type EndCause = Schemas["EndCause"];
export type LiveMeeting = Schemas["LiveMeeting"];
export type LiveMeetingList = Schemas["LiveMeetingList"];
export type LivePerson = Schemas["LivePerson"];
export type LivePeople = Schemas["LivePeople"];
export type MeetingSession = Schemas["MeetingSession"];
export type MeetingSessionList = Schemas["MeetingSessionList"];
export type MeetingSessionDetail = Schemas["MeetingSessionDetail"];
export type Attendee = Schemas["Attendee"];
export type Moment = Schemas["Moment"];
export type MediaFlow = Schemas["MediaFlow"];
export type ParticipantQuality = Schemas["ParticipantQuality"];
export type StreamInterval = Schemas["StreamInterval"];
export type Report = Schemas["Report"];
export type ReportKind = Schemas["ReportKind"];
export type ReportCell = Schemas["ReportCell"];
export type ReportUnit = Schemas["ReportUnit"];

export type MeetingFacts = Schemas["MeetingFacts"];
export type RosterEntry = Schemas["RosterEntry"];
export type LobbyEntry = Schemas["LobbyEntry"];
export type Welcome = Schemas["Welcome"];
export type ChannelEvent = Schemas["Event"];
export type ByeReason = Schemas["Bye"];
export type Downstream = Schemas["Downstream"];
export type Upstream = Schemas["Upstream"];

/** What of it is about the members' group. */
export type MlsUpstream = Extract<Upstream, { type: `mls_${string}` }>;
export type MlsDirect = Extract<Downstream, { type: `mls_${string}` }>;
export type MlsEvent = Extract<ChannelEvent, { kind: `mls_${string}` }>;
export type ExternalSender = Schemas["ExternalSender"];
export type CurrentGroup = Schemas["CurrentGroup"];
export type DataMode = Schemas["DataMode"];

export type AccountRole = Schemas["AccountRole"];
export type People = Schemas["People"];
export type Person = Schemas["Person"];
export type InvitedPerson = Schemas["Invitation"];
export type Invite = Schemas["Invite"];
export type Invited = Schemas["Invited"];
export type Accept = Schemas["Accept"];
export type ResetPassword = Schemas["ResetPassword"];
export type Permitted = Schemas["Permitted"];
export type Policy = Schemas["Policy"];
export type PolicySettings = Policy["settings"];
export type PolicyPreview = Schemas["PolicyPreview"];
export type PolicyChange = Schemas["PolicyChange"];
export type Setting = Schemas["Setting"];
export type SettingValue = Schemas["SettingValue"];
export type PolicySource = Schemas["Source"];
export type Explained = Schemas["Explained"];
export type Explanation = Schemas["Explanation"];
export type Group = Schemas["Group"];
export type GroupList = Schemas["GroupList"];
export type GroupMember = Schemas["GroupMember"];
export type GroupMembers = Schemas["GroupMembers"];
export type Program = Schemas["Program"];
export type ProgramList = Schemas["ProgramList"];
export type ProgramScope = Schemas["ProgramScope"];
export type MakeProgram = Schemas["MakeProgram"];
export type ProgramMade = Schemas["ProgramMade"];
export type Evidence = Schemas["Evidence"];
export type Safeguard = Schemas["Safeguard"];
export type Claim = Schemas["Claim"];
export type ClaimState = Schemas["ClaimState"];
export type Ground = Schemas["Ground"];
export type Decide = Schemas["Decide"];
export type Decision = Schemas["Decision"];
export type Review = Schemas["Review"];
export type ReviewedSetting = Schemas["ReviewedSetting"];
export type Agreement = Schemas["Agreement"];
export type AgreementList = Schemas["AgreementList"];
export type KeepAgreement = Schemas["KeepAgreement"];

export type BeginSingleSignOn = Schemas["BeginSingleSignOn"];
export type FinishSingleSignOn = Schemas["FinishSingleSignOn"];
export type SingleSignOnBegun = Schemas["SingleSignOnBegun"];

export type AuditLog = Schemas["AuditLog"];
export type AuditEntries = Schemas["AuditEntries"];
export type AuditCheckpoint = Schemas["AuditCheckpoint"];
export type ExportAudit = Schemas["ExportAudit"];
export type EmergencyReason = Schemas["EmergencyReason"];
export type EmergencyOutcome = Schemas["EmergencyOutcome"];
export type EmergencyStanding = Schemas["EmergencyStanding"];
export type OpenEmergency = Schemas["OpenEmergency"];
export type InvokeEmergency = Schemas["InvokeEmergency"];
export type EmergencyUse = Schemas["EmergencyUse"];
export type EmergencyUses = Schemas["EmergencyUses"];
export type EmergencyDrills = Schemas["EmergencyDrills"];
export type EmergencyWords = Schemas["EmergencyWords"];
export type ReviewEmergency = Schemas["ReviewEmergency"];
