import { count } from "../dom";
import { Upgrade } from "./upgrade";

/** Says how many characters of how many are used, as the server counts them. */
export class MessageField extends Upgrade {
  upgrade(): void {
    const text = this.querySelector("textarea")?.value ?? "";
    const used = Array.from(text.trim()).length;
    const most = Number(this.dataset["most"]);
    const place = this.querySelector<HTMLElement>("[data-count]");
    if (!place) return;
    place.textContent = used === 0 ? "" : `${count(used)} of ${count(most)}`;
    place.toggleAttribute("data-over", used > most);
  }

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("input", () => this.upgrade(), { signal });
    this.closest("form")?.addEventListener("draft:restored", () => this.upgrade(), { signal });
    this.closest("form")?.addEventListener("draft:sent", () => queueMicrotask(() => this.upgrade()), { signal });
  }
}
