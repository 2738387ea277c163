/** A step as the API takes it. */
export interface Step {
  action?: string;
  expected?: string;
  group?: string;
}

export type Values = Record<string, unknown>;

/** The fields that differ from what the server has. */
export function changed(now: Values, saved: Values): Values {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => !same(value, saved[name])));
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Steps without empty ones at the end, as the server keeps them. */
export function trimmed(steps: Step[]): Step[] {
  const last = steps.findLastIndex((step) => step.group || step.action?.trim() || step.expected?.trim());
  return steps.slice(0, last + 1);
}

/** `1h 30m` in seconds: a bare number counts minutes. `undefined` if it is no time; null if nothing is written. */
export function seconds(text: string): number | null | undefined {
  const plain = text.replace(/\s+/g, "").toLowerCase();
  if (plain === "") return null;
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
  let total = 0;
  let next = 60;
  let rest = plain;
  while (rest !== "") {
    const part = /^(\d+)([hms])?/.exec(rest);
    if (!part) return undefined;
    const unit = part[2] ? (units[part[2]] ?? 60) : next;
    if (!part[2] && part[0].length < rest.length) return undefined;
    total += Number(part[1]) * unit;
    next = Math.max(unit / 60, 1);
    rest = rest.slice(part[0].length);
  }
  return total >= 1 && total <= 999 * 3600 ? total : undefined;
}

/** Names with commas between, each once. */
export function listed(text: string): string[] {
  const names = text.split(/[,\n]/).map((name) => name.trim().replace(/\s+/g, " "));
  const first = (name: string, at: number) => names.findIndex((one) => one.toLowerCase() === name.toLowerCase()) === at;
  return names.filter((name, at) => name !== "" && first(name, at));
}

/** What one of the project's own fields holds, as the API tells it; null is nothing. */
export function ownValue(kind: string, typed: string[]): unknown {
  const values = typed.map((value) => value.trim()).filter((value) => value !== "");
  const [one] = values;
  if (one === undefined) return null;
  if (kind === "select" || kind === "multi_select") return values;
  if (kind === "checkbox") return true;
  if (kind !== "number") return written(one);
  // What is no number goes as it is typed, and the server says what is wrong with it.
  const number = Number(one.replace(",", ".").replace("−", "-"));
  return Number.isFinite(number) ? number : one;
}

/** Line ends and trailing space as the server keeps them. */
export function written(text: string): string {
  return text.replace(/\r\n?/g, "\n").trimEnd();
}

/** Moves one thing of a list to another place. */
export function moved<T>(list: T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(to, 0, one);
  return next;
}

/** Whether pasted text is a list: several lines, or cells of a table. */
export function isList(text: string): boolean {
  return text.includes("\t") || text.trim().includes("\n");
}
