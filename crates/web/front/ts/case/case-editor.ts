import { visit } from "@hotwired/turbo";
import { Upgrade } from "../elements/upgrade";
import { show, type Conflict } from "./conflicts";
import { changed, same, type Values } from "./fields";
import { read, received, sendable, write } from "./form";
import { keep, recall } from "./kept";

/** A pause in typing after which is saved, and the longest that typing without one waits. */
const pause = 1_000;
const longest = 5_000;
/** Waiting for the network to come back. */
const retries = [2_000, 5_000, 15_000, 30_000];

interface Answer {
  status: number;
  body: Values;
}

/**
 * Saves a case while it is written: only fields that changed, over the revision they were changed from. What the
 * server does not have yet is kept in this browser; a new case is kept there until it is created. Without script the
 * form has its Save.
 */
export class CaseEditor extends Upgrade {
  #saved: Values = {};
  #ready = false;
  #revision = 0;
  #timer = 0;
  #since = 0;
  #failures = 0;
  #busy: Promise<void> | undefined;
  #conflicts: Conflict[] = [];
  /** The revision under what nobody has chosen yet: after a reload the choice is to come again. */
  #undecided = 0;

  upgrade(): void {
    const form = this.#form;
    if (!form || this.#ready) return;
    this.#ready = true;
    this.#revision = Number(new FormData(form).get("revision"));
    this.#saved = read(form);
    form.dataset["saves"] = "";
    this.#restore(form);
  }

  protected override listen(signal: AbortSignal): void {
    const form = this.#form;
    if (!form) return;
    form.addEventListener("input", () => this.#typed(), { signal });
    form.addEventListener("change", () => this.#typed(), { signal });
    if (this.#call === "") {
      form.addEventListener("turbo:submit-end", (event) => this.#created(event), { signal });
      return;
    }
    form.addEventListener("submit", (event) => void this.#submit(event), { signal, capture: true });
    window.addEventListener("online", () => void this.#save(), { signal });
    window.addEventListener("pagehide", () => this.#keep(), { signal });
    signal.addEventListener("abort", () => window.clearTimeout(this.#timer));
  }

  get #form(): HTMLFormElement | null {
    return this.closest("form");
  }

  get #call(): string {
    return this.dataset["call"] ?? "";
  }

  #created(event: Event): void {
    const { success } = (event as CustomEvent<{ success: boolean }>).detail;
    if (success) keep(this.#key, 0, {});
  }

  get #changes(): Values {
    const form = this.#form;
    return form ? changed(read(form), this.#saved) : {};
  }

  #restore(form: HTMLFormElement): void {
    const kept = this.dataset["typed"] === undefined ? recall(this.#key) : undefined;
    if (!kept) return;
    // The server is told which revision this was typed over, so it says if others changed the same since.
    this.#revision = Math.min(kept.revision, this.#revision);
    for (const [name, value] of Object.entries(kept.fields)) write(form, name, value);
    this.#typed();
  }

  get #key(): string {
    return this.dataset["draft"] ?? "";
  }

  #keep(): boolean {
    const revision = this.#conflicts.length > 0 ? this.#undecided : this.#revision;
    return keep(this.#key, revision, this.#changes);
  }

  #typed(): void {
    const kept = this.#keep();
    if (Object.keys(this.#changes).length === 0) return this.#say("");
    if (this.#call === "") return this.#say(kept ? "Kept in this browser" : "");
    this.#say(kept ? "Not saved yet" : "Not saved yet, and this browser keeps nothing");
    const now = Date.now();
    this.#since ||= now;
    this.#later(Math.min(pause, Math.max(0, this.#since + longest - now)));
  }

  #later(wait: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#save(), wait);
  }

  /** One save at a time; what is typed meanwhile goes with the next. */
  async #save(): Promise<void> {
    window.clearTimeout(this.#timer);
    while (this.#busy) await this.#busy;
    this.#since = 0;
    const inConflict = new Set(this.#conflicts.map(({ field }) => field));
    const sent = Object.fromEntries(Object.entries(this.#changes).filter(([name]) => !inConflict.has(name)));
    if (Object.keys(sent).length === 0) return;
    this.#busy = this.#send(sent);
    await this.#busy;
    this.#busy = undefined;
  }

  async #send(sent: Values): Promise<void> {
    this.#say("Saving…");
    try {
      const answer = await this.#ask(sent);
      this.#failures = 0;
      if (answer.status === 200) this.#kept(sent, answer.body);
      else this.#refused(answer);
    } catch {
      const wait = retries[Math.min(this.#failures, retries.length - 1)] ?? pause;
      this.#failures += 1;
      this.#say("No connection. Your text is kept in this browser and saved when it is back.", "bad");
      this.#later(wait);
    }
  }

  async #ask(sent: Values): Promise<Answer> {
    const response = await fetch(this.#call, {
      method: "PATCH",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ revision: this.#revision, ...sendable(sent) }),
    });
    if (response.status >= 500) throw new Error("the server has trouble");
    return { status: response.status, body: (await response.json()) as Values };
  }

  /** The server has it, with whatever others saved in other fields. */
  #kept(sent: Values, body: Values): void {
    const form = this.#form;
    if (!form) return;
    const server = received(body);
    const before = this.#saved;
    const now = read(form);
    this.#saved = Object.fromEntries(Object.keys(before).map((name) => [name, server[name] ?? null]));
    for (const name of Object.keys(before)) {
      const mine = now[name];
      const untouched = same(mine, before[name]) && !(name in sent);
      if (untouched && !same(mine, server[name])) write(form, name, server[name]);
      // What was sent and not typed over since is what the server says of it.
      else if (name in sent && same(mine, sent[name])) this.#saved[name] = mine;
    }
    this.#revision = Number(body["revision"]);
    const hidden = form.querySelector<HTMLInputElement>("input[name=revision]");
    if (hidden) hidden.value = String(this.#revision);
    this.#settle();
  }

  #settle(): void {
    this.#keep();
    const left = Object.keys(this.#changes).length;
    if (this.#conflicts.length > 0) this.#say("Choose what is to stay", "bad");
    else if (left > 0) this.#typed();
    else this.#say("Saved");
  }

  #refused({ status, body }: Answer): void {
    if (status === 409 && body["code"] === "edited_meanwhile") return this.#conflict(body);
    const detail = String(body["detail"] ?? "It could not be saved.");
    if (status === 401) this.#say("You are signed out. Your text is kept in this browser; sign in again to save it.", "bad");
    else this.#say(`Not saved. ${detail}`, "bad");
  }

  #conflict(body: Values): void {
    const told = body["conflicts"] as Conflict[];
    const ours = (one: unknown) => (typeof one === "object" && one !== null && "id" in one ? one.id : one);
    this.#conflicts = told.map((one) => ({ ...one, theirs: ours(one.theirs), yours: ours(one.yours) }));
    this.#undecided ||= this.#revision;
    this.#revision = Number(body["revision"]);
    for (const { field, theirs } of this.#conflicts) this.#saved[field] = theirs;
    this.#show();
    this.#settle();
    void this.#save();
  }

  #show(): void {
    const [form, place] = [this.#form, document.querySelector<HTMLElement>("[data-conflicts]")];
    if (!form || !place) return;
    show(place, form, this.#conflicts, (field, keeps, theirs) => {
      this.#conflicts = this.#conflicts.filter((one) => one.field !== field);
      if (this.#conflicts.length === 0) this.#undecided = 0;
      if (keeps === "theirs") write(form, field, theirs);
      this.#show();
      this.#settle();
      void this.#save();
    });
  }

  /** Save means: all of it now, and back to the case. */
  async #submit(event: Event): Promise<void> {
    const form = this.#form;
    if (!form || this.dataset["typed"] !== undefined) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await this.#save();
    if (Object.keys(this.#changes).length > 0 || this.#conflicts.length > 0) return;
    const invalid = Object.keys(this.#saved).some((name) => !(name in read(form)));
    if (invalid) return this.#say("Not saved. Look at title and estimate.", "bad");
    // Lines of steps have fields named `action`, which hide the form's own.
    visit(form.getAttribute("action") ?? location.href);
  }

  #say(words: string, tone = ""): void {
    const state = document.querySelector<HTMLElement>("[data-save-state]");
    if (!state) return;
    state.textContent = words;
    state.dataset["tone"] = tone;
  }
}
