import { count } from "../dom";
import type { Result, State } from "./preview";

/** How a state looks and what it is called; the server's own reason comes first. */
export const states: Record<State, { look: "new" | "known" | "bad"; icon: string; words: string }> = {
  invited: { look: "new", icon: "", words: "will be invited" },
  already_member: { look: "known", icon: "users", words: "already a member" },
  already_invited: { look: "known", icon: "clock", words: "already invited" },
  duplicate: { look: "known", icon: "copy", words: "in the list twice, counted once" },
  invalid: { look: "bad", icon: "alert", words: "not an e-mail address" },
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
