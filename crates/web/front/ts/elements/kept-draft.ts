import { Upgrade } from "./upgrade";

/** Drafts older than this are of no use to anybody. */
const oldest = 7 * 24 * 60 * 60 * 1000;
const prefix = "muster:draft:";

interface Draft {
  at: number;
  fields: [string, string][];
}

/**
 * Keeps what is typed into the form around it: over a reload, a sign-out and the way back. Sending ends the draft.
 *
 * `data-draft` names person and place, so nobody sees another's draft. A form in which the server put somebody's typing
 * is left as it is (`data-typed`).
 */
export class KeptDraft extends Upgrade {
  upgrade(): void {
    if (this.dataset["typed"] === undefined) this.#restore();
  }

  protected override listen(signal: AbortSignal): void {
    const form = this.closest("form");
    if (!form) return;
    const on = (type: string, run: () => void) => form.addEventListener(type, run, { signal });
    on("input", () => this.#keep(form));
    on("change", () => this.#keep(form));
    on("draft:changed", () => this.#keep(form));
    on("draft:sent", () => this.#end(form));
  }

  get #key(): string {
    return prefix + (this.dataset["draft"] ?? "");
  }

  #keep(form: HTMLFormElement): void {
    const text = [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string");
    const fields = text.filter(([name]) => !hidden(form, name));
    const blank = fields.every(([name, value]) => !["recipients", "message"].includes(name) || value.trim() === "");
    write(this.#key, blank ? undefined : { at: Date.now(), fields });
  }

  #end(form: HTMLFormElement): void {
    form.reset();
    for (const field of form.querySelectorAll("textarea")) field.value = "";
    write(this.#key, undefined);
  }

  #restore(): void {
    const form = this.closest("form");
    const draft = read(this.#key);
    if (!form || !draft) return;
    for (const [name, values] of grouped(draft.fields)) fill(form, name, values);
    for (const box of form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
      box.checked = draft.fields.some(([name, value]) => name === box.name && value === box.value);
    }
    form.dispatchEvent(new Event("draft:restored"));
    form.querySelector("select")?.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function grouped(fields: [string, string][]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of fields) groups.set(name, [...(groups.get(name) ?? []), value]);
  return groups;
}

function hidden(form: HTMLFormElement, name: string): boolean {
  return form.querySelector(`input[type=hidden][name="${CSS.escape(name)}"]`) !== null;
}

/** Fields that are not there any more, or options that are not offered any more, are left out. */
function fill(form: HTMLFormElement, name: string, values: string[]): void {
  const fields = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
    `[name="${CSS.escape(name)}"]`,
  );
  for (const [at, field] of fields.entries()) {
    if (field instanceof HTMLSelectElement) choose(field, values);
    else if (field.type === "radio") (field as HTMLInputElement).checked = values.includes(field.value);
    else if (field.type !== "checkbox" && field.type !== "file") field.value = values[at] ?? "";
  }
}

function choose(field: HTMLSelectElement, values: string[]): void {
  const option = [...field.options].find((one) => !one.disabled && values.includes(one.value));
  if (option) option.selected = true;
}

// Storage may be full or forbidden; then nothing is kept, and the text stands in the field.

function read(key: string): Draft | undefined {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
    if (draft && Date.now() - draft.at < oldest) return draft;
    localStorage.removeItem(key);
  } catch {
    return undefined;
  }
  return undefined;
}

function write(key: string, draft: Draft | undefined): void {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
  } catch {
    return;
  }
}

/** Whoever signs out leaves no drafts of others behind on this browser; one's own wait for the next sign-in. */
export function watchSignOut(): void {
  document.addEventListener("submit", (event) => {
    const person = (event.target as HTMLElement).dataset["signsOut"];
    if (person !== undefined) forgetOthers(person);
  });
}

function forgetOthers(person: string): void {
  try {
    const drafts = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    for (const key of drafts) if (!key.startsWith(`${prefix}${person} `)) localStorage.removeItem(key);
  } catch {
    return;
  }
}
