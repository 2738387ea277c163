import { count, icon, make } from "../dom";
import type { Result } from "./preview";
import { states } from "./words";

const listed = 50;

/** A line per address that will be skipped: why, and one way on. Repeats are merged and need no line. */
export function skips(results: Result[]): HTMLLIElement[] {
  const skipped = [...results.entries()].filter(([, { outcome }]) => outcome !== "invited" && outcome !== "duplicate");
  const lines = skipped.slice(0, listed).map(([index, result]) => line(result, index));
  const rest = skipped.length - lines.length;
  return rest > 0 ? [...lines, make("li", { className: "rest" }, `And ${count(rest)} more`)] : lines;
}

function line(result: Result, index: number): HTMLLIElement {
  const { look, icon: drawing, words } = states[result.outcome] ?? states.invalid;
  const reason = result.detail ?? words.charAt(0).toUpperCase() + words.slice(1);
  const item = make("li", {}, icon(drawing), make("div", {}, make("b", {}, result.input), make("small", {}, reason)));
  item.dataset["state"] = look;
  item.append(wayOn(result, index));
  return item;
}

function wayOn({ input, suggestion }: Result, index: number): HTMLButtonElement {
  const button = make("button", { className: "link", type: "button" });
  button.dataset["piece"] = String(index);
  if (suggestion) {
    button.dataset["by"] = suggestion;
    button.append(`Use ${suggestion}`);
  } else {
    button.ariaLabel = `Leave out ${input}`;
    button.append("Leave out");
  }
  return button;
}
