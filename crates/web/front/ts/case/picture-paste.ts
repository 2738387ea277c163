import { Upgrade } from "../elements/upgrade";

interface Sent {
  id?: string;
  detail?: string;
}

/** Pictures pasted into a text of the form, or dropped on it, go to the server, and the text shows them. */
export class PicturePaste extends Upgrade {
  upgrade(): void {}

  protected override listen(signal: AbortSignal): void {
    const form = this.closest("form");
    form?.addEventListener("paste", (event) => this.#take(event, event.clipboardData), { signal });
    form?.addEventListener("drop", (event) => this.#take(event, event.dataTransfer), { signal });
    form?.addEventListener(
      "dragover",
      (event) => {
        if (event.target instanceof HTMLTextAreaElement && event.dataTransfer?.types.includes("Files")) event.preventDefault();
      },
      { signal },
    );
  }

  #take(event: Event, from: DataTransfer | null): void {
    const text = event.target;
    const pictures = [...(from?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    // What was copied from a page or a spreadsheet brings its text, too, and the text is meant.
    const hasText = event.type === "paste" && from?.types.includes("text/plain");
    if (!(text instanceof HTMLTextAreaElement) || pictures.length === 0 || hasText) return;
    event.preventDefault();
    for (const picture of pictures) void this.#send(text, picture);
  }

  async #send(text: HTMLTextAreaElement, picture: File): Promise<void> {
    const words = picture.name.replace(/\.[^.]*$/, "").replace(/[[\]\\]/g, "") || "picture";
    const waiting = `![Sending ${words}…]()`;
    put(text, waiting);
    const sent = await this.#call(picture);
    const shown = sent.id ? `![${words}](${sent.id})` : `*${words}: ${sent.detail ?? "could not be sent."}*`;
    replace(text, waiting, shown);
  }

  async #call(picture: File): Promise<Sent> {
    const limit = Number(this.dataset["limit"]);
    if (picture.size > limit) return { detail: "too large, nothing was sent." };
    try {
      const response = await fetch(`${this.dataset["call"] ?? ""}?name=${encodeURIComponent(picture.name)}`, {
        method: "POST",
        body: picture,
      });
      return (await response.json()) as Sent;
    } catch {
      return { detail: "the server could not be reached, paste it again." };
    }
  }
}

/** Puts words where the caret is. */
function put(text: HTMLTextAreaElement, words: string): void {
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Replaces words wherever they are by now; whoever goes on typing keeps the caret. */
function replace(text: HTMLTextAreaElement, words: string, by: string): void {
  const at = text.value.indexOf(words);
  if (at < 0) return;
  text.setRangeText(by, at, at + words.length, "preserve");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}
