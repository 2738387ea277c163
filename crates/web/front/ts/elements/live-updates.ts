import { listen } from "../live/ear";
import type { Heard } from "../live/line";
import { refresh, regionsOf } from "../live/regions";
import { news } from "../live/words";
import { Upgrade } from "./upgrade";

/** Much may change at once; one reading answers all of it. */
const breath = 300;
const pace = 1_000;
/** A reader is told at most so often. */
const speech = 5_000;
/** A connection that comes back sooner is nobody's trouble. */
const worry = 5_000;

/**
 * Keeps the page as things are: hears what changes and reads those parts of the page anew.
 * Without script the page is as it was when it was opened.
 */
export class LiveUpdates extends Upgrade {
  readonly #topics = new Set<string>();
  #timer = 0;
  #reading = false;
  #changed: HTMLElement[] = [];
  #speaking = 0;
  #worried = 0;
  #trouble = "";

  /** A morph empties what only this element fills. */
  upgrade(): void {
    this.#part("[data-trouble]").textContent = this.#trouble;
  }

  protected override listen(signal: AbortSignal): void {
    const leave = listen(this.dataset["events"] ?? "", this.dataset["worker"] ?? "", (heard) => this.#hear(heard));
    document.addEventListener("visibilitychange", () => this.#soon(breath), { signal });
    signal.addEventListener("abort", () => {
      leave();
      for (const timer of [this.#timer, this.#speaking, this.#worried]) window.clearTimeout(timer);
    });
  }

  #hear({ name, data }: Heard): void {
    if (name === "open" || name === "lost" || name === "over") return this.#connection(name);
    this.#topics.add(name);
    // A part of the page may follow one thing alone: `case:cas_…`.
    this.#topics.add(`${name}:${data}`);
    this.#soon(breath);
  }

  #connection(state: string): void {
    window.clearTimeout(this.#worried);
    if (state === "open") this.#tell("");
    else if (state === "over") this.#tell(this.dataset["over"] ?? "");
    else this.#worried = window.setTimeout(() => this.#tell(this.dataset["lost"] ?? ""), worry);
  }

  #tell(trouble: string): void {
    this.#trouble = trouble;
    this.upgrade();
  }

  #soon(wait: number): void {
    window.clearTimeout(this.#timer);
    if (this.#topics.size > 0 && !document.hidden) this.#timer = window.setTimeout(() => void this.#read(), wait);
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    const regions = regionsOf(this.#topics);
    this.#topics.clear();
    if (regions.length === 0) return;
    this.#reading = true;
    try {
      this.#show(await refresh(regions));
    } catch {
      // The line will say what is wrong, and everything is read anew when it is back.
    }
    this.#reading = false;
    this.#soon(pace);
  }

  #show(rows: HTMLElement[]): void {
    for (const row of rows) {
      row.dataset["fresh"] = "";
      row.addEventListener("animationend", () => delete row.dataset["fresh"], { once: true });
    }
    this.#changed = [...new Set([...this.#changed, ...rows])];
    if (this.#speaking === 0) this.#speak();
  }

  #speak(): void {
    this.#speaking = 0;
    if (this.#changed.length === 0) return;
    this.#part("[data-news]").textContent = news(this.#changed);
    this.#changed = [];
    this.#speaking = window.setTimeout(() => this.#speak(), speech);
  }

  #part(selector: string): Element {
    return this.querySelector(selector) ?? this;
  }
}
