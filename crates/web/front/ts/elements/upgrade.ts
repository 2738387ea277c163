/**
 * An element that improves markup the server sent.
 *
 * A morph keeps the element without connecting it again, but puts attributes back to what the server says, so
 * `upgrade` runs after each morph too and must be idempotent.
 */
export abstract class Upgrade extends HTMLElement {
  #leave: AbortController | undefined;

  connectedCallback(): void {
    this.#leave = new AbortController();
    this.listen(this.#leave.signal);
    this.addEventListener("turbo:morph-element", () => this.upgrade(), { signal: this.#leave.signal });
    this.upgrade();
  }

  disconnectedCallback(): void {
    this.#leave?.abort();
  }

  /** Brings the markup into its better state. */
  abstract upgrade(): void;

  /** Adds listeners that end with `signal`. */
  protected listen(_signal: AbortSignal): void {}
}
