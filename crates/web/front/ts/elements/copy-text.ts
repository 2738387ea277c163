import { Upgrade } from "./upgrade";

/** Shows the button that copies the field beside it, where the browser can copy. */
export class CopyText extends Upgrade {
  upgrade(): void {
    const button = this.querySelector("button");
    if (button) button.hidden = !navigator.clipboard;
  }

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
  }

  #clicked(event: Event): void {
    const target = event.target as Element;
    if (target.closest("button")) void this.copy();
    else if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) target.select();
  }

  /** Copies and says so; where that is refused the text is selected, ready for the keyboard. */
  async copy(): Promise<void> {
    const input = this.querySelector<HTMLInputElement | HTMLTextAreaElement>("input, textarea");
    if (!input) return;
    try {
      await navigator.clipboard.writeText(input.value);
      this.#say("Copied");
    } catch {
      input.focus();
      input.select();
      this.#say("Selected");
    }
  }

  #say(word: string): void {
    const label = this.querySelector<HTMLElement>("button span");
    if (label) label.textContent = word;
  }
}
