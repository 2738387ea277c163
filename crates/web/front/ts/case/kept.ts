/** Unsaved fields of a case, as this browser keeps them until the server has them. */
export interface Kept {
  at: number;
  /** The revision that whoever typed had seen. */
  revision: number;
  fields: Record<string, unknown>;
}

const prefix = "muster:case:";
/** Older than this they help nobody. */
const oldest = 30 * 24 * 60 * 60 * 1000;

/** What is kept under a key, which names person, workspace and case. */
export function recall(key: string): Kept | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(prefix + key) ?? "null") as Kept | null;
    if (kept && Date.now() - kept.at < oldest) return kept;
    localStorage.removeItem(prefix + key);
  } catch {
    // Storage may be forbidden; then the text stands in the form alone.
  }
  return undefined;
}

/** Keeps fields, or forgets them if there are none. Says whether the browser took them. */
export function keep(key: string, revision: number, fields: Record<string, unknown>): boolean {
  try {
    if (Object.keys(fields).length === 0) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, JSON.stringify({ at: Date.now(), revision, fields }));
    return true;
  } catch {
    return false;
  }
}

/** Whoever signs out leaves nothing of a case behind on this browser. */
export function watchSignOut(): void {
  document.addEventListener("submit", (event) => {
    if ((event.target as HTMLElement).dataset["signsOut"] !== undefined) forgetAll();
  });
}

function forgetAll(): void {
  try {
    const mine = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    for (const key of mine) localStorage.removeItem(key);
  } catch {
    return;
  }
}
