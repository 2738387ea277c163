import { Upgrade } from "./upgrade";

/** Shows what the chosen role can do. */
export class RoleField extends Upgrade {
  upgrade(): void {
    const role = this.querySelector("select")?.value;
    for (const line of this.querySelectorAll<HTMLElement>("[data-role]")) {
      line.hidden = line.dataset["role"] !== role;
    }
  }

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("change", () => this.upgrade(), { signal });
  }
}
