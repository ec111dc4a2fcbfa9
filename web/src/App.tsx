import { type JSX, type ReactNode, Suspense, useCallback, useEffect, useState } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";

import type { Me, ServerInfo } from "./api/wire.ts";
import type { Invitation } from "./call/invitation.ts";
import type { World } from "./call/world.ts";
import { t } from "./i18n.ts";
import { type Route, routeOf } from "./route.ts";
import { seesPolicy } from "./screens/admin/may-change.ts";
import { ErrorBoundary } from "./screens/crash/ErrorBoundary.tsx";
import { later } from "./screens/crash/later.ts";
import { Complaints } from "./screens/frame/complaints.ts";
import { Announcer } from "./ui/announcer.tsx";

const SetUp = later(async () => (await import("./screens/set-up/SetUp.tsx")).SetUp);
const SignInPage = later(async () => (await import("./screens/sign-in/SignInPage.tsx")).SignInPage);
const SignedInPage = later(async () => (await import("./screens/sign-in/SignedInPage.tsx")).SignedInPage);
const SealedCodePage = later(async () => (await import("./screens/sign-in/SealedCodePage.tsx")).SealedCodePage);
const SecurePage = later(async () => (await import("./screens/security/SecurePage.tsx")).SecurePage);
const Idle = later(async () => (await import("./screens/idle/Idle.tsx")).Idle);
const Start = later(async () => (await import("./screens/start/Start.tsx")).Start);
const HomePage = later(async () => (await import("./screens/home/HomePage.tsx")).HomePage);
const AccountPage = later(async () => (await import("./screens/account/AccountPage.tsx")).AccountPage);
const LiveMeetingsPage = later(async () => (await import("./screens/admin/live/LiveMeetingsPage.tsx")).LiveMeetingsPage);
const GroupsPage = later(async () => (await import("./screens/admin/groups/GroupsPage.tsx")).GroupsPage);
const PoliciesPage = later(async () => (await import("./screens/admin/policies/PoliciesPage.tsx")).PoliciesPage);
const JoinPage = later(async () => (await import("./screens/join/JoinPage.tsx")).JoinPage);
const Invited = later(async () => (await import("./screens/invited/Invited.tsx")).Invited);
const AskByMail = later(async () => (await import("./screens/forgot/AskByMail.tsx")).AskByMail);
const Reset = later(async () => (await import("./screens/forgot/Reset.tsx")).Reset);
const ConfirmEmail = later(async () => (await import("./screens/security/ConfirmEmail.tsx")).ConfirmEmail);
const PeoplePage = later(async () => (await import("./screens/admin/people/PeoplePage.tsx")).PeoplePage);
const ProgramsPage = later(async () => (await import("./screens/admin/programs/ProgramsPage.tsx")).ProgramsPage);
const ComputersPage = later(async () => (await import("./screens/admin/computers/ComputersPage.tsx")).ComputersPage);
const RecordingsPage = later(async () => (await import("./screens/admin/recordings/RecordingsPage.tsx")).RecordingsPage);
const AuditPage = later(async () => (await import("./screens/admin/audit/AuditPage.tsx")).AuditPage);
const SessionsPage = later(async () => (await import("./screens/admin/sessions/SessionsPage.tsx")).SessionsPage);
const ReportsPage = later(async () => (await import("./screens/admin/reports/ReportsPage.tsx")).ReportsPage);
const AnomaliesPage = later(async () => (await import("./screens/admin/anomalies/AnomaliesPage.tsx")).AnomaliesPage);
const TimelinePage = later(async () => (await import("./screens/admin/people/TimelinePage.tsx")).TimelinePage);
const EvidencePage = later(async () => (await import("./screens/admin/evidence/EvidencePage.tsx")).EvidencePage);
const ReviewPage = later(async () => (await import("./screens/admin/evidence/ReviewPage.tsx")).ReviewPage);
const AgreementsPage = later(async () => (await import("./screens/admin/evidence/AgreementsPage.tsx")).AgreementsPage);
const RisksPage = later(async () => (await import("./screens/admin/evidence/RisksPage.tsx")).RisksPage);
const ComplaintsPage = later(async () => (await import("./screens/admin/evidence/ComplaintsPage.tsx")).ComplaintsPage);
const TrainingPage = later(async () => (await import("./screens/admin/evidence/TrainingPage.tsx")).TrainingPage);
const ExportsPage = later(async () => (await import("./screens/admin/evidence/ExportsPage.tsx")).ExportsPage);
const EmergenciesPage = later(async () => (await import("./screens/admin/emergency/EmergenciesPage.tsx")).EmergenciesPage);
const EmergencyPage = later(async () => (await import("./screens/emergency/EmergencyPage.tsx")).EmergencyPage);
const SupportPage = later(async () => (await import("./screens/support/SupportPage.tsx")).SupportPage);
const ConsolePage = later(async () => (await import("./screens/support/ConsolePage.tsx")).ConsolePage);
const HelpPage = later(async () => (await import("./screens/support/HelpPage.tsx")).HelpPage);
const Missing = later(async () => (await import("./screens/missing/Missing.tsx")).Missing);

/** The application: which screen, and who is signed in. */
export function App({ world }: { world: World }): JSX.Element {
  return (
    <I18nProvider locale="en-US">
      <ErrorBoundary>
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
      <p className="late">{t("app.late")}</p>
    </main>
  );
}

type Inside =
  | "account"
  | "people"
  | "liveMeetings"
  | "groups"
  | "policies"
  | "programs"
  | "computers"
  | "recordings"
  | "auditLog"
  | "sessions"
  | "reports"
  | "anomalies"
  | "timeline"
  | "evidence"
  | "promises"
  | "review"
  | "agreements"
  | "risks"
  | "complaints"
  | "trainings"
  | "exports"
  | "emergencies"
  | "emergency"
  | "support"
  | "console";

/** What the server says of itself goes to every page. */
function Screens({ world }: { world: World }): JSX.Element {
  const [server, setServer] = useState<ServerInfo | null>(null);
  useEffect(() => {
    world.api.server().then(setServer, () => {});
  }, [world]);
  return (
    <Complaints value={server?.complaints ?? null}>
      <Pages world={world} server={server} />
    </Complaints>
  );
}

function Pages({ world, server }: { world: World; server: ServerInfo | null }): ReactNode {
  const [route, open] = useRoute(world);
  const [me, setMe] = useState<Me | null | "unknown">("unknown");
  const [hasOwner, setHasOwner] = useState(false);
  const [isReset, setReset] = useState(false);
  /** The code of the meeting that was started here, until another page is opened. */
  const [started, setStarted] = useState<string | null>(null);
  const needsOwner = server?.needs_owner === true && !hasOwner;

  const look = useCallback(() => {
    world.api.session().then(setMe, () => setMe(null));
  }, [world]);
  useEffect(() => look(), [look]);

  useEffect(() => {
    if (route.screen !== "join") setStarted(null);
  }, [route]);

  function join({ code, secret }: Invitation, isStarted = false): void {
    setStarted(isStarted ? code : null);
    open(`/j/${code}${secret === null ? "" : `#${secret}`}`);
  }
  const signedOut = useCallback(() => {
    world.intent.forgetLast();
    setMe(null);
  }, [world]);
  const expired = useCallback(() => {
    signedOut();
    open("/sign-in");
  }, [open, signedOut]);
  const entered = useCallback(
    (account: Me, next: string) => {
      // A session may have ended while no page was open, and a guest may have been here.
      world.intent.forgetLast();
      setHasOwner(true);
      setReset(false);
      setMe(account);
      open(next);
    },
    [open, world],
  );
  function signedIn(account: Me): void {
    entered(account, "/");
  }
  const readAddress = useCallback(async () => (await world.api.signInWays()).asked_email ?? null, [world]);
  const returned = useCallback((account: Me) => entered(account, world.journey.next()), [entered, world]);

  /** Out of a session that a sealed code opened, and that leads nowhere else. */
  function leave(): void {
    world.api.signOut().then(expired, look);
  }

  /** A page of whoever is signed in; afterwards it is where they wanted to go. */
  function inside(screen: Inside): ReactNode {
    if (me === "unknown") return <Opening />;
    if (me === null) return <SignInPage world={world} offers={server} next={location.pathname + location.search} onSignedIn={entered} />;
    if (me.second_factor_due) return secure;
    return (
      <>
        {pageOf(me.emergency_only === true ? "emergency" : screen, me)}
        <Idle api={world.api} onExpired={expired} />
      </>
    );
  }
  function pageOf(screen: Inside, account: Me): ReactNode {
    const onHome = account.emergency_only === true ? leave : () => open("/");
    const page = { world, me: account, onHome, onExpired: expired };
    switch (screen) {
      case "account":
        return <AccountPage {...page} />;
      case "people":
        return <PeoplePage {...page} />;
      case "liveMeetings":
        return <LiveMeetingsPage {...page} />;
      case "programs":
        return <ProgramsPage {...page} />;
      case "computers":
        return <ComputersPage {...page} />;
      case "recordings":
        return <RecordingsPage {...page} />;
      case "auditLog": {
        const entry = route.screen === "auditLog" ? route.entry : null;
        return <AuditPage key={entry} entry={entry} {...page} />;
      }
      case "sessions": {
        const session = route.screen === "sessions" ? route.session : null;
        return <SessionsPage {...page} session={session} onSession={(id) => open(id === null ? "/admin/sessions" : `/admin/sessions/${id}`)} />;
      }
      case "reports":
        return <ReportsPage {...page} />;
      case "anomalies":
        return <AnomaliesPage {...page} />;
      case "timeline": {
        const whose = route.screen === "timeline" ? route.account : "";
        return <TimelinePage key={whose} account={whose} {...page} />;
      }
      case "evidence":
      case "promises":
        return <EvidencePage key={screen} part={screen} {...page} />;
      case "review":
        return <ReviewPage {...page} />;
      case "agreements":
        return <AgreementsPage {...page} />;
      case "risks":
        return <RisksPage {...page} />;
      case "complaints":
        return <ComplaintsPage {...page} />;
      case "trainings":
        return <TrainingPage {...page} />;
      case "exports":
        return <ExportsPage {...page} />;
      case "emergencies":
        return <EmergenciesPage {...page} />;
      case "emergency":
        return <EmergencyPage {...page} onEnter={(meeting) => open(`/emergency/${meeting}`)} />;
      case "support":
        return <SupportPage {...page} onJoin={(code) => open(`/support/${code}`)} onOpen={(session) => open(`/support/${session}`)} />;
      case "console": {
        const wanted = route.screen === "console" ? route.session : "";
        return <ConsolePage key={wanted} wanted={wanted} world={world} me={account} onBack={() => open("/support")} onExpired={expired} />;
      }
      case "groups":
      case "policies": {
        if (!seesPolicy(account)) return <Missing onInvitation={join} />;
        const Page = screen === "groups" ? GroupsPage : PoliciesPage;
        return <Page {...page} />;
      }
    }
  }

  /** Who signed in with a sealed code joins by a link as a guest does. */
  const member = me !== "unknown" && me?.emergency_only === true ? null : me;
  const secure = <SecurePage world={world} onDone={look} onSignedOut={signedOut} />;
  switch (route.screen) {
    case "setUp":
      return <SetUp token={route.token} onSetUp={async (body) => signedIn(await world.api.setUp(body))} />;
    case "signIn":
      return <SignInPage world={world} offers={server} notice={isReset ? t("reset.done") : null} next="/" onSignedIn={entered} />;
    case "sealedCode":
      return <SealedCodePage onSignIn={(body) => world.api.signInByEmergencyCode(body)} onSignedIn={(account) => entered(account, "/emergency")} />;
    case "signedIn":
      return <SignedInPage api={world.api} answer={route.answer} onSignedIn={returned} onBack={() => open("/sign-in")} />;
    case "missing":
      return <Missing onInvitation={join} />;
    case "join":
      return <JoinPage key={route.code} world={world} code={route.code} me={member === "unknown" ? undefined : member} joinsAtOnce={started === route.code} onHome={() => open("/")} />;
    case "start":
      if (me === "unknown") return <Opening />;
      if (me === null) return <Start needsOwner={needsOwner} onInvitation={join} />;
      if (me.second_factor_due) return secure;
      if (me.emergency_only === true) return inside("emergency");
      return (
        <>
          <HomePage world={world} me={me} onSignedOut={signedOut} onExpired={expired} onInvitation={join} onBrowsers={() => open("/account")} onPeople={() => open("/admin/people")} />
          <Idle api={world.api} onExpired={expired} />
        </>
      );
    case "account":
    case "people":
    case "liveMeetings":
    case "groups":
    case "policies":
    case "programs":
    case "computers":
    case "recordings":
    case "auditLog":
    case "sessions":
    case "reports":
    case "anomalies":
    case "timeline":
    case "evidence":
    case "promises":
    case "review":
    case "agreements":
    case "risks":
    case "complaints":
    case "trainings":
    case "exports":
    case "emergencies":
    case "emergency":
    case "support":
    case "console":
      return inside(route.screen);
    case "help":
      return (
        <HelpPage
          key={route.code}
          world={world}
          code={route.code}
          onJoin={(code) => open(`/j/${code}`)}
          onTaken={({ code, secret }) => open(`/help#${code}${secret === null ? "" : `.${secret}`}`)}
        />
      );
    case "enter":
      if (me === "unknown") return <Opening />;
      if (me === null) return <SignInPage world={world} offers={server} next={location.pathname + location.search} onSignedIn={entered} />;
      if (me.second_factor_due) return secure;
      return <JoinPage key={route.meeting} world={world} code={route.meeting} me={me} isByEmergency onHome={() => open("/emergency")} />;
    case "email":
      if (me === "unknown") return <Opening />;
      // The link's secret is in the route: signing in leads nowhere else.
      if (me === null) return <SignInPage world={world} offers={server} next="/" onSignedIn={setMe} />;
      if (me.second_factor_due) return secure;
      return <ConfirmEmail token={route.token} readAddress={readAddress} onConfirm={(token) => world.api.confirmEmail(token).then(look)} onHome={() => open("/")} />;
    case "invited":
      return (
        <Invited
          by="invitation"
          token={route.token}
          onAccept={async (body) => signedIn(await world.api.acceptInvitation(body))}
          provider={server?.single_sign_on ?? null}
          onProvider={async (body) => {
            const { address } = await world.api.beginSingleSignOn({ to: "accept_invitation", ...body });
            world.journey.leave(address, "/");
          }}
        />
      );
    case "requested":
      return <Invited by="request" token={route.token} onAccept={(body) => world.api.confirmAccountRequest(body)} />;
    case "forgot":
      return <AskByMail wants="forgot" onAsk={(email) => world.api.askForReset(email)} />;
    case "askForAccount":
      return <AskByMail wants="ask" onAsk={(email) => world.api.askForAccount(email)} />;
    case "reset":
      return (
        <Reset
          token={route.token}
          onReset={async (body) => {
            await world.api.resetPassword(body);
            setReset(true);
            expired();
          }}
        />
      );
  }
}

/** The address as state. A link's secret goes into the tab's memory, and out of the address bar and the history. */
function useRoute(world: World): [Route, (path: string) => void] {
  const [route, setRoute] = useState(() => enter(world));

  useEffect(() => {
    const onChange = (): void => setRoute(enter(world));
    addEventListener("popstate", onChange);
    return () => removeEventListener("popstate", onChange);
  }, [world]);

  // Not before the page is there: until then React may ask for the route again.
  useEffect(() => {
    const isSecret = ("token" in route && route.token !== null) || ("answer" in route && route.answer !== null);
    if (isSecret) history.replaceState(null, "", location.pathname);
  }, [route]);

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
  const route = routeOf(location.pathname, location.hash, location.search);
  if (route.screen === "join") {
    if (route.secret !== null) world.seats.keepSecret(route.code, route.secret);
    if (location.hash !== "" || location.pathname !== `/j/${route.code}`) {
      history.replaceState(null, "", `/j/${route.code}`);
    }
  }
  if (route.screen === "help" && route.code !== null && route.secret !== null) {
    world.seats.keepSecret(route.code, route.secret);
    history.replaceState(null, "", `/help#${route.code}`);
  }
  return route;
}
