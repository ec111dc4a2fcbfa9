/** Which browser this is, as far as the way to its permissions differs. */

export type BrowserKind = "chrome" | "firefox" | "safari" | "ios" | "android" | "inApp";

export function browserKind(userAgent: string): BrowserKind {
  if (/FBAN|FBAV|Instagram|MicroMessenger|Line\/|; wv\)/.test(userAgent)) return "inApp";
  if (/iPhone|iPad|iPod/.test(userAgent)) return "ios";
  if (/Android/.test(userAgent)) return "android";
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Safari\//.test(userAgent) && !/Chrome\/|Chromium\//.test(userAgent)) return "safari";
  return "chrome";
}

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
