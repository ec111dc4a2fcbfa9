/** The shapes that cross the wire, under short names. Generated from the server's own description of them. */

import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type ServerInfo = Schemas["ServerInfo"];
export type SetUp = Schemas["SetUp"];
export type SignIn = Schemas["SignIn"];
export type Me = Schemas["Me"];

export type AccountVault = Schemas["AccountVault"];
export type ChangeVault = Schemas["ChangeVault"];
export type DeviceAsked = Schemas["DeviceAsked"];
export type ParticipantDevices = Schemas["ParticipantDevices"];

export type CreateMeeting = Schemas["CreateMeeting"];
export type Meeting = Schemas["Meeting"];
export type MeetingList = Schemas["MeetingList"];
export type JoinMeeting = Schemas["JoinMeeting"];
export type Joined = Schemas["Joined"];
export type JoinTicket = Schemas["JoinTicket"];
export type CommandDone = Schemas["CommandDone"];
export type AdmittedAll = Schemas["AdmittedAll"];
export type Admission = Schemas["Admission"];

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
