import { CopyText } from "./copy-text";
import { Upgrade } from "./upgrade";

/**
 * Fetches the page that shows a link once and puts its field in place of the button.
 * Without script the form opens that page itself.
 */
export class CopyLink extends Upgrade {
  upgrade(): void {}

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("submit", (event) => void this.#submitted(event), { signal });
    // A morph would take the field away, and with it a link that cannot be shown again.
    this.addEventListener("turbo:before-morph-element", (event) => this.#keep(event), { signal });
  }

  #keep(event: Event): void {
    if (event.target === this && this.querySelector("copy-text")) event.preventDefault();
  }

  async #submitted(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const field = await fetchField(form.action).catch(() => null);
    if (!field) {
      form.submit();
      return;
    }
    this.replaceChildren(field);
    await field.copy();
    field.querySelector<HTMLElement>("button:not([hidden]), input")?.focus();
  }
}

async function fetchField(action: string): Promise<CopyText | null> {
  const response = await fetch(action, { method: "POST", headers: { Accept: "text/html" } });
  if (!response.ok) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const field = page.querySelector("[data-copied-link] copy-text");
  if (!field) return null;
  const input = field.querySelector("input");
  input?.removeAttribute("id");
  input?.setAttribute("aria-label", page.querySelector("h1")?.textContent ?? "Link");
  return document.importNode(field, true) as CopyText;
}
