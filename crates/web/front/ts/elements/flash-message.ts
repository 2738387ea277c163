import { Upgrade } from "./upgrade";

const shown = 8000;

/** Goes by itself after eight seconds, but not while it is pointed at. */
export class FlashMessage extends Upgrade {
  #timer = 0;

  upgrade(): void {
    this.#wait();
  }

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("pointerenter", () => window.clearTimeout(this.#timer), { signal });
    this.addEventListener("pointerleave", () => this.#wait(), { signal });
    signal.addEventListener("abort", () => window.clearTimeout(this.#timer));
  }

  #wait(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.remove(), shown);
  }
}
