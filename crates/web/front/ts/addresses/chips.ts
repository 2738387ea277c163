import { count, icon, make } from "../dom";
import type { Preview, Result } from "./preview";
import { around } from "./text";
import { breakdown, ownValues, states } from "./words";

/** Above this many addresses chips would only be noise. */
export const crowd = 100;

/** A chip per piece; its buttons carry the index of the result as `data-piece`. */
export function chips(results: [number, Result][], unread: string[]): HTMLLIElement[] {
  return [...results.map(([index, result]) => chip(result, index)), ...unread.map(unreadChip)];
}

function chip(result: Result, index: number): HTMLLIElement {
  const { look, icon: drawing, words } = states[result.outcome] ?? states.invalid;
  const item = make("li", { className: "chip", title: title(result) });
  item.dataset["state"] = look;
  const edit = make("button", { className: "edit", type: "button", tabIndex: -1 });
  edit.dataset["edit"] = String(index);
  if (drawing) edit.append(icon(drawing));
  edit.append(name(result));
  const own = ownValues(result).join(", ");
  if (own !== "") edit.append(make("span", { className: "badge cut" }, own));
  edit.append(make("span", { className: "sr" }, `, ${words}`));
  item.append(edit, cross(result, index));
  return item;
}

/** All of it, for what the chip has no room to show. */
function title(result: Result): string {
  const { name, input, row } = result;
  const parts = [name, input, ...ownValues(result)].filter((part) => part);
  return (row === undefined ? "" : `Row ${row}: `) + parts.join(", ");
}

function name(result: Result): HTMLElement {
  const odd = around(result.input, result.at);
  if (odd) return make("span", { className: "cut" }, odd[0], make("mark", {}, odd[1].trim() || "␣"), odd[2]);
  if (result.name && result.outcome === "invited") return make("span", { className: "cut" }, result.name);
  const shown = result.address ?? (result.input || "No address");
  const at = shown.lastIndexOf("@");
  if (at < 0) return make("span", { className: "cut" }, shown);
  return make("span", { className: "cut" }, shown.slice(0, at), make("span", { className: "domain" }, shown.slice(at)));
}

function cross(result: Result, index: number): HTMLButtonElement {
  const label = `Remove ${result.address ?? result.input}`;
  const button = make("button", { className: "remove", type: "button", ariaLabel: label, tabIndex: -1 }, icon("x"));
  button.dataset["piece"] = String(index);
  return button;
}

function unreadChip(piece: string): HTMLLIElement {
  const item = make("li", { className: "chip" }, make("span", { className: "cut" }, piece));
  item.dataset["state"] = "reading";
  return item;
}

/** In place of chips: how many of each. */
export function crowdLines(preview: Preview, unread: number): HTMLLIElement[] {
  const total = make("li", { className: "crowd" }, make("b", {}, count(preview.results.length + unread)), " addresses");
  const lines = breakdown(preview).map(([state, number]) => {
    const { look, icon: drawing, words } = states[state];
    const line = make("li", { className: "crowd" }, icon(drawing || "check"), `${count(number)} ${words}`);
    line.dataset["state"] = look;
    return line;
  });
  return [total, ...lines];
}
