import { readFileSync } from "node:fs";

import { render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";

import { Api } from "./api/api.ts";
import type { Me } from "./api/wire.ts";
import { App } from "./App.tsx";
import { t } from "./i18n.ts";
import { type Route, routeOf } from "./route.ts";
import { Connecting } from "./screens/waiting/Waiting.tsx";
import { look } from "./test-accessible.ts";
import { testWorld } from "./test-world.ts";

type Looked = { inStory: string } | { here: string };

/** Where axe sees each screen: in `accessible.story.ts`, by the name of a look, or here, at an address. */
const LOOKED: Record<Route["screen"], Looked> = {
  start: { inStory: "start" },
  setUp: { inStory: "set-up" },
  signIn: { inStory: "sign-in" },
  signedIn: { here: "/signed-in" },
  account: { inStory: "browsers" },
  liveMeetings: { inStory: "live" },
  groups: { inStory: "group" },
  policies: { inStory: "policies" },
  join: { inStory: "pre-join" },
  invited: { inStory: "invited" },
  requested: { here: "/requested#secret" },
  reset: { here: "/reset#secret" },
  email: { inStory: "confirm-email" },
  forgot: { inStory: "forgot" },
  askForAccount: { here: "/ask" },
  people: { inStory: "organisation" },
  programs: { inStory: "programs" },
  computers: { inStory: "computers" },
  recordings: { inStory: "recordings" },
  auditLog: { inStory: "audit" },
  sessions: { inStory: "sessions" },
  reports: { inStory: "reports" },
  anomalies: { inStory: "anomalies" },
  timeline: { inStory: "timeline" },
  evidence: { inStory: "evidence" },
  promises: { inStory: "promises" },
  review: { inStory: "review" },
  agreements: { inStory: "agreements" },
  risks: { inStory: "risks" },
  complaints: { inStory: "complaints" },
  trainings: { inStory: "training" },
  exports: { inStory: "exports" },
  emergencies: { inStory: "emergencies" },
  emergency: { inStory: "emergency" },
  sealedCode: { here: "/emergency/sign-in" },
  support: { inStory: "support" },
  console: { inStory: "console-waiting" },
  help: { inStory: "help" },
  enter: { here: "/emergency/018f3a5c-0000-7000-8000-000000000900" },
  missing: { inStory: "missing" },
};

const ME = { account: "bo", display_name: "Bo", second_factor_due: false, permitted: { co_hosts: true, emergency_access: true } } as Me;
const here = Object.entries(LOOKED).flatMap(([name, looked]) => ("here" in looked ? [[name, looked.here] as const] : []));

afterEach(() => history.replaceState(null, "", "/"));

describe("screens", () => {
  it("that axe sees in a browser are in its story", () => {
    const story = readFileSync(new URL("../stories/accessible.story.ts", `file://${import.meta.dirname}/`), "utf8");
    const names = new Set([...story.matchAll(/\blook\(\w+, "([\w-]+)"/g)].map(([, name]) => name));

    const missing = Object.entries(LOOKED).filter(([, looked]) => "inStory" in looked && !names.has(looked.inStory));
    expect(missing).toEqual([]);
  });

  it.each(here)("have nothing that axe finds: %s", async (name, address) => {
    history.replaceState(null, "", address);
    expect(routeOf(location.pathname, location.hash, location.search).screen).toBe(name);
    const refused = Response.json({ code: "busy" }, { status: 503 });
    const api = new Api((input) => Promise.resolve(String(input).endsWith("/session") ? Response.json(ME) : refused.clone()));

    render(<App world={testWorld({ api })} />);

    await screen.findByRole("heading", { level: 1, name: (title) => title !== t("app.name") });
    await look();
  });
});

it("has in the page itself what helps where its scripts do not come", () => {
  const page = new DOMParser().parseFromString(readFileSync(new URL("../index.html", `file://${import.meta.dirname}/`), "utf8"), "text/html");

  expect(page.querySelector("#root .shell .late")?.textContent).toContain("load the page again");
});

it("has the same help where what a page is made of does not come, and where a meeting does not", () => {
  history.replaceState(null, "", "/account");
  const silent = new Api(() => new Promise(() => {}));

  for (const page of [<App key="page" world={testWorld({ api: silent })} />, <Connecting key="meeting" />]) {
    const { container, unmount } = render(page);
    expect(container.querySelector(".shell .late")?.textContent).toBe("If it stays like this, load the page again.");
    unmount();
  }
});
