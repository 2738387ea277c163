import { count, icon, make } from "../dom";
import type { Result } from "./preview";
import { needsALook, states } from "./words";

const listed = 50;
/** From so many lines on they can be searched. */
const many = 12;

/** What the lines need of the page: where invitations are, and where members can be let in again, if one may. */
export interface Ways {
  invitations: string;
  members: string | undefined;
}

/** A line per address that somebody ought to look at: why, and one way on. Repeats are merged and need none. */
export function skips(results: Result[], sought: string, ways: Ways): HTMLLIElement[] {
  const all = [...results.entries()].filter(([, result]) => needsALook(result));
  const found = all.filter(([, { input, detail }]) => `${input} ${detail ?? ""}`.toLowerCase().includes(sought));
  const lines = found.slice(0, listed).map(([index, result]) => line(result, index, ways));
  const rest = found.length - lines.length;
  if (rest > 0) lines.push(make("li", { className: "rest" }, `And ${count(rest)} more`));
  if (all.length > 0 && found.length === 0) lines.push(make("li", { className: "rest" }, "None of them matches"));
  return lines;
}

/** How many there are to look at, and whether that is so many that one wants to search them. */
export function areMany(results: Result[]): boolean {
  return results.filter(needsALook).length > many;
}

function line(result: Result, index: number, ways: Ways): HTMLLIElement {
  const { look, icon: drawing, words } = states[result.outcome] ?? states.invalid;
  const reason = result.detail ?? words.charAt(0).toUpperCase() + words.slice(1);
  const text = make("div", {}, make("b", {}, result.input || "No address"), make("small", {}, reason));
  const item = make("li", {}, icon(drawing || "info"), text);
  item.dataset["state"] = look;
  item.append(wayOn(result, index, ways));
  return item;
}

function wayOn(result: Result, index: number, ways: Ways): HTMLElement {
  const { input, suggestion, reason, member, invitation } = result;
  if (suggestion) return button(`Use ${suggestion}`, { piece: String(index), by: suggestion });
  if (reason === "deactivated" && member && ways.members) {
    const way = button("Reactivate", { reactivates: `${ways.members}/${member}/deactivation` });
    way.ariaLabel = `Reactivate ${input}`;
    return way;
  }
  if (invitation) {
    const open = make("a", { className: "link", href: `${ways.invitations}/${invitation}` }, "Open");
    open.ariaLabel = `Open the invitation of ${input}`;
    return open;
  }
  const leave = button("Leave out", { piece: String(index) });
  leave.ariaLabel = `Leave out ${input || `row ${result.row}`}`;
  return leave;
}

function button(words: string, data: Record<string, string>): HTMLButtonElement {
  const made = make("button", { className: "link", type: "button" }, words);
  Object.assign(made.dataset, data);
  return made;
}
