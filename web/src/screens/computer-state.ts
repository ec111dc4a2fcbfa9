/** How a computer that is helped when nobody is there stands at this moment. */

interface Standing {
  is_online: boolean;
  /** Somebody is helped there, also while its line to the server is gone. */
  is_busy: boolean;
}

export function computerState({ is_online: isOnline, is_busy: isBusy }: Standing): "busy" | "online" | "offline" {
  if (isBusy) return "busy";
  return isOnline ? "online" : "offline";
}
