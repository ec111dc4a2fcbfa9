/** What a participant does in a meeting. */

import type { Requests, Seat } from "./requests.ts";
import type { AdmittedAll, CommandDone, JoinTicket, ParticipantDevices } from "./wire.ts";

export function roomRoutes(requests: Requests) {
  return {
    ticket: (seat: Seat) => requests.command<JoinTicket>(seat, "ticket"),

    /** The list of the devices of a participant's account. */
    devices: ({ meeting, credential }: Seat, participant: string) =>
      requests.json<ParticipantDevices>({ method: "GET", path: `meetings/${meeting}/participants/${participant}/devices`, credential }),

    leave: (seat: Seat) => requests.command(seat, "leave"),

    /** Ends the meeting for all: as a host in it, or from outside as who made it or supervises it. */
    end: (meeting: string, credential?: string) =>
      requests.json<CommandDone>({
        method: "POST",
        path: `meetings/${meeting}/end`,
        isCommand: true,
        ...(credential === undefined ? {} : { credential }),
      }),

    admit: (seat: Seat, participant: string) => requests.command(seat, `lobby/${participant}/admit`),

    admitAll: ({ meeting, credential }: Seat, participants: readonly string[]) =>
      requests.json<AdmittedAll>({
        method: "POST",
        path: `meetings/${meeting}/lobby/admit-all`,
        body: { participants },
        credential,
        isCommand: true,
      }),

    /** Somebody in the lobby has shown this page that they know the passcode. */
    vouch: (seat: Seat, participant: string) => requests.command(seat, `lobby/${participant}/vouch`),

    deny: (seat: Seat, participant: string) => requests.command(seat, `lobby/${participant}/deny`),

    expel: (seat: Seat, participant: string) => requests.command(seat, `participants/${participant}/expel`),

    makeCoHost: (seat: Seat, participant: string) => requests.command(seat, `participants/${participant}/make-co-host`),

    takeBackCoHost: (seat: Seat, participant: string) => requests.command(seat, `participants/${participant}/take-back-co-host`),

    /** Only hosts show screens. */
    lockSharing: (seat: Seat) => requests.command(seat, "sharing/lock"),

    unlockSharing: (seat: Seat) => requests.command(seat, "sharing/unlock"),

    /** Nobody else shows a screen from then on. */
    handOver: (seat: Seat, participant: string) => requests.command(seat, `participants/${participant}/hand-over`),

    mute: (seat: Seat, participant: string) => requests.command(seat, `participants/${participant}/mute`),

    /** Everybody but oneself. */
    muteAll: (seat: Seat) => requests.command(seat, "mute-all"),

    stopVideo: (seat: Seat, participant: string) => requests.command(seat, `participants/${participant}/stop-video`),

    askToUnmute: (seat: Seat, participant: string) => requests.command(seat, `participants/${participant}/ask-to-unmute`),

    /** Nobody new comes in. */
    lock: (seat: Seat) => requests.command(seat, "lock"),

    unlock: (seat: Seat) => requests.command(seat, "unlock"),

    /** Another passcode holds: the next that follows from the link. */
    changePasscode: (seat: Seat) => requests.command(seat, "passcode"),

    /** The link alone lets people straight in again. */
    unguard: (seat: Seat) => requests.command(seat, "unguard"),
  };
}
