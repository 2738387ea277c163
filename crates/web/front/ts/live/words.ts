import { count } from "../dom";

/** What changed, for those who cannot see it: one thing by its name, several by their number. */
export function news(rows: HTMLElement[]): string {
  const [first] = rows;
  if (first && rows.length === 1) return `Updated: ${name(first)}`;
  return `${count(rows.length)} rows updated`;
}

function name(row: HTMLElement): string {
  const head = row.querySelector("th")?.cloneNode(true) as HTMLElement | undefined;
  head?.querySelectorAll("[aria-hidden], input, button").forEach((part) => part.remove());
  return (head?.textContent ?? "").replace(/\s+/g, " ").trim();
}
