import { count } from "../dom";
import type { OnProject, Preview, Quota, Result, State } from "./preview";

/** How a state looks and what it is called; the server's own reason comes first. */
export const states: Record<State, { look: "new" | "known" | "bad"; icon: string; words: string }> = {
  invited: { look: "new", icon: "", words: "will be invited" },
  already_member: { look: "known", icon: "users", words: "already a member" },
  already_invited: { look: "known", icon: "clock", words: "already invited" },
  duplicate: { look: "known", icon: "copy", words: "in the list twice, counted once" },
  invalid: { look: "bad", icon: "alert", words: "not valid" },
  not_allowed: { look: "bad", icon: "lock", words: "not allowed here" },
};

/** How many of each. A repeat is merged, not skipped: its address is invited all the same. */
export interface Tally {
  invite: number;
  skip: number;
  merged: number;
}

export function tally(results: Result[]): Tally {
  const of = (state: State) => results.filter((result) => result.outcome === state).length;
  const invite = of("invited");
  const merged = of("duplicate");
  return { invite, merged, skip: results.length - invite - merged };
}

/** The button's own label stands while every address is good; else it says what will be left out. */
export function sendLabel({ invite, skip }: Tally, label: string): string {
  return invite === 0 || skip === 0 ? label : `Invite ${count(invite)}, skip ${count(skip)}`;
}

export function summary({ invite, skip, merged }: Tally): string {
  const parts = [`${count(invite)} to invite`];
  if (skip > 0) parts.push(`${count(skip)} to skip`);
  if (merged > 0) parts.push(merged === 1 ? "1 repeat merged" : `${count(merged)} repeats merged`);
  return `${parts.join(", ")}.`;
}

/** Whether somebody ought to look at it: it is skipped, or good and perhaps misspelt. */
export function needsALook({ outcome, suggestion }: Result): boolean {
  return outcome === "invited" ? Boolean(suggestion) : outcome !== "duplicate";
}

const names: Record<string, string> = { read_only: "Read Only" };

/** A role's name from its slug. */
export function roleName(slug: string): string {
  return names[slug] ?? slug.charAt(0).toUpperCase() + slug.slice(1);
}

const onProject = ({ project, role }: OnProject): string => `${roleName(role)} on ${project}`;

/** What a row of a table gives this one other than the rest. */
export function ownValues({ role, projects, expires_in_days: days }: Result): string[] {
  const own = role && role !== "guest" ? [roleName(role)] : [];
  const ends = days === undefined ? [] : [days === 1 ? "1 day" : `${days} days`];
  return [...own, ...(projects ?? []).map(onProject), ...ends];
}

/** That some roles on projects add nothing, or nothing. */
export function idleWords(idle: OnProject[]): string {
  return idle.length === 0 ? "" : `${idle.map(onProject).join(", ")}: adds nothing to the role above.`;
}

/** What the day has left, and that it is not enough. */
export function quotaWords({ left, resets_at: resets }: Quota, invite: number): string {
  const at = new Date(resets).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (invite <= left) return `${count(left)} left today, more at ${at}.`;
  return `Only ${count(left)} of ${count(invite)} can go today; the day begins anew at ${at}.`;
}

/** Numbers of each state, for a list too long for chips. */
export function breakdown({ results }: Preview): [State, number][] {
  const order = Object.keys(states) as State[];
  const counted = order.map((state): [State, number] => [state, results.filter((one) => one.outcome === state).length]);
  return counted.filter(([, number]) => number > 0);
}
