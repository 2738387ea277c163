import { Upgrade } from "./upgrade";

/** Suggests a project's key from its name until somebody types another. */
export class KeySuggestion extends Upgrade {
  #last = "";

  upgrade(): void {}

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("input", (event) => this.#typed(event), { signal });
  }

  #typed(event: Event): void {
    const key = this.querySelector<HTMLInputElement>(".key");
    const typed = event.target as HTMLInputElement;
    if (!key || typed === key || (key.value !== "" && key.value !== this.#last)) return;
    this.#last = suggestKey(typed.value);
    key.value = this.#last;
  }
}

/** The first three letters of the first word long enough, without accents: `Web shop` gives `WEB`. */
export function suggestKey(name: string): string {
  const words = name.normalize("NFD").toUpperCase().replace(/[^A-Z0-9\s]/g, "").split(/\s+/);
  const word = words.find((one) => /^[A-Z]/.test(one) && one.length > 1) ?? "";
  return word.slice(0, 3);
}
