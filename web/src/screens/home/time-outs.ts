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

const AS_THE_ORGANISATION_HAS: ChosenTimeOuts = { idle_share: null, host_absent: null, empty: null, longest: null };

/** As a meeting has them. */
export function chosenTimeOuts(own: OwnTimeOuts["time_outs"]): ChosenTimeOuts {
  return { idle_share: minutes(own?.idle_share), host_absent: minutes(own?.host_absent), empty: minutes(own?.empty), longest: minutes(own?.longest) };
}

/** Nothing where it stays as it was: one that is longer than a server has since become is not said again. */
export function ownTimeOuts(chosen: ChosenTimeOuts, before: ChosenTimeOuts = AS_THE_ORGANISATION_HAS): OwnTimeOuts {
  if (TIME_OUT_NAMES.every((name) => chosen[name] === before[name])) return {};
  return {
    time_outs: {
      idle_share: seconds(chosen.idle_share),
      host_absent: seconds(chosen.host_absent),
      empty: seconds(chosen.empty),
      longest: seconds(chosen.longest),
    },
  };
}

function minutes(own: number | null | undefined): number | null {
  return typeof own === "number" ? own / 60 : null;
}

/** Whole ones, of which a program may have chosen some that are no whole minutes. */
function seconds(chosen: number | null): number | null {
  return chosen === null ? null : Math.round(chosen * 60);
}
