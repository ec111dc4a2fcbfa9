/** Which browser this is, as far as the way to its permissions differs. */

export type BrowserKind = "chrome" | "firefox" | "safari" | "ios" | "android" | "firefoxAndroid" | "inApp";

export function browserKind({ userAgent, maxTouchPoints }: Pick<Navigator, "userAgent" | "maxTouchPoints">): BrowserKind {
  if (/FBAN|FBAV|Instagram|MicroMessenger|Line\/|; wv\)/.test(userAgent)) return "inApp";
  // An iPad says that it is a Mac; no Mac has a touch screen.
  if (/iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) return "ios";
  if (/Android/.test(userAgent)) return /Firefox\//.test(userAgent) ? "firefoxAndroid" : "android";
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Safari\//.test(userAgent) && !/Chrome\/|Chromium\//.test(userAgent)) return "safari";
  return "chrome";
}

/** What a browser is called among those of an account: "Firefox on Linux". */
export function browserName({ userAgent, maxTouchPoints }: Pick<Navigator, "userAgent" | "maxTouchPoints">): string {
  const [, name] = BROWSERS.find(([pattern]) => pattern.test(userAgent)) ?? [/./, "Browser"];
  const isTablet = /Macintosh/.test(userAgent) && maxTouchPoints > 1;
  const [, system] = SYSTEMS.find(([pattern]) => pattern.test(userAgent)) ?? [/./, null];
  if (isTablet) return `${name} on iPad`;
  return system === null ? name : `${name} on ${system}`;
}

/** Each names itself as those do that it descends from: the first that fits. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrom(e|ium)\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPod/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Macintosh/, "Mac"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** Whether camera and microphone may be opened without the browser asking. */
export async function mayCaptureUnasked(permissions: Permissions | undefined = navigator.permissions): Promise<boolean> {
  if (permissions === undefined) return false;
  try {
    const names = ["camera", "microphone"] as PermissionName[];
    const states = await Promise.all(names.map((name) => permissions.query({ name })));
    return states.every(({ state }) => state === "granted");
  } catch {
    return false;
  }
}
