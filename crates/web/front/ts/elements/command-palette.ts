import { count, icon, make } from "../dom";
import { Recent } from "../palette/recent";
import { Upgrade } from "./upgrade";

/** So long one waits for the next letter. */
const pause = 60;

/** People, projects, pages and actions by the beginnings of their words; everything by keyboard. */
export class CommandPalette extends Upgrade {
  #timer = 0;
  #asked: AbortController | undefined;
  #shown: string | undefined;
  #chosen = 0;

  upgrade(): void {}

  protected override listen(signal: AbortSignal): void {
    const on = (target: EventTarget, type: string, run: (event: Event) => void) =>
      target.addEventListener(type, run, { signal });
    on(this.#dialog, "muster:opens", () => this.#opens());
    on(this.#dialog, "click", (event) => event.target === this.#dialog && this.#dialog.close());
    on(this.#dialog, "turbo:before-morph-attribute", (event) => this.#keepOpen(event));
    on(this.#input, "input", () => this.#soon());
    on(this.#input, "keydown", (event) => this.#pressed(event as KeyboardEvent));
    on(this.#list, "click", (event) => this.#picked(event));
    on(this.#list, "pointermove", (event) => this.#pointed(event));
    on(this, "submit", (event) => this.#submitted(event));
  }

  get #dialog(): HTMLDialogElement {
    return this.closest("dialog")!;
  }
  get #input(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>("[name=q]")!;
  }
  get #list(): HTMLElement {
    return this.querySelector<HTMLElement>("[role=listbox]")!;
  }
  get #hits(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>("[role=option]")];
  }
  get #recent(): Recent {
    return new Recent(this.dataset["workspace"] ?? "");
  }

  #opens(): void {
    this.#input.value = "";
    void this.#ask();
  }

  #soon(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), pause);
  }

  async #ask(): Promise<void> {
    window.clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const typed = this.#input.value.trim();
    const url = new URL(this.#input.form!.action);
    url.searchParams.set("q", typed);
    try {
      const response = await fetch(url, { signal, headers: { Accept: "text/html", "X-Live": "search" } });
      // Signed out meanwhile: the page itself leads to where one can sign in.
      if (response.redirected || !response.ok) return location.assign(url);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      this.#show(typed, page.getElementById("hits"));
    } catch {
      if (!signal.aborted) this.#list.replaceChildren(make("p", { className: "empty" }, "The server cannot be reached just now."));
    }
  }

  #show(typed: string, found: HTMLElement | null): void {
    const sections = [...(found?.children ?? [])].map((part) => document.importNode(part, true) as HTMLElement);
    for (const section of sections) this.#recent.first(section);
    if (typed === "") sections.unshift(...this.#visited());
    this.#list.replaceChildren(...sections);
    this.#dress();
    this.#shown = typed;
    this.#choose(0);
    this.querySelector("[data-count]")!.textContent = typed === "" ? "" : `${count(this.#hits.length)} found`;
  }

  #visited(): HTMLElement[] {
    const links = this.#recent.all.map(({ href, name }) =>
      make("li", {}, make("a", { className: "hit", href }, icon("clock"), make("span", { className: "cut" }, name))),
    );
    return links.length === 0 ? [] : [make("section", {}, make("h2", {}, "Recent"), make("ul", {}, ...links))];
  }

  /** The page's lists become one list of options. */
  #dress(): void {
    this.#list.querySelectorAll<HTMLElement>("[data-scripted]").forEach((part) => (part.hidden = false));
    this.#list.querySelectorAll("ul, li, h2").forEach((part) => part.setAttribute("role", "presentation"));
    for (const [n, section] of [...this.#list.querySelectorAll("section")].entries()) {
      const heading = section.querySelector("h2")!;
      heading.id = `palette-group-${n}`;
      section.setAttribute("role", "group");
      section.setAttribute("aria-labelledby", heading.id);
    }
    for (const [n, hit] of [...this.#list.querySelectorAll<HTMLElement>(".hit")].entries()) {
      hit.id = `palette-hit-${n}`;
      hit.setAttribute("role", "option");
      hit.tabIndex = -1;
    }
  }

  #choose(at: number): void {
    const hits = this.#hits;
    this.#chosen = Math.max(0, Math.min(at, hits.length - 1));
    for (const [n, hit] of hits.entries()) hit.setAttribute("aria-selected", String(n === this.#chosen));
    const chosen = hits[this.#chosen];
    this.#input.setAttribute("aria-activedescendant", chosen?.id ?? "");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  #pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const last = this.#hits.length - 1;
    const steps: Record<string, number> = {
      ArrowDown: this.#chosen === last ? 0 : this.#chosen + 1,
      ArrowUp: this.#chosen === 0 ? last : this.#chosen - 1,
      PageDown: this.#chosen + 5,
      PageUp: this.#chosen - 5,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#choose(step);
  }

  /** Enter before the answer is there means what was typed, not what is shown. */
  #submitted(event: Event): void {
    if (event.target !== this.#input.form) return;
    event.preventDefault();
    const go = () => this.#hits[this.#chosen]?.click();
    if (this.#shown === this.#input.value.trim()) go();
    else void this.#ask().then(go);
  }

  #picked(event: Event): void {
    const hit = (event.target as Element).closest<HTMLElement>(".hit");
    if (!hit) return;
    if (hit instanceof HTMLAnchorElement) this.#recent.add(hit.getAttribute("href") ?? "", nameOf(hit));
    this.#dialog.close();
  }

  #pointed(event: Event): void {
    const hit = (event.target as Element).closest<HTMLElement>(".hit");
    const at = hit ? this.#hits.indexOf(hit) : -1;
    if (at >= 0 && at !== this.#chosen) this.#choose(at);
  }

  #keepOpen(event: Event): void {
    const { attributeName } = (event as CustomEvent<{ attributeName: string }>).detail;
    if (event.target === this.#dialog && attributeName === "open") event.preventDefault();
  }
}

function nameOf(hit: HTMLElement): string {
  const words = hit.querySelector<HTMLElement>("span:not(.avatar, .key)");
  return words?.textContent ?? "";
}
