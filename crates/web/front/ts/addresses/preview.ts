// The dry run: what would become of each piece of the text.

export type State = "invited" | "already_member" | "already_invited" | "duplicate" | "invalid" | "not_allowed";

/** One piece as the API answers it. */
export interface Result {
  input: string;
  address?: string | null;
  outcome: State;
  reason?: string | null;
  /** The reason in words. */
  detail?: string | null;
  /** What was probably meant. */
  suggestion?: string | null;
}

/** Why the dry run gave no results, in words. */
export class Refused extends Error {}

export async function preview(url: string, text: string, form: HTMLFormElement, signal: AbortSignal): Promise<Result[]> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ recipients: text, ...grants(new FormData(form)) }),
    signal,
  });
  const answer = await response.json();
  if (Array.isArray(answer.results)) return answer.results;
  throw new Refused(answer.detail ?? answer.title ?? "");
}

/** The rest of the form in the API's words. "Only these" is Guest in the workspace plus a role in each project. */
function grants(form: FormData): object {
  const role = String(form.get("role") ?? "");
  const only = form.get("scope") === "only";
  const own = new Map(form.getAll("project_role").map((pair) => splitPair(String(pair))));
  const projects = form.getAll("project").map((key) => ({ project: String(key), role: own.get(String(key)) || role }));
  return {
    role: only ? "guest" : role,
    projects,
    expires_in_days: Number(form.get("expires_in_days") ?? 7),
    send_email: form.has("send_email"),
  };
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf(":");
  return [pair.slice(0, at), pair.slice(at + 1)];
}
