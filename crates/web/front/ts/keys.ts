// Letters as shortcuts: `G` then `D` or `S`, `I`, `?`. They rest while somebody types and can be switched off.

const switchedOff = "muster:letter-keys-off";
const patience = 1200;

let first = "";
let firstAt = 0;

export function watchKeys(): void {
  document.addEventListener("keydown", pressed);
  document.addEventListener("change", switched);
  document.addEventListener("turbo:load", showSwitch);
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || resting(event)) return;
  const key = event.key.toLowerCase();
  const started = event.timeStamp - firstAt < patience ? first : "";
  first = key;
  firstAt = event.timeStamp;
  const action = find(`${started} ${key}`.trim()) ?? find(key);
  if (!action) return;
  event.preventDefault();
  first = "";
  action.click();
}

function find(keys: string): HTMLElement | undefined {
  if (keys === "?") return document.querySelector<HTMLElement>('[data-opens="keys"]') ?? undefined;
  const all = document.querySelectorAll<HTMLElement>("[data-key]");
  return [...all].find((one) => one.dataset["key"] === keys);
}

/** Whether letters are no shortcuts now: somebody types, a dialog is open, or they are switched off. */
export function resting(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const typing = target.isContentEditable || target.matches?.("input, textarea, select");
  const covered = document.querySelector("dialog:modal, .dialog:popover-open") !== null;
  return typing || covered || localStorage.getItem(switchedOff) !== null;
}

function switched(event: Event): void {
  const box = event.target as HTMLInputElement;
  if (!box.matches?.("[data-letter-keys]")) return;
  if (box.checked) localStorage.removeItem(switchedOff);
  else localStorage.setItem(switchedOff, "true");
}

function showSwitch(): void {
  const box = document.querySelector<HTMLInputElement>("[data-letter-keys]");
  if (box) box.checked = localStorage.getItem(switchedOff) === null;
}
