import { make } from "../dom";
import { Upgrade } from "../elements/upgrade";

/** Shows how Markdown will look, as the server makes it, in place of the text. */
export class MarkdownPreview extends Upgrade {
  upgrade(): void {
    if (this.firstElementChild) return;
    const button = make("button", { type: "button", className: "link", textContent: "Preview" });
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => void this.#toggle(button));
    this.append(button);
  }

  async #toggle(button: HTMLButtonElement): Promise<void> {
    const id = this.dataset["for"] ?? "";
    const text = document.getElementById(id) as HTMLTextAreaElement | null;
    const place = document.getElementById(`${id}-preview`);
    if (!text || !place) return;
    const shows = place.hidden;
    if (shows && !(await this.#fill(place, text.value))) return;
    [place.hidden, text.hidden] = [!shows, shows];
    button.setAttribute("aria-pressed", String(shows));
    button.textContent = shows ? "Write" : "Preview";
    if (!shows) text.focus();
  }

  async #fill(place: HTMLElement, text: string): Promise<boolean> {
    try {
      const response = await fetch(this.dataset["call"] ?? "", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text }),
      });
      const body = (await response.json()) as { html?: string };
      if (body.html === undefined) return false;
      // The server makes this HTML of a short list of tags, with everything of a person's as text.
      place.innerHTML = body.html || "<p>Nothing written yet.</p>";
      return true;
    } catch {
      return false;
    }
  }
}
