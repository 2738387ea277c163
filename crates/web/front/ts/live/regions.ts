import { morphElements } from "@hotwired/turbo";

/** Where a form led without Turbo, which keeps the address: what is there is shown once and cannot be read again. */
const answered = isAnswer() ? location.href : "";

function isAnswer(): boolean {
  return document.querySelector("live-updates[data-answer]") !== null;
}

/** Parts of the page that follow what happens: `data-live` names the topics, the id finds them in the page read anew. */
export function regionsOf(topics: ReadonlySet<string>): HTMLElement[] {
  if (isAnswer() && location.href === answered) return [];
  const all = [...document.querySelectorAll<HTMLElement>("[data-live][id]")];
  if (topics.has("reset")) return all;
  return all.filter((region) => (region.dataset["live"] ?? "").split(" ").some((topic) => topics.has(topic)));
}

/** Reads the page anew and changes these regions where they differ. Answers the rows that changed. */
export async function refresh(regions: HTMLElement[]): Promise<HTMLElement[]> {
  const response = await fetch(location.href, { headers: { Accept: "text/html", "X-Live": "refresh" } });
  if (!response.ok || response.redirected) return [];
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return regions.filter((region) => region.isConnected).flatMap((region) => change(region, page));
}

function change(region: HTMLElement, page: Document): HTMLElement[] {
  const next = page.getElementById(region.id);
  if (!next) return [];
  const before = new Map(rows(region).map((row) => [row.id, words(row)]));
  const focused = region.contains(document.activeElement);
  morphElements(region, next, { callbacks: { beforeNodeMorphed } });
  // The row that had the focus is gone: what is left of the list takes it.
  if (focused && document.activeElement === document.body) headline(region)?.focus();
  return rows(region).filter((row) => before.get(row.id) !== words(row));
}

function headline(region: HTMLElement): HTMLElement | null {
  const heading = region.querySelector<HTMLElement>("h1, h2");
  if (heading) heading.tabIndex = -1;
  return heading;
}

/** What a person has in hand stays: typed text, ticked boxes, open dialogs and menus. */
function beforeNodeMorphed(current: Node): boolean {
  if (!(current instanceof HTMLElement)) return true;
  if (current.matches("input, textarea, select")) return false;
  return !current.matches("dialog[open], details[open], [popover]:popover-open:not([data-live])");
}

function rows(region: HTMLElement): HTMLElement[] {
  return [...region.querySelectorAll<HTMLElement>("tbody > tr[id]")];
}

/** What a row says, without times: "5 minutes ago" turns by itself. */
function words(row: HTMLElement): string {
  const copy = row.cloneNode(true) as HTMLElement;
  copy.querySelectorAll("time, [popover], dialog").forEach((part) => part.remove());
  return (copy.textContent ?? "").replace(/\s+/g, " ");
}
