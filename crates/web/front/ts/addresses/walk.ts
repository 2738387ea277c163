// The keys among chips: one tab stop, arrows within, Enter edits (the chip is a button), Backspace and Delete take out.

type Step = (at: number, last: number) => number | "entry";

const steps: Record<string, Step> = {
  ArrowLeft: (at) => Math.max(at - 1, 0),
  ArrowUp: (at) => Math.max(at - 1, 0),
  ArrowRight: (at, last) => (at === last ? "entry" : at + 1),
  ArrowDown: (at, last) => (at === last ? "entry" : at + 1),
  Home: () => 0,
  End: (_, last) => last,
  Escape: () => "entry",
};

/** The chips' buttons in the box. */
export function edits(box: HTMLElement): HTMLButtonElement[] {
  return [...box.querySelectorAll<HTMLButtonElement>("[data-edit]")];
}

/** Moves the focus among chips and back to the entry. Answers whether the key was one of these. */
export function walk(event: KeyboardEvent, box: HTMLElement, entry: HTMLElement): boolean {
  const all = edits(box);
  const at = all.indexOf(event.target as HTMLButtonElement);
  const step = steps[event.key];
  if (at < 0 || !step || event.ctrlKey || event.metaKey || event.altKey) return false;
  const to = step(at, all.length - 1);
  focus(to === "entry" ? entry : all[to]);
  if (to === "entry" && event.key === "Escape") event.stopPropagation();
  event.preventDefault();
  return true;
}

/** One of the chips can be reached by Tab: the one that has or had the focus, or the first. */
export function rove(box: HTMLElement, to?: HTMLElement): void {
  const all = edits(box);
  const stop = all.find((chip) => chip === to) ?? all[0];
  for (const chip of all) chip.tabIndex = chip === stop ? 0 : -1;
}

function focus(element: HTMLElement | undefined): void {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
}
