import { make } from "../dom";
import { Upgrade } from "../elements/upgrade";

/** Files dropped anywhere on the page, or chosen, are sent at once; one that is too large is told before it is sent. */
export class FileDrop extends Upgrade {
  upgrade(): void {
    const button = this.querySelector<HTMLButtonElement>("button");
    if (button) button.hidden = true;
  }

  protected override listen(signal: AbortSignal): void {
    const brings = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    this.addEventListener("change", () => this.#send(), { signal });
    document.addEventListener(
      "dragover",
      (event) => {
        if (!brings(event)) return;
        event.preventDefault();
        this.toggleAttribute("data-over", true);
      },
      { signal },
    );
    document.addEventListener("dragleave", (event) => event.relatedTarget ?? this.removeAttribute("data-over"), { signal });
    document.addEventListener(
      "drop",
      (event) => {
        this.removeAttribute("data-over");
        const files = event.dataTransfer?.files;
        if (!files?.length || !this.#input) return;
        event.preventDefault();
        this.#input.files = files;
        this.#send();
      },
      { signal },
    );
  }

  get #input(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>("input[type=file]");
  }

  #send(): void {
    const [input, form] = [this.#input, this.querySelector("form")];
    if (!input?.files?.length || !form) return;
    const limit = Number(this.dataset["limit"]);
    const large = [...input.files].find((file) => file.size > limit);
    form.querySelector(".error")?.remove();
    if (!large) {
      form.requestSubmit();
      return;
    }
    const error = make("p", { className: "error", textContent: `${large.name} is too large. Nothing was sent.` });
    error.setAttribute("role", "alert");
    form.append(error);
    input.value = "";
  }
}
