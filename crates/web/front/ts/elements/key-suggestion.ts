import { suggestKey } from "../project-key";
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
