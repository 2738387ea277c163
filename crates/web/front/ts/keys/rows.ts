/** What counts as a row: those of tables, and of lists whose rows open and that the page marks. */
const row = "main tbody > tr, [data-rows] summary";

/** Moving among rows, one step from where the focus is. */
export function move(step: 1 | -1, begins: boolean): boolean {
  const all = rows();
  const at = all.indexOf(rowOf(document.activeElement)!);
  // Arrows scroll the page until one is in a table.
  if (at < 0 && !begins) return false;
  const next = all[at < 0 ? (step === 1 ? 0 : all.length - 1) : at + step];
  if (!next) return at >= 0;
  const target = linkOf(next) ?? next;
  if (target.tabIndex < 0) target.tabIndex = -1;
  target.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/** Opens a row that has the focus itself: one whose name is a link does so by itself. */
export function open(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLTableRowElement)) return false;
  const link = target.querySelector<HTMLElement>("a[href], button");
  link?.click();
  return link !== null;
}

let last: HTMLInputElement | undefined;

/** Ticks the box of the row with the focus, with `shift` those up to it from the last one ticked. */
export function select(shift: boolean): boolean {
  const box = boxOf(rowOf(document.activeElement));
  if (!box) return false;
  const boxes = rows().map(boxOf).filter((one) => one !== undefined);
  const [from, to] = [boxes.indexOf(last ?? box), boxes.indexOf(box)].sort((one, other) => one - other);
  const wanted = shift ? boxes.slice(Math.max(0, from ?? 0), (to ?? 0) + 1) : [box];
  const checked = shift ? (last?.checked ?? true) : !box.checked;
  // A click, so that whoever listens hears of it.
  wanted.filter((one) => one.checked !== checked).forEach((one) => one.click());
  last = box;
  return true;
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(row)].filter((one) => one.checkVisibility());
}

function rowOf(element: Element | null): HTMLElement | null {
  return element?.closest<HTMLElement>(row) ?? null;
}

function linkOf(row: HTMLElement): HTMLElement | null {
  return row.querySelector<HTMLElement>("th a[href]");
}

function boxOf(row: HTMLElement | null): HTMLInputElement | undefined {
  return row?.querySelector<HTMLInputElement>("input[type=checkbox]:not(:disabled)") ?? undefined;
}
