import { Upgrade } from "./upgrade";

type SubmitEnd = CustomEvent<{ success: boolean }>;

/**
 * Invite Team over the page it was opened from.
 *
 * While the dialog is open a refresh of the page leaves it alone, half-typed as it is; only the answer to its own
 * form may change it.
 */
export class InviteDialog extends Upgrade {
  #answering = false;

  /** The server opens it after a refusal; a dialog opened by markup is not modal yet. */
  upgrade(): void {
    const dialog = this.#dialog;
    if (!dialog?.open || dialog.matches(":modal")) return;
    dialog.close();
    dialog.showModal();
  }

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("turbo:submit-end", (event) => this.#answered(event as SubmitEnd), { signal });
    this.addEventListener("turbo:before-morph-element", (event) => this.#keep(event), { signal });
    this.addEventListener("turbo:before-morph-attribute", (event) => this.#keepOpen(event), { signal });
    document.addEventListener("turbo:render", () => (this.#answering = false), { signal });
  }

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  #answered(event: SubmitEnd): void {
    if (event.detail.success) this.#dialog?.close();
    else this.#answering = true;
  }

  #keep(event: Event): void {
    const untouched = this.#dialog?.open && !this.#answering;
    if (event.target === this.#dialog && untouched) event.preventDefault();
  }

  #keepOpen(event: Event): void {
    const { attributeName } = (event as CustomEvent<{ attributeName: string }>).detail;
    if (event.target === this.#dialog && attributeName === "open") event.preventDefault();
  }
}
