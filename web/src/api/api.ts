/** Conclave's HTTP API: the routes of every noun in one object, over the same requests. */

import { accountRoutes } from "./account.ts";
import { anomalyRoutes } from "./anomalies.ts";
import { auditRoutes } from "./audit.ts";
import { companionRoutes } from "./companions.ts";
import { computerRoutes } from "./computers.ts";
import { emergencyRoutes } from "./emergency.ts";
import { evidenceRoutes } from "./evidence.ts";
import { groupRoutes } from "./groups.ts";
import { meetingRoutes } from "./meetings.ts";
import { peopleRoutes } from "./people.ts";
import { policyRoutes } from "./policies.ts";
import { programRoutes } from "./programs.ts";
import { recordingRoutes } from "./recordings.ts";
import { registerRoutes } from "./registers.ts";
import { reportRoutes } from "./reports.ts";
import { Requests } from "./requests.ts";
import { roomRoutes } from "./room.ts";
import { sessionRoutes } from "./sessions.ts";
import { signInRoutes } from "./sign-in.ts";
import { supportRoutes } from "./support.ts";
import { viewRoutes } from "./views.ts";

export type Api = ReturnType<typeof routesOver>;

/** Made with `new`, which gives what its function returns: each noun's routes are written as values, and no class has them all. */
export const Api = function over(fetcher: typeof fetch = fetch.bind(globalThis)): Api {
  return routesOver(new Requests(fetcher));
} as unknown as new (fetcher?: typeof fetch) => Api;

function routesOver(requests: Requests) {
  return {
    ...signInRoutes(requests),
    ...accountRoutes(requests),
    ...peopleRoutes(requests),
    ...groupRoutes(requests),
    ...policyRoutes(requests),
    ...programRoutes(requests),
    ...meetingRoutes(requests),
    ...roomRoutes(requests),
    ...companionRoutes(requests),
    ...supportRoutes(requests),
    ...computerRoutes(requests),
    ...recordingRoutes(requests),
    ...sessionRoutes(requests),
    ...reportRoutes(requests),
    ...viewRoutes(requests),
    ...anomalyRoutes(requests),
    ...auditRoutes(requests),
    ...evidenceRoutes(requests),
    ...registerRoutes(requests),
    ...emergencyRoutes(requests),
  };
}
