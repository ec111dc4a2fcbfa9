/** What a host says of when a meeting ends by itself, and when a screen is taken off whose presenter does nothing. */

import type { CreateMeeting } from "../../api/wire.ts";

type TimeOutName = keyof NonNullable<CreateMeeting["time_outs"]>;

/** What of it the server is told; nothing where all is as the organisation has it. */
export type OwnTimeOuts = Pick<CreateMeeting, "time_outs">;

/** In minutes; `null`: as the organisation has it. */
export type ChosenTimeOuts = Readonly<Record<TimeOutName, number | null>>;

export const TIME_OUT_NAMES = ["idle_share", "host_absent", "empty", "longest"] as const satisfies readonly TimeOutName[];

/** In minutes. Of an installation as it is shipped none is longer than its own; one that is stricter refuses the longer ones. */
export const TIME_OUT_CHOICES: Readonly<Record<TimeOutName, readonly number[]>> = {
  idle_share: [5, 10, 15, 30],
  host_absent: [5, 15, 30, 60],
  empty: [5, 15, 30, 60],
  longest: [60, 120, 240, 480],
};

export const AS_THE_ORGANISATION_HAS: ChosenTimeOuts = { idle_share: null, host_absent: null, empty: null, longest: null };

export function ownTimeOuts(chosen: ChosenTimeOuts): OwnTimeOuts {
  if (TIME_OUT_NAMES.every((name) => chosen[name] === null)) return {};
  return {
    time_outs: {
      idle_share: seconds(chosen.idle_share),
      host_absent: seconds(chosen.host_absent),
      empty: seconds(chosen.empty),
      longest: seconds(chosen.longest),
    },
  };
}

function seconds(minutes: number | null): number | null {
  return minutes === null ? null : minutes * 60;
}
