import { make } from "../dom";
import { chips, crowd, crowdLines } from "./chips";
import { textOf } from "./file";
import { nothing, preview, Refused, type Preview } from "./preview";
import { areMany, skips } from "./skips";
import { join, locate, looksWhole, type Place, replace, roughPieces, splitTyped, withoutLine } from "./text";
import { edits, rove, walk } from "./walk";
import { idleWords, needsALook, quotaWords, sendLabel, summary, tally } from "./words";

const pause = 250;
const keepsInFocus = "button, input, a";

/**
 * Chips over the text area of addresses, checked by the server as they come in.
 *
 * Invariant: the text area `recipients` always holds the whole text, so the form sends the same with and without
 * this element. `#settled` is the part shown as chips, the entry holds the rest.
 */
export class AddressField extends HTMLElement {
  #settled = "";
  #seen: Preview = nothing;
  #sought = "";
  /** Why a file could not be taken; told until the text changes. */
  #trouble = "";
  #timer = 0;
  #asked: AbortController | undefined;
  #leave: AbortController | undefined;

  connectedCallback(): void {
    this.#leave = new AbortController();
    this.#listen(this.#leave.signal);
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
    on(this, "input", (event) => this.#input(event as InputEvent));
    on(this, "click", (event) => this.#clicked(event));
    on(this, "keydown", (event) => this.#pressed(event as KeyboardEvent));
    on(this.#entry, "blur", () => this.#settle());
    // A press on a button must not take the focus from the entry: what stands there would become a chip, the lists be
    // drawn anew, and the button gone before the click.
    on(this, "mousedown", (event) => (event.target as Element).closest("button") && event.preventDefault());
    on(this.#form, "change", (event) => this.#formChanged(event));
    on(this.#form, "draft:restored", () => this.#restored());
    on(document, "turbo:render", () => this.#morphed());
    on(this.#form, "turbo:submit-end", (event) => this.#sent(event));
    on(this.#form, "dragover", (event) => this.#dragged(event as DragEvent));
    on(this.#form, "dragleave", () => this.#form.classList.remove("dropping"));
    on(this.#form, "drop", (event) => void this.#dropped(event as DragEvent));
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
  get #asText(): boolean {
    return this.#box.hasAttribute("hidden");
  }

  #input(event: InputEvent): void {
    const target = event.target;
    if (target instanceof HTMLInputElement && target.type === "search") this.#seek(target.value);
    else if (target === this.#source || target === this.#entry) this.#typed(event.inputType === "insertFromPaste");
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
    if (event.target === this.#entry) return this.#pressedInEntry(event);
    if (walk(event, this.#box, this.#entry)) return;
    const chip = (event.target as Element).closest<HTMLElement>("[data-edit]");
    if (chip && (event.key === "Backspace" || event.key === "Delete")) {
      event.preventDefault();
      this.#takeOut(Number(chip.dataset["edit"]), edits(this.#box).indexOf(chip as HTMLButtonElement));
    }
  }

  #pressedInEntry(event: KeyboardEvent): void {
    const atStart = this.#entry.selectionStart === 0 && this.#entry.selectionEnd === 0;
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) this.#form.requestSubmit();
      else this.#settle();
    } else if (atStart && ["ArrowLeft", "ArrowUp", "Backspace"].includes(event.key)) {
      const last = edits(this.#box).at(-1);
      if (!last) return;
      event.preventDefault();
      last.focus();
    }
  }

  #clicked(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("button");
    const { piece, by, edit, reactivates } = button?.dataset ?? {};
    if (edit !== undefined) this.#edit(Number(edit));
    else if (piece !== undefined) this.#replacePiece(Number(piece), by ?? "");
    else if (reactivates) void this.#reactivate(button as HTMLButtonElement, reactivates);
    else if (event.target === this.#box) this.#entry.focus();
  }

  /** Lets a deactivated member in again, in place of inviting. */
  async #reactivate(button: HTMLButtonElement, url: string): Promise<void> {
    button.disabled = true;
    const response = await fetch(url, { method: "DELETE" }).catch(() => undefined);
    if (response?.ok) return this.#ask();
    button.disabled = false;
    const problem = await response?.json().catch(() => undefined);
    this.#say(problem?.detail ?? "The server could not be reached. Nothing was changed.");
  }

  /** Takes a chip back into the entry, whatever stands there becomes a chip. */
  #edit(index: number): void {
    const result = this.#seen.results[index];
    if (result?.row !== undefined) return this.#toggled(result.input);
    this.#settle();
    const piece = result?.input ?? "";
    this.#replacePiece(index, "");
    this.#entry.value = piece;
    this.#changed();
    this.#entry.setSelectionRange(piece.length, piece.length);
  }

  /** Takes a chip out; the focus goes to the one after it, or to the entry. */
  #takeOut(index: number, chip: number): void {
    this.#replacePiece(index, "");
    const left = edits(this.#box);
    (left[Math.min(chip, left.length - 1)] ?? this.#entry).focus();
  }

  #replacePiece(index: number, by: string): void {
    this.#settle();
    const place = this.#places()[index];
    if (!place) return;
    const line = this.#seen.results[index]?.row !== undefined && by === "";
    this.#settled = line ? withoutLine(this.#settled, place) : replace(this.#settled, place, by);
    this.#seen = { ...this.#seen, results: this.#seen.results.toSpliced(index, 1) };
    this.#changed();
    (this.#asText ? this.#source : this.#entry).focus();
  }

  /** Where each result stands among the settled text. */
  #places(): (Place | undefined)[] {
    return locate(this.#settled, this.#seen.results.map((result) => result.input));
  }

  /** What stands in the entry becomes chips, but for what is still `open`. */
  #settle(ended = this.#entry.value, open = ""): void {
    if (ended === "") return;
    this.#settled = join(this.#settled, ended.trim());
    this.#entry.value = open;
    this.#changed();
  }

  #changed(): void {
    this.#trouble = "";
    const whole = join(this.#settled, this.#entry.value);
    // Writing the same text would move the caret.
    if (this.#source.value !== whole) this.#source.value = whole;
    this.#form.dispatchEvent(new Event("draft:changed"));
    this.#render();
    this.#ask();
  }

  #restored(): void {
    this.#settled = this.#source.value;
    this.#entry.value = "";
    this.#changed();
  }

  #formChanged(event: Event): void {
    const target = event.target as HTMLInputElement;
    if (target.type === "file") void this.#take(target.files).then(() => (target.value = ""));
    else if (!this.contains(target)) this.#ask();
  }

  #dragged(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#form.classList.add("dropping");
  }

  async #dropped(event: DragEvent): Promise<void> {
    this.#form.classList.remove("dropping");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    await this.#take(event.dataTransfer.files);
  }

  /** The text of files goes where pasted text goes, so nothing else has to know of files. */
  async #take(files: FileList | null): Promise<void> {
    try {
      for (const file of files ?? []) this.#settled = join(this.#settled, (await textOf(file)).trim());
      this.#changed();
      this.#entry.focus();
    } catch (error) {
      this.#trouble = (error as Error).message;
      this.#render();
    }
  }

  /** A morph left this element alone, but put label, switch and button around it back. */
  #morphed(): void {
    this.#showChips(!this.#asText);
    this.#render();
  }

  /** Chips or text; `at` is a piece to go to in the text. */
  #toggled(at = ""): void {
    this.#settle();
    this.#showChips(this.#asText);
    this.#changed();
    if (!this.#asText) return this.#entry.focus();
    this.#source.focus();
    const found = at === "" ? -1 : this.#source.value.indexOf(at);
    if (found >= 0) this.#source.setSelectionRange(found, found + at.length);
  }

  #showChips(shown: boolean): void {
    this.#box.hidden = !shown;
    this.#source.hidden = shown;
    const label = this.#form.querySelector<HTMLLabelElement>("[data-address-label]");
    if (label) label.htmlFor = shown ? this.#entry.id : this.#source.id;
    if (this.#toggle) this.#toggle.textContent = shown ? "Edit as text" : "Show as list";
    const check = this.#form.querySelector<HTMLElement>("[data-check]");
    if (check) check.hidden = true;
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
      this.#seen = empty ? nothing : await preview(this.dataset["preview"] ?? "", text, this.#form, signal);
      this.#render();
    } catch (error) {
      if (!signal.aborted) this.#couldNotCheck(error);
    }
  }

  #couldNotCheck(error: unknown): void {
    this.#seen = nothing;
    this.#render();
    const reason = error instanceof Refused && error.message;
    this.#say(reason || "The addresses could not be checked just now. Sending works all the same.");
  }

  #sent(event: Event): void {
    const { success, fetchResponse } = (event as CustomEvent).detail;
    const signedOut = fetchResponse?.location?.pathname === "/sign-in";
    if (!success || signedOut) return;
    this.#source.value = this.#entry.value = this.#settled = "";
    this.#seen = nothing;
    this.#changed();
    this.#form.dispatchEvent(new Event("draft:sent"));
  }

  #render(): void {
    const { results, idle, quota } = this.#seen;
    const numbers = tally(results);
    this.#renderChips();
    this.#renderSkips();
    if (this.#toggle) this.#toggle.hidden = !this.#asText && this.#source.value === "";
    this.#say(this.#trouble || (results.length > 0 ? summary(numbers) : ""));
    this.#write("[data-send]", (send) => sendLabel(numbers, send.dataset["send"] ?? ""));
    this.#write("[data-idle]", () => idleWords(idle));
    if (quota) this.#write("[data-quota]", () => quotaWords(quota, numbers.invite));
  }

  #write(selector: string, words: (element: HTMLElement) => string): void {
    const element = this.#form.querySelector<HTMLElement>(selector);
    if (!element) return;
    const next = words(element);
    if (element.textContent !== next) element.textContent = next;
    element.hidden = next === "";
  }

  #renderChips(): void {
    const list = this.#box.querySelector("ul")!;
    const places = this.#places();
    const settled = [...this.#seen.results.entries()].filter(([index]) => places[index]);
    const read = places.findLast((place) => place)?.end ?? 0;
    const rest = this.#seen.results.some((result) => result.row) ? "" : this.#settled.slice(read);
    const unread = roughPieces(rest);
    const before = [...list.querySelectorAll<HTMLElement>(keepsInFocus)];
    const focused = before.indexOf(document.activeElement as HTMLElement);
    const many = settled.length + unread.length > crowd;
    list.classList.toggle("calm", many);
    list.replaceChildren(...(many ? crowdLines(this.#seen, unread.length) : chips(settled, unread)));
    const kept = list.querySelectorAll<HTMLElement>(keepsInFocus)[focused];
    rove(this.#box, kept);
    kept?.focus();
  }

  #renderSkips(): void {
    const list = this.querySelector<HTMLElement>(".outcomes")!;
    const { invitations = "", members } = this.dataset;
    const lines = skips(this.#seen.results, this.#sought, { invitations, members });
    const focused = [...list.querySelectorAll<HTMLElement>(keepsInFocus)].indexOf(document.activeElement as HTMLElement);
    list.replaceChildren(...lines);
    list.hidden = lines.length === 0;
    this.#renderSearch(areMany(this.#seen.results), list);
    list.querySelectorAll<HTMLElement>(keepsInFocus)[focused]?.focus();
  }

  /** Many lines get a field to find among them. */
  #renderSearch(wanted: boolean, list: HTMLElement): void {
    const field = this.querySelector<HTMLInputElement>("input[type=search]");
    if (field) field.hidden = !wanted;
    else if (wanted) {
      const many = this.#seen.results.filter(needsALook).length;
      const name = `Find among the ${many} to look at`;
      list.before(make("input", { type: "search", className: "input small", ariaLabel: name, placeholder: name }));
    }
    if (!wanted && field) [this.#sought, field.value] = ["", ""];
  }

  #seek(text: string): void {
    this.#sought = text.trim().toLowerCase();
    this.#renderSkips();
  }

  #say(words: string): void {
    const hint = this.querySelector<HTMLElement>("[role=status]")!;
    hint.dataset["hint"] ??= hint.textContent ?? "";
    const next = words || hint.dataset["hint"];
    if (hint.textContent !== next) hint.textContent = next;
  }
}
