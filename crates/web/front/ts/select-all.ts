/** The box above a column of boxes: ticks them all, and says whether all of them are ticked, some or none. */
export function watchSelectAll(): void {
  document.addEventListener("change", changed);
  // What a form resets is as it was only after this.
  document.addEventListener("reset", () => setTimeout(() => heads().forEach(tell)));
}

function changed({ target }: Event): void {
  if (!(target instanceof HTMLInputElement)) return;
  const head = target.closest("table")?.querySelector<HTMLInputElement>("[data-all]");
  if (!head) return;
  if (target === head) boxes(head).filter((box) => box.checked !== head.checked).forEach((box) => box.click());
  else tell(head);
}

function tell(head: HTMLInputElement): void {
  const ticked = boxes(head).filter((box) => box.checked).length;
  head.checked = ticked > 0 && ticked === boxes(head).length;
  head.indeterminate = ticked > 0 && !head.checked;
}

function heads(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("[data-all]")];
}

function boxes(head: HTMLInputElement): HTMLInputElement[] {
  return [...(head.closest("table")?.querySelectorAll<HTMLInputElement>("td.pick input:enabled") ?? [])];
}
