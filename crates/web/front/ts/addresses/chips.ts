import { count, icon, make } from "../dom";
import type { Result } from "./preview";
import { oddSpot } from "./text";
import { states } from "./words";

/** Above this many addresses chips would only be noise. */
const crowd = 100;

/** A chip per piece; the cross carries the index of its result as `data-piece`. */
export function chips(results: [number, Result][], unread: string[]): HTMLLIElement[] {
  const total = results.length + unread.length;
  if (total > crowd) return [crowdLine(total)];
  return [...results.map(([index, result]) => chip(result, index)), ...unread.map(unreadChip)];
}

function chip(result: Result, index: number): HTMLLIElement {
  const { look, icon: drawing, words } = states[result.outcome] ?? states.invalid;
  const item = make("li", { className: "chip", title: result.input });
  item.dataset["state"] = look;
  if (drawing) item.append(icon(drawing));
  item.append(name(result), make("span", { className: "sr" }, `, ${words}`), cross(result, index));
  return item;
}

function name(result: Result): HTMLElement {
  const spot = oddSpot(result.input, result.suggestion ?? undefined);
  if (spot !== undefined) {
    const wrong = make("mark", {}, result.input.charAt(spot));
    return make("span", { className: "cut" }, result.input.slice(0, spot), wrong, result.input.slice(spot + 1));
  }
  const shown = result.address ?? result.input;
  const at = shown.lastIndexOf("@");
  if (at < 0) return make("span", { className: "cut" }, shown);
  return make("span", { className: "cut" }, shown.slice(0, at), make("span", { className: "domain" }, shown.slice(at)));
}

function cross(result: Result, index: number): HTMLButtonElement {
  const button = make("button", { className: "remove", type: "button", ariaLabel: `Remove ${result.address ?? result.input}` }, icon("x"));
  button.dataset["piece"] = String(index);
  return button;
}

function unreadChip(piece: string): HTMLLIElement {
  const item = make("li", { className: "chip" }, make("span", { className: "cut" }, piece));
  item.dataset["state"] = "reading";
  return item;
}

function crowdLine(total: number): HTMLLIElement {
  return make("li", { className: "crowd" }, `${count(total)} addresses. Edit as text to see them all.`);
}
