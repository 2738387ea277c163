// Keys without a modifier: `G` then a letter, `I`, `J`, `K`, `X`, `/`, `?`. They rest while somebody types and can be
// switched off (WCAG 2.1.4). `Ctrl K` works always.
import { openDialog } from "../dialogs";
import { move, open, select } from "./rows";

const switchedOff = "muster:letter-keys-off";
const patience = 1200;

let first = "";
let firstAt = 0;

export function watchKeys(): void {
  document.addEventListener("keydown", pressed);
  document.addEventListener("change", switched);
  document.addEventListener("turbo:load", show);
  document.addEventListener("turbo:render", show);
  document.addEventListener("muster:opens", listKeys, true);
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const acted = isPaletteKey(event) ? search() : plain(event) && !resting(event) && act(event);
  if (acted) event.preventDefault();
}

function plain(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey;
}

function isPaletteKey(event: KeyboardEvent): boolean {
  return event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
}

function act(event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (key === "arrowdown" || key === "arrowup") return move(key === "arrowdown" ? 1 : -1, false);
  if (key === "enter") return open(event.target);
  if (localStorage.getItem(switchedOff) !== null) return false;
  const started = event.timeStamp - firstAt < patience ? first : "";
  // Only what begins a pair waits for a second letter; `J J` is two steps.
  [first, firstAt] = [begins(key) ? key : "", event.timeStamp];
  if (!started && (key === "j" || key === "k")) return move(key === "j" ? 1 : -1, true);
  if (!started && key === "x") return select(event.shiftKey);
  if (key === "/") return find();
  const action = actionOf(`${started} ${key}`.trim()) ?? actionOf(key);
  if (!action) return false;
  first = "";
  action.click();
  return true;
}

function begins(key: string): boolean {
  return document.querySelector(`[data-key^="${CSS.escape(key)} "]`) !== null;
}

function actionOf(keys: string): HTMLElement | undefined {
  if (keys === "?") return document.querySelector<HTMLElement>('[data-opens="keys"]') ?? undefined;
  const all = document.querySelectorAll<HTMLElement>("[data-key]");
  return [...all].find((one) => one.dataset["key"] === keys);
}

/** The list's own search, or the one for everything. */
function find(): boolean {
  const field = [...document.querySelectorAll<HTMLInputElement>("main input[type=search]")].find((one) => one.checkVisibility());
  if (!field) return search();
  field.focus();
  field.select();
  return true;
}

function search(): boolean {
  const palette = document.getElementById("palette");
  if (!(palette instanceof HTMLDialogElement)) return false;
  if (palette.open) palette.close();
  else if (!document.querySelector("dialog:modal")) openDialog(palette);
  return true;
}

function resting({ target }: KeyboardEvent): boolean {
  const element = target as HTMLElement;
  const typing = element.isContentEditable || element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select");
  return typing || document.querySelector("dialog:modal, .dialog:popover-open, .menu:popover-open") !== null;
}

function switched(event: Event): void {
  const box = event.target as HTMLInputElement;
  if (!box.matches?.("[data-letter-keys]")) return;
  if (box.checked) localStorage.removeItem(switchedOff);
  else localStorage.setItem(switchedOff, "true");
}

const apple = /Mac|iPhone|iPad/.test(navigator.platform);

function show(): void {
  const box = document.querySelector<HTMLInputElement>("[data-letter-keys]");
  if (box) box.checked = localStorage.getItem(switchedOff) === null;
  for (const hint of document.querySelectorAll<HTMLElement>("[data-palette-key]")) {
    hint.hidden = false;
    if (apple) hint.textContent = "⌘ K";
  }
}

/** The sheet lists the keys that do something on this page. */
function listKeys(): void {
  for (const line of document.querySelectorAll<HTMLElement>("#keys [data-when]")) {
    line.hidden = document.querySelector(line.dataset["when"] ?? "") === null;
  }
}
