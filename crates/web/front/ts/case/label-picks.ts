import { Upgrade } from "../elements/upgrade";
import { listed } from "./fields";

/** The labels of the project under the field for them: a click puts one in or takes it out. */
export class LabelPicks extends Upgrade {
  upgrade(): void {
    for (const button of this.#buttons) button.hidden = false;
    this.#show();
  }

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("click", (event) => this.#toggle(event), { signal });
    for (const kind of ["input", "labels:set"]) this.#field?.addEventListener(kind, () => this.#show(), { signal });
  }

  get #field(): HTMLInputElement | null {
    return document.getElementById(this.dataset["for"] ?? "") as HTMLInputElement | null;
  }

  get #buttons(): HTMLButtonElement[] {
    return [...this.querySelectorAll("button")];
  }

  #toggle(event: Event): void {
    const [button, field] = [(event.target as Element).closest("button"), this.#field];
    if (!button || !field) return;
    const name = button.textContent ?? "";
    const names = listed(field.value);
    const others = names.filter((one) => !alike(one, name));
    field.value = (others.length < names.length ? others : [...names, name]).join(", ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #show(): void {
    const names = listed(this.#field?.value ?? "");
    for (const button of this.#buttons) {
      button.setAttribute("aria-pressed", String(names.some((name) => alike(name, button.textContent ?? ""))));
    }
  }
}

function alike(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
