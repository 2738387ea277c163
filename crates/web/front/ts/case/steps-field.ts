import { icon, make } from "../dom";
import { Upgrade } from "../elements/upgrade";
import { isList, moved, type Step } from "./fields";

/**
 * The steps of a case as lines that are added, removed and put in order by keyboard and mouse, and pasted from a
 * spreadsheet. Lines are the server's own markup, so a form without script sends the same.
 */
export class StepsField extends Upgrade {
  upgrade(): void {
    if (this.querySelector(".step-tools")) return;
    this.#set(this.#steps());
    const add = make("button", { type: "button", className: "button quiet small" }, icon("plus"), "Add step");
    add.addEventListener("click", () => this.#insert(this.#lines.length));
    this.#list.after(make("div", { className: "step-add" }, add));
    this.dataset["ready"] = "";
  }

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.addEventListener("paste", (event) => void this.#paste(event), { signal });
    this.addEventListener("steps:set", (event) => this.#set((event as CustomEvent<Step[]>).detail), { signal });
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.#drags(signal);
  }

  get #list(): HTMLOListElement {
    const list = this.querySelector("ol");
    if (!list) throw new Error("the server sends a list");
    return list;
  }

  get #lines(): HTMLLIElement[] {
    return [...this.#list.querySelectorAll<HTMLLIElement>(":scope > li")];
  }

  #steps(): Step[] {
    const value = (line: HTMLElement, name: string) =>
      line.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name=${name}]`)?.value ?? "";
    return this.#lines.map((line) => {
      const group = value(line, "group");
      return group ? { group } : { action: value(line, "action"), expected: value(line, "expected") };
    });
  }

  #set(steps: Step[]): void {
    const last = steps.findLastIndex((step) => step.group || step.action || step.expected);
    const shown = steps.slice(0, last + 1);
    this.#list.replaceChildren(...(shown.length > 0 ? shown : [{}]).map((step) => line(step)));
    this.#number();
  }

  #number(): void {
    for (const [at, one] of this.#lines.entries()) {
      one.querySelector("[name=action]")?.setAttribute("aria-label", `Step ${at + 1}`);
      one.querySelector("[name=expected]")?.setAttribute("aria-label", `Expected after step ${at + 1}`);
      for (const tool of one.querySelectorAll<HTMLElement>("[data-words]")) {
        tool.setAttribute("aria-label", `${tool.dataset["words"] ?? ""} step ${at + 1}`);
      }
    }
  }

  #changed(focus?: number, name = "action"): void {
    this.#number();
    if (focus !== undefined) this.#lines[focus]?.querySelector<HTMLElement>(`[name=${name}]`)?.focus();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #insert(at: number, steps: Step[] = [{}]): void {
    const lines = steps.map((step) => line(step));
    const before = this.#lines[at];
    if (before) before.before(...lines);
    else this.#list.append(...lines);
    this.#changed(at + steps.length - 1);
  }

  #remove(at: number): void {
    this.#lines[at]?.remove();
    if (this.#lines.length === 0) this.#list.append(line({}));
    this.#changed(Math.min(at, this.#lines.length - 1));
  }

  #move(from: number, to: number, name?: string): void {
    if (to < 0 || to >= this.#lines.length) return;
    this.#list.replaceChildren(...moved(this.#lines, from, to));
    this.#changed(to, name);
  }

  #at(target: EventTarget | null): number {
    return this.#lines.findIndex((one) => target instanceof Node && one.contains(target));
  }

  #key(event: KeyboardEvent): void {
    const at = this.#at(event.target);
    const name = (event.target as HTMLInputElement).name;
    if (at < 0) return;
    const [command, alt] = [event.ctrlKey || event.metaKey, event.altKey];
    if (command && event.key === "Enter") this.#insert(at + 1);
    else if (command && event.shiftKey && event.key === "Backspace") this.#remove(at);
    else if (alt && event.key === "ArrowUp") this.#move(at, at - 1, name);
    else if (alt && event.key === "ArrowDown") this.#move(at, at + 1, name);
    else if (event.key === "Tab" && !event.shiftKey && this.#endsHere(at, name)) this.#insert(at + 1);
    else return;
    event.preventDefault();
  }

  /** Tab at the end of the last line that says something begins another. */
  #endsHere(at: number, name: string): boolean {
    const step = this.#steps()[at];
    return name === "expected" && at === this.#lines.length - 1 && Boolean(step?.action || step?.expected);
  }

  #click(event: Event): void {
    const tool = (event.target as Element).closest<HTMLElement>("[data-tool]");
    const at = this.#at(tool);
    if (!tool || at < 0) return;
    if (tool.dataset["tool"] === "remove") this.#remove(at);
    else if (tool.dataset["tool"] === "up") this.#move(at, at - 1);
    else if (tool.dataset["tool"] === "down") this.#move(at, at + 1);
    else this.#insert(at + 1);
  }

  #drags(signal: AbortSignal): void {
    let from = -1;
    this.addEventListener("dragstart", (event) => {
      from = (event.target as Element).closest?.("[data-grip]") ? this.#at(event.target) : -1;
      event.dataTransfer?.setData("text/plain", "");
      this.#lines[from]?.classList.add("dragged");
    }, { signal });
    this.addEventListener("dragover", (event) => {
      const over = this.#at(event.target);
      if (from < 0 || over < 0) return;
      event.preventDefault();
      for (const [at, one] of this.#lines.entries()) one.classList.toggle("over", at === over && at !== from);
    }, { signal });
    this.addEventListener("drop", (event) => {
      const to = this.#at(event.target);
      if (from < 0 || to < 0) return;
      event.preventDefault();
      this.#move(from, to);
    }, { signal });
    this.addEventListener("dragend", () => {
      from = -1;
      for (const one of this.#lines) one.classList.remove("over", "dragged");
    }, { signal });
  }

  /** A list or a part of a spreadsheet becomes steps; the server reads it, so every way in reads alike. */
  async #paste(event: ClipboardEvent): Promise<void> {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const at = this.#at(event.target);
    if (at < 0 || (event.target as HTMLInputElement).name !== "action" || !isList(text)) return;
    event.preventDefault();
    this.#wrong("");
    const field = event.target as HTMLTextAreaElement;
    try {
      const response = await fetch(this.dataset["paste"] ?? "", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text }),
      });
      const body = (await response.json()) as { steps?: Step[]; detail?: string };
      if (!body.steps) return this.#wrong(body.detail ?? "This could not be read as steps.");
      this.#take(at, body.steps);
    } catch {
      // Without the server the text is still not lost.
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
      this.#changed();
    }
  }

  #take(at: number, steps: Step[]): void {
    const here = this.#steps()[at];
    const empty = !here?.action && !here?.expected;
    this.#insert(at + 1, steps);
    if (empty) this.#lines[at]?.remove();
    this.#changed(at + steps.length - (empty ? 1 : 0));
  }

  #wrong(words: string): void {
    const place = this.querySelector<HTMLElement>("[data-steps-error]");
    if (!place) return;
    place.hidden = words === "";
    const text = place.querySelector("span");
    if (text) text.textContent = words;
  }
}

function line({ action, expected, group }: Step): HTMLLIElement {
  const hidden = (name: string, value: string) => make("input", { type: "hidden", name, value });
  if (group) {
    const shared = make("p", { className: "shared", textContent: "Shared steps" });
    return make("li", {}, shared, hidden("action", ""), hidden("expected", ""), hidden("group", group), tools());
  }
  const area = (name: string, value: string, placeholder: string) =>
    make("textarea", { className: "input", name, value, placeholder, rows: 1 });
  return make(
    "li",
    {},
    area("action", action ?? "", "What to do"),
    area("expected", expected ?? "", "What is to be seen"),
    hidden("group", ""),
    tools(),
  );
}

function tools(): HTMLElement {
  const tool = (what: string, words: string, drawing: string) => {
    const button = make("button", { type: "button", className: "button quiet small icon-only", tabIndex: -1 }, icon(drawing));
    button.dataset["tool"] = what;
    button.dataset["words"] = words;
    button.title = words;
    return button;
  };
  const grip = make("span", { className: "grip", draggable: true, title: "Drag to move" }, icon("grip"));
  grip.dataset["grip"] = "";
  return make(
    "div",
    { className: "step-tools" },
    grip,
    tool("up", "Move up", "up"),
    tool("down", "Move down", "down"),
    tool("insert", "Insert below", "plus"),
    tool("remove", "Remove", "x"),
  );
}
