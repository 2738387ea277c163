import { make } from "../dom";
import { Upgrade } from "./upgrade";

const many = 12;

/** A field to find among the lines of a long list. Without script the browser's own search does. */
export class FilterList extends Upgrade {
  upgrade(): void {
    if (this.querySelector("input[type=search]") || this.#lines.length <= many) return;
    const label = this.dataset["label"] ?? "Find";
    this.prepend(make("input", { type: "search", className: "input small", ariaLabel: label, placeholder: label }));
  }

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("input", (event) => this.#seek((event.target as HTMLInputElement).value), { signal });
  }

  get #lines(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("li")];
  }

  #seek(text: string): void {
    const sought = text.trim().toLowerCase();
    for (const line of this.#lines) line.hidden = !line.textContent?.toLowerCase().includes(sought);
  }
}
