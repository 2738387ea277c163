// The dry run: what would become of each piece of the text.

export type State = "invited" | "already_member" | "already_invited" | "duplicate" | "invalid" | "not_allowed";

export interface OnProject {
  project: string;
  role: string;
}

/** One piece as the API answers it. */
export interface Result {
  /** The row of a table, its head being row 1. */
  row?: number;
  input: string;
  address?: string | null;
  outcome: State;
  reason?: string | null;
  /** The reason in words. */
  detail?: string | null;
  /** Characters (code points) of the input before the wrong one. */
  at?: number;
  /** What was probably meant. */
  suggestion?: string | null;
  invitation?: string;
  member?: string;
  name?: string;
  role?: string;
  projects?: OnProject[];
  expires_in_days?: number;
}

/** What a day has left. */
export interface Quota {
  left: number;
  resets_at: string;
}

export interface Preview {
  results: Result[];
  /** Roles on projects that add nothing. */
  idle: OnProject[];
  quota?: Quota;
}

export const nothing: Preview = { results: [], idle: [] };

/** Why the dry run gave no results, in words. */
export class Refused extends Error {}

export async function preview(url: string, text: string, form: HTMLFormElement, signal: AbortSignal): Promise<Preview> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ recipients: text, ...grants(new FormData(form)) }),
    signal,
  });
  const answer = await response.json();
  if (Array.isArray(answer.results)) return answer;
  throw new Refused(answer.detail ?? answer.title ?? "");
}

/** The rest of the form in the API's words. "Only these" is Guest in the workspace plus a role in each project. */
export function grants(form: FormData): object {
  const role = String(form.get("role") ?? "");
  const scope = form.get("scope");
  const own = new Map(form.getAll("project_role").map((pair) => splitPair(String(pair))));
  const chosen = scope === "all" ? [] : form.getAll("project").map(String);
  return {
    role: scope === "only" ? "guest" : role,
    projects: chosen.map((key) => ({ project: key, role: own.get(key) || role })),
    expires_in_days: days(form.get("expires_in_days")),
    send_email: form.has("send_email"),
  };
}

/** A number that is none, or out of range, is for sending to refuse; the addresses can be judged without it. */
function days(text: FormDataEntryValue | null): number | null {
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 && number <= 90 ? number : null;
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf(":");
  return [pair.slice(0, at), pair.slice(at + 1)];
}
