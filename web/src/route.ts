/** Which screen an address means. */

import { readCode, readSecret } from "./call/invitation.ts";

export type Route =
  | { screen: "start" }
  | { screen: "setUp"; token: string | null }
  | { screen: "signIn" }
  | { screen: "account" }
  | { screen: "join"; code: string; secret: string | null }
  | { screen: "missing" };

export function routeOf(path: string, fragment: string): Route {
  const secret = fragment.replace(/^#/, "");
  const join = /^\/j\/([^/]+)\/?$/.exec(path);
  if (join !== null) {
    const code = readCode(decoded(join[1] ?? ""));
    return code === null ? { screen: "missing" } : { screen: "join", code, secret: readSecret(secret) };
  }
  switch (path) {
    case "/":
      return { screen: "start" };
    case "/setup":
      return { screen: "setUp", token: secret === "" ? null : secret };
    case "/account":
      return { screen: "account" };
    case "/sign-in":
      return { screen: "signIn" };
    default:
      return { screen: "missing" };
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
