import { EventReader, type Told } from "./events";

/** What a page hears: topics with ids, and of the line itself `open`, `lost`, `reset` (read everything anew), `over`. */
export type Heard = Pick<Told, "name" | "data">;
export type Hear = (heard: Heard) => void;

type End = "over" | "lost";

/** The server says something every 15 seconds; a line silent for longer is dead, whatever the socket believes. */
const silence = 40_000;
const firstPause = 1_000;
const longestPause = 30_000;
const kept = 500;

/** One stream of a workspace for all pages that join. It comes back by itself until the right is lost. */
export class Line {
  readonly #url: string;
  readonly #hearers = new Set<Hear>();
  readonly #closed = new AbortController();
  #recent: { at: number; heard: Heard }[] = [];
  #last = "";
  #state: "new" | "open" | End = "new";

  /** `since` is when the page was asked for, in milliseconds: nothing told from then on is missed. */
  constructor(url: string, private since: number) {
    this.#url = url;
    void this.#run();
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  get isDeserted(): boolean {
    return this.#hearers.size === 0;
  }

  join(hear: Hear, since: number): void {
    this.#hearers.add(hear);
    if (this.#state !== "new") hear(said(this.#state));
    if (since < this.since) return hear(said("reset"));
    for (const { at, heard } of this.#recent) if (at >= since) hear(heard);
  }

  leave(hear: Hear): void {
    this.#hearers.delete(hear);
  }

  close(): void {
    this.#closed.abort();
  }

  async #run(): Promise<void> {
    for (let pause = firstPause; !this.#closed.signal.aborted; pause = Math.min(pause * 2, longestPause)) {
      const end = await this.#follow().catch((): End => "lost");
      if (this.#closed.signal.aborted) return;
      if (this.#state === "open") pause = firstPause;
      this.#turn(end);
      if (end === "over") return;
      // Not all at once: a server that comes back has enough to do.
      await new Promise((done) => setTimeout(done, pause * (0.5 + Math.random())));
    }
  }

  async #follow(): Promise<End> {
    const dead = new AbortController();
    const signal = AbortSignal.any([this.#closed.signal, dead.signal]);
    const response = await this.#ask(signal);
    if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) return "over";
    if (!response.ok || !response.body) return "lost";
    const reader = new EventReader();
    const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const timer = setTimeout(() => dead.abort(), silence);
      const { done, value } = await pieces.read().finally(() => clearTimeout(timer));
      if (done) return this.isOver ? "over" : "lost";
      for (const told of reader.read(value)) this.#hear(told);
    }
  }

  #ask(signal: AbortSignal): Promise<Response> {
    const url = new URL(this.#url, location.href);
    const headers = new Headers({ Accept: "text/event-stream" });
    if (this.#last !== "") headers.set("Last-Event-ID", this.#last);
    else url.searchParams.set("age", String(Math.max(0, Math.round(Date.now() - this.since))));
    return fetch(url, { headers, signal, redirect: "manual", cache: "no-store" });
  }

  #hear({ name, id, data }: Told): void {
    this.#last = id || this.#last;
    if (name === "open" || name === "over") return this.#turn(name);
    if (name === "reset") {
      this.#turn("open");
      this.#recent = [];
      this.since = Date.now();
    } else {
      this.#recent.push({ at: Date.now(), heard: { name, data } });
      this.#forget();
    }
    this.#say({ name, data });
  }

  #forget(): void {
    if (this.#recent.length <= kept) return;
    this.since = this.#recent.shift()?.at ?? this.since;
  }

  #turn(state: "open" | End): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#say(said(state));
  }

  #say(heard: Heard): void {
    for (const hear of this.#hearers) hear(heard);
  }
}

function said(name: string): Heard {
  return { name, data: "" };
}
