/** Which screen an address means. */

import type { FinishSingleSignOn } from "./api/wire.ts";
import { readCode, readSecret } from "./call/invitation.ts";
import { readAnswer } from "./call/journey.ts";

export type Route =
  | { screen: "start" }
  | { screen: "setUp"; token: string | null }
  | { screen: "signIn" }
  | { screen: "signedIn"; answer: FinishSingleSignOn | null }
  | { screen: "account" }
  | { screen: "liveMeetings" }
  | { screen: "groups" }
  | { screen: "policies" }
  | { screen: "join"; code: string; secret: string | null }
  | { screen: "invited"; token: string | null }
  | { screen: "requested"; token: string | null }
  | { screen: "reset"; token: string | null }
  | { screen: "email"; token: string | null }
  | { screen: "forgot" }
  | { screen: "askForAccount" }
  | { screen: "people" }
  | { screen: "programs" }
  | { screen: "computers" }
  | { screen: "recordings" }
  /** `entry`: the one that somebody came for, by its id. */
  | { screen: "auditLog"; entry: string | null }
  | { screen: "sessions"; session: string | null }
  | { screen: "reports" }
  | { screen: "anomalies" }
  | { screen: "timeline"; account: string }
  | { screen: "evidence" }
  | { screen: "promises" }
  | { screen: "review" }
  | { screen: "agreements" }
  | { screen: "risks" }
  | { screen: "complaints" }
  | { screen: "trainings" }
  | { screen: "exports" }
  | { screen: "emergencies" }
  | { screen: "emergency" }
  | { screen: "sealedCode" }
  | { screen: "support" }
  | { screen: "console"; session: string }
  | { screen: "help"; code: string | null; secret: string | null }
  | { screen: "enter"; meeting: string }
  | { screen: "missing" };

export function routeOf(path: string, fragment: string, query = ""): Route {
  const secret = fragment.replace(/^#/, "");
  const join = /^\/j\/([^/]+)\/?$/.exec(path);
  if (join !== null) {
    const code = readCode(decoded(join[1] ?? ""));
    return code === null ? { screen: "missing" } : { screen: "join", code, secret: readSecret(secret) };
  }
  const session = /^\/admin\/sessions\/([0-9a-f-]{36})$/.exec(path);
  if (session !== null) return { screen: "sessions", session: session[1] ?? null };
  const timeline = /^\/admin\/people\/([0-9a-f-]{36})$/.exec(path);
  if (timeline !== null) return { screen: "timeline", account: timeline[1] ?? "" };
  const enter = /^\/emergency\/([0-9a-f-]{36})\/?$/.exec(path);
  if (enter !== null) return { screen: "enter", meeting: enter[1] ?? "" };
  const support = /^\/support\/([0-9a-f-]{36}|[0-9]{3}-[0-9]{3}-[0-9]{3})\/?$/.exec(path);
  if (support !== null) return { screen: "console", session: support[1] ?? "" };
  switch (path) {
    case "/":
      return { screen: "start" };
    case "/setup":
      return { screen: "setUp", token: secret === "" ? null : secret };
    case "/invited":
      return { screen: "invited", token: secret === "" ? null : secret };
    case "/requested":
      return { screen: "requested", token: secret === "" ? null : secret };
    case "/reset":
      return { screen: "reset", token: secret === "" ? null : secret };
    case "/email":
      return { screen: "email", token: secret === "" ? null : secret };
    case "/forgot":
      return { screen: "forgot" };
    case "/ask":
      return { screen: "askForAccount" };
    case "/admin/people":
      return { screen: "people" };
    case "/account":
      return { screen: "account" };
    case "/admin/meetings":
      return { screen: "liveMeetings" };
    case "/admin/groups":
      return { screen: "groups" };
    case "/admin/policies":
      return { screen: "policies" };
    case "/admin/sessions":
      return { screen: "sessions", session: null };
    case "/admin/reports":
      return { screen: "reports" };
    case "/admin/anomalies":
      return { screen: "anomalies" };
    case "/admin/programs":
      return { screen: "programs" };
    case "/admin/recordings":
      return { screen: "recordings" };
    case "/admin/computers":
      return { screen: "computers" };
    case "/admin/audit":
      return { screen: "auditLog", entry: idOf(query, "entry") };
    case "/admin/evidence":
      return { screen: "evidence" };
    case "/admin/promises":
      return { screen: "promises" };
    case "/admin/review":
      return { screen: "review" };
    case "/admin/agreements":
      return { screen: "agreements" };
    case "/admin/risks":
      return { screen: "risks" };
    case "/admin/complaints":
      return { screen: "complaints" };
    case "/admin/training":
      return { screen: "trainings" };
    case "/admin/exports":
      return { screen: "exports" };
    case "/admin/emergency":
      return { screen: "emergencies" };
    case "/emergency":
      return { screen: "emergency" };
    case "/emergency/sign-in":
      return { screen: "sealedCode" };
    case "/support":
      return { screen: "support" };
    case "/help":
      return { screen: "help", ...helpOf(secret) };
    case "/sign-in":
      return { screen: "signIn" };
    case "/signed-in":
      return { screen: "signedIn", answer: readAnswer(query) };
    default:
      return { screen: "missing" };
  }
}

/** `null` where it is none, or absent. */
function idOf(query: string, name: string): string | null {
  const value = new URLSearchParams(query).get(name) ?? "";
  return /^[0-9a-f-]{36}$/.test(value) ? value : null;
}

/** `code`, or `code.fragment` of the session's link. */
function helpOf(text: string): { code: string | null; secret: string | null } {
  const [typed = "", ...rest] = text.split(".");
  const code = readCode(decoded(typed));
  return { code, secret: code === null ? null : readSecret(rest.join(".")) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
