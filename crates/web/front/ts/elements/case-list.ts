import { again, call } from "../repository/call";
import { Upgrade } from "./upgrade";

/**
 * Rows of cases are dragged onto folders, all that are selected together; where the order is by hand, they are dragged
 * or moved by Alt and an arrow among each other.
 */
export class CaseList extends Upgrade {
  upgrade(): void {
    const writes = this.querySelector(".pick") !== null;
    for (const row of this.#rows()) row.draggable = writes;
  }

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("dragstart", (event) => this.#dragged(event), { signal });
    this.addEventListener("dragover", (event) => this.#over(event), { signal });
    this.addEventListener("drop", (event) => void this.#drop(event), { signal });
    this.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.addEventListener("dragend", () => this.#mark(null), { signal });
  }

  #rows(): HTMLTableRowElement[] {
    return [...this.querySelectorAll<HTMLTableRowElement>("tbody > tr[data-case]")];
  }

  #dragged(event: DragEvent): void {
    const row = rowOf(event.target);
    if (!row) return;
    const chosen = this.#rows().filter((one) => one.querySelector<HTMLInputElement>(".pick input")?.checked);
    const cases = chosen.includes(row) ? chosen : [row];
    event.dataTransfer?.setData("text/muster-cases", cases.map(idOf).join(" "));
  }

  get #byHand(): boolean {
    return this.dataset["byHand"] !== undefined && this.querySelector(".pick") !== null;
  }

  #over(event: DragEvent): void {
    const row = rowOf(event.target);
    if (!this.#byHand || !row || !event.dataTransfer?.types.includes("text/muster-cases")) return;
    event.preventDefault();
    this.#mark(row);
  }

  #mark(row: HTMLElement | null): void {
    for (const one of this.#rows()) one.toggleAttribute("data-drop", one === row);
  }

  async #drop(event: DragEvent): Promise<void> {
    const row = rowOf(event.target);
    this.#mark(null);
    const cases = (event.dataTransfer?.getData("text/muster-cases") ?? "").split(" ").filter(Boolean);
    if (!this.#byHand || !row || !cases.length || cases.includes(idOf(row))) return;
    event.preventDefault();
    await this.#place(cases, idOf(row));
  }

  #pressed(event: KeyboardEvent): void {
    const row = rowOf(event.target);
    if (!this.#byHand || !row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const rows = this.#rows();
    const at = rows.indexOf(row);
    const before = event.key === "ArrowUp" ? rows[at - 1] : rows[at + 2];
    if (event.key === "ArrowUp" ? at > 0 : at < rows.length - 1) void this.#place([idOf(row)], before ? idOf(before) : null);
  }

  async #place(cases: string[], before: string | null): Promise<void> {
    const address = document.querySelector<HTMLElement>("folder-tree")?.dataset["move"] ?? "";
    const folder = new URL(location.href).searchParams.get("folder");
    if (!(await call("POST", address, { cases, before, folder: folder === "top" ? null : folder }))) return;
    again("Moved.", () => document.getElementById(cases[0] ?? "")?.querySelector<HTMLElement>("th a"));
  }
}

function rowOf(target: EventTarget | null): HTMLTableRowElement | null {
  return target instanceof Element ? target.closest<HTMLTableRowElement>("tr[data-case]") : null;
}

function idOf(row: HTMLElement): string {
  return row.dataset["case"] ?? "";
}
