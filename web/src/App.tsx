import { type JSX, lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";

import type { Me } from "./api/wire.ts";
import type { Invitation } from "./call/invitation.ts";
import type { World } from "./call/world.ts";
import { t } from "./i18n.ts";
import { type Route, routeOf } from "./route.ts";
import { ErrorBoundary } from "./screens/crash/ErrorBoundary.tsx";
import { Announcer } from "./ui/announcer.tsx";

const SetUp = lazy(async () => ({ default: (await import("./screens/set-up/SetUp.tsx")).SetUp }));
const SignIn = lazy(async () => ({ default: (await import("./screens/sign-in/SignIn.tsx")).SignIn }));
const Start = lazy(async () => ({ default: (await import("./screens/start/Start.tsx")).Start }));
const HomePage = lazy(async () => ({ default: (await import("./screens/home/HomePage.tsx")).HomePage }));
const AccountPage = lazy(async () => ({ default: (await import("./screens/account/AccountPage.tsx")).AccountPage }));
const JoinPage = lazy(async () => ({ default: (await import("./screens/join/JoinPage.tsx")).JoinPage }));
const Missing = lazy(async () => ({ default: (await import("./screens/missing/Missing.tsx")).Missing }));

/** The application: which screen, and who is signed in. */
export function App({ world }: { world: World }): JSX.Element {
  return (
    <I18nProvider locale="en-US">
      <ErrorBoundary onReload={() => location.reload()}>
        <Announcer>
          <Suspense fallback={<Opening />}>
            <Screens world={world} />
          </Suspense>
        </Announcer>
      </ErrorBoundary>
    </I18nProvider>
  );
}

/** The same as the page shows before any script ran. */
function Opening(): JSX.Element {
  return (
    <main className="shell">
      <img src="/mark.svg" alt="" width="56" height="56" />
      <h1>{t("app.name")}</h1>
      <p>{t("app.loading")}</p>
    </main>
  );
}

function Screens({ world }: { world: World }): ReactNode {
  const [route, open] = useRoute(world);
  const [me, setMe] = useState<Me | null | "unknown">("unknown");
  const [needsOwner, setNeedsOwner] = useState(false);

  useEffect(() => {
    world.api.session().then(setMe, () => setMe(null));
    world.api.server().then(
      (server) => setNeedsOwner(server.needs_owner),
      () => {},
    );
  }, [world]);

  function join({ code, secret }: Invitation): void {
    open(`/j/${code}${secret === null ? "" : `#${secret}`}`);
  }
  const expired = useCallback(() => {
    setMe(null);
    open("/sign-in");
  }, [open]);
  function signedIn(account: Me, next = "/"): void {
    setNeedsOwner(false);
    setMe(account);
    open(next);
  }

  switch (route.screen) {
    case "setUp":
      return <SetUp token={route.token} onSetUp={async (body) => signedIn(await world.api.setUp(body))} />;
    case "signIn":
      return <SignIn onSignIn={async (body) => signedIn(await world.api.signIn(body))} />;
    case "missing":
      return <Missing onInvitation={join} />;
    case "join":
      return <JoinPage key={route.code} world={world} code={route.code} me={me === "unknown" ? undefined : me} onHome={() => open("/")} />;
    case "start":
      if (me === "unknown") return <Opening />;
      if (me === null) return <Start needsOwner={needsOwner} onInvitation={join} />;
      return <HomePage world={world} me={me} onSignedOut={() => setMe(null)} onExpired={expired} onInvitation={join} onBrowsers={() => open("/account")} />;
    case "account":
      if (me === "unknown") return <Opening />;
      if (me === null) return <SignIn onSignIn={async (body) => signedIn(await world.api.signIn(body), "/account")} />;
      return <AccountPage world={world} me={me} onHome={() => open("/")} onExpired={expired} />;
  }
}

/** The address as state. An invitation's secret goes into the tab's memory and out of the address bar. */
function useRoute(world: World): [Route, (path: string) => void] {
  const [route, setRoute] = useState(() => enter(world));

  useEffect(() => {
    const onChange = (): void => setRoute(enter(world));
    addEventListener("popstate", onChange);
    return () => removeEventListener("popstate", onChange);
  }, [world]);

  const open = useCallback(
    (path: string) => {
      history.pushState(null, "", path);
      setRoute(enter(world));
    },
    [world],
  );
  return [route, open];
}

function enter(world: World): Route {
  const route = routeOf(location.pathname, location.hash);
  if (route.screen === "join") {
    if (route.secret !== null) world.seats.keepSecret(route.code, route.secret);
    if (location.hash !== "" || location.pathname !== `/j/${route.code}`) {
      history.replaceState(null, "", `/j/${route.code}`);
    }
  }
  return route;
}
