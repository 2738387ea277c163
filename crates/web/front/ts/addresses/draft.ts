/** What was typed, kept for this tab over a reload. Storage may be full or forbidden; then nothing is kept. */
export class Draft {
  readonly #key: string;

  constructor(name: string) {
    this.#key = `muster:invite:${name}`;
  }

  read(): string {
    try {
      return sessionStorage.getItem(this.#key) ?? "";
    } catch {
      return "";
    }
  }

  write(text: string): void {
    try {
      if (text.trim() === "") sessionStorage.removeItem(this.#key);
      else sessionStorage.setItem(this.#key, text);
    } catch {
      // Nothing to do: the text stands in the field.
    }
  }
}
