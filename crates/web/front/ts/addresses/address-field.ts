import { chips } from "./chips";
import { Draft } from "./draft";
import { preview, Refused, type Result } from "./preview";
import { skips } from "./skips";
import { join, locate, looksWhole, type Place, replace, roughPieces, splitTyped } from "./text";
import { sendLabel, summary, tally } from "./words";

const pause = 250;

/**
 * Chips over the text area of addresses, checked by the server as they come in.
 *
 * Invariant: the text area `recipients` always holds the whole text, so the form sends the same with and without
 * this element. `#settled` is the part shown as chips, the entry holds the rest.
 */
export class AddressField extends HTMLElement {
  #settled = "";
  #results: Result[] = [];
  #timer = 0;
  #asked: AbortController | undefined;
  #leave: AbortController | undefined;

  connectedCallback(): void {
    this.#leave = new AbortController();
    this.#listen(this.#leave.signal);
    if (this.#source.value === "") this.#source.value = this.#draft.read();
    this.#settled = this.#source.value;
    this.#showChips(true);
    this.#changed();
  }

  disconnectedCallback(): void {
    this.#leave?.abort();
    this.#asked?.abort();
    window.clearTimeout(this.#timer);
  }

  #listen(signal: AbortSignal): void {
    const on = (target: EventTarget, type: string, run: (event: Event) => void) =>
      target.addEventListener(type, run, { signal });
    on(this, "input", (event) => this.#typed((event as InputEvent).inputType === "insertFromPaste"));
    on(this, "click", (event) => this.#clicked(event));
    on(this.#entry, "keydown", (event) => this.#pressed(event as KeyboardEvent));
    on(this.#entry, "blur", () => this.#settle());
    on(this.#form, "change", () => this.#ask());
    on(document, "turbo:render", () => this.#morphed());
    on(this.#form, "turbo:submit-end", (event) => this.#sent(event));
    if (this.#toggle) on(this.#toggle, "click", () => this.#toggled());
  }

  /** The text area the form sends. */
  get #source(): HTMLTextAreaElement {
    return this.querySelector<HTMLTextAreaElement>("[name=recipients]")!;
  }
  /** Where one types while chips are shown. */
  get #entry(): HTMLTextAreaElement {
    return this.querySelector<HTMLTextAreaElement>(".addresses textarea")!;
  }
  get #box(): HTMLElement {
    return this.querySelector<HTMLElement>(".addresses")!;
  }
  get #form(): HTMLFormElement {
    return this.closest("form")!;
  }
  get #toggle(): HTMLButtonElement | null {
    return this.#form.querySelector("[data-address-toggle]");
  }
  get #draft(): Draft {
    return new Draft(this.dataset["draft"] ?? "");
  }
  get #asText(): boolean {
    return this.#box.hasAttribute("hidden");
  }

  /** A pasted text stays as it is; what is typed becomes chips piece by piece. */
  #typed(pasted: boolean): void {
    if (this.#asText) this.#settled = this.#source.value;
    if (pasted && !this.#asText) return this.#settle();
    const [ended, open] = splitTyped(this.#entry.value);
    if (ended !== "") this.#settle(ended, open.trimStart());
    else this.#changed();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) this.#form.requestSubmit();
      else this.#settle();
    } else if (event.key === "Backspace" && this.#entry.value === "") {
      this.#takeBack(event);
    }
  }

  /** Backspace at the start takes the last chip back into the entry. */
  #takeBack(event: Event): void {
    const places = this.#places();
    const last = places.findLastIndex((place) => place);
    const place = places[last];
    if (!place) return;
    event.preventDefault();
    const piece = this.#settled.slice(place.start, place.end);
    this.#settled = replace(this.#settled, place, "");
    this.#results.splice(last, 1);
    this.#entry.value = piece;
    this.#changed();
  }

  #clicked(event: Event): void {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-piece]");
    if (button) this.#replacePiece(Number(button.dataset["piece"]), button.dataset["by"] ?? "");
    else if (event.target === this.#box) this.#entry.focus();
  }

  #replacePiece(index: number, by: string): void {
    this.#settle();
    const place = this.#places()[index];
    if (!place) return;
    this.#settled = replace(this.#settled, place, by);
    this.#results.splice(index, 1);
    this.#changed();
    (this.#asText ? this.#source : this.#entry).focus();
  }

  /** Where each result stands among the settled text. */
  #places(): (Place | undefined)[] {
    return locate(this.#settled, this.#results.map((result) => result.input));
  }

  /** What stands in the entry becomes chips, but for what is still `open`. */
  #settle(ended = this.#entry.value, open = ""): void {
    if (ended === "") return;
    this.#settled = join(this.#settled, ended.trim());
    this.#entry.value = open;
    this.#changed();
  }

  #changed(): void {
    const whole = join(this.#settled, this.#entry.value);
    // Writing the same text would move the caret.
    if (this.#source.value !== whole) this.#source.value = whole;
    this.#draft.write(this.#source.value);
    this.#render();
    this.#ask();
  }

  /** A morph left this element alone, but put label, switch and button around it back. */
  #morphed(): void {
    this.#showChips(!this.#asText);
    this.#render();
  }

  #toggled(): void {
    this.#settle();
    this.#showChips(this.#asText);
    this.#changed();
    (this.#asText ? this.#source : this.#entry).focus();
  }

  #showChips(shown: boolean): void {
    this.#box.hidden = !shown;
    this.#source.hidden = shown;
    const label = this.#form.querySelector<HTMLLabelElement>("[data-address-label]");
    if (label) label.htmlFor = shown ? this.#entry.id : this.#source.id;
    if (this.#toggle) this.#toggle.textContent = shown ? "Edit as text" : "Show as list";
  }

  #ask(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#check(), pause);
  }

  /** A half-typed address is not judged yet. */
  #checkable(): string {
    const whole = this.#asText || looksWhole(this.#entry.value);
    return whole ? this.#source.value : this.#settled;
  }

  async #check(): Promise<void> {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const text = this.#checkable();
    try {
      const empty = text.trim() === "";
      this.#results = empty ? [] : await preview(this.dataset["preview"] ?? "", text, this.#form, signal);
      this.#render();
    } catch (error) {
      if (!signal.aborted) this.#couldNotCheck(error);
    }
  }

  #couldNotCheck(error: unknown): void {
    this.#results = [];
    this.#render();
    const reason = error instanceof Refused && error.message;
    this.#say(reason || "The addresses could not be checked just now. Sending works all the same.");
  }

  #sent(event: Event): void {
    const { success, fetchResponse } = (event as CustomEvent).detail;
    const signedOut = fetchResponse?.location?.pathname === "/sign-in";
    if (!success || signedOut) return;
    this.#source.value = this.#entry.value = this.#settled = "";
    this.#results = [];
    this.#changed();
  }

  #render(): void {
    const numbers = tally(this.#results);
    this.#renderChips();
    const lines = skips(this.#results);
    const list = this.querySelector<HTMLElement>(".outcomes")!;
    list.replaceChildren(...lines);
    list.hidden = lines.length === 0;
    if (this.#toggle) this.#toggle.hidden = !this.#asText && this.#source.value === "";
    this.#say(this.#results.length > 0 ? summary(numbers) : "");
    const send = this.#form.querySelector<HTMLButtonElement>("[data-send]");
    if (send) send.textContent = sendLabel(numbers, send.dataset["send"] ?? "");
  }

  #renderChips(): void {
    const list = this.#box.querySelector("ul")!;
    const places = this.#places();
    const settled = [...this.#results.entries()].filter(([index]) => places[index]);
    const read = places.findLast((place) => place)?.end ?? 0;
    const focused = [...list.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement);
    list.replaceChildren(...chips(settled, roughPieces(this.#settled.slice(read))));
    list.querySelectorAll("button")[focused]?.focus();
  }

  #say(words: string): void {
    const hint = this.querySelector<HTMLElement>("[role=status]")!;
    hint.dataset["hint"] ??= hint.textContent ?? "";
    const next = words || hint.dataset["hint"];
    if (hint.textContent !== next) hint.textContent = next;
  }
}
