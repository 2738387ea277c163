import { visit } from "@hotwired/turbo";
import { make } from "../dom";
import { again, call } from "../repository/call";
import { dropped, type Drop } from "../repository/drop";
import { Upgrade } from "./upgrade";

/**
 * The tree of folders: one tab stop, arrows move and open, letters find, F2 renames in place, Alt with arrows reorders,
 * and folders and cases are dragged onto it. Without script each folder is a link, and forms do the rest.
 */
export class FolderTree extends Upgrade {
  #typed = "";
  #typedAt = 0;

  upgrade(): void {
    for (const node of this.nodes()) node.draggable = this.#writes && node.dataset["folder"] !== undefined;
    if (!this.nodes().some((node) => node.tabIndex === 0)) this.nodes()[0]?.setAttribute("tabindex", "0");
    void this.#reopen();
  }

  protected override listen(signal: AbortSignal): void {
    this.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.addEventListener("focusin", (event) => this.#focused(event.target), { signal });
    this.addEventListener("dragstart", (event) => this.#dragged(event), { signal });
    this.addEventListener("dragover", (event) => this.#over(event), { signal });
    this.addEventListener("dragleave", () => this.#mark(null), { signal });
    this.addEventListener("drop", (event) => void this.#drop(event), { signal });
    // What was opened by hand stays open: the server knows the way to this folder only.
    this.addEventListener("turbo:before-morph-element", (event) => this.#keep(event), { signal });
  }

  get #writes(): boolean {
    return this.dataset["write"] !== undefined;
  }

  nodes(): HTMLAnchorElement[] {
    return [...this.querySelectorAll<HTMLAnchorElement>("[role=treeitem]")];
  }

  #keep(event: Event): void {
    if ((event.target as HTMLElement).matches?.("input")) event.preventDefault();
  }

  #focused(target: EventTarget | null): void {
    const node = nodeOf(target);
    if (!node) return;
    for (const other of this.nodes()) other.tabIndex = other === node ? 0 : -1;
  }

  #pressed(event: KeyboardEvent): void {
    const node = nodeOf(event.target);
    if (!node || event.ctrlKey || event.metaKey || event.isComposing) return;
    const acted = event.altKey ? this.#reorder(node, event.key) : this.#go(node, event);
    if (acted) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  #go(node: HTMLAnchorElement, event: KeyboardEvent): boolean {
    const all = this.nodes();
    const at = all.indexOf(node);
    switch (event.key) {
      case "ArrowDown":
        return focus(all[at + 1]);
      case "ArrowUp":
        return focus(all[at - 1]);
      case "Home":
        return focus(all[0]);
      case "End":
        return focus(all.at(-1));
      case "ArrowRight":
        if (node.ariaExpanded === "false") void this.#open(node);
        else if (node.ariaExpanded === "true") focus(all[at + 1]);
        return true;
      case "ArrowLeft":
        if (node.ariaExpanded === "true") this.#close(node);
        else focus(this.#parent(node));
        return true;
      case "F2":
        return this.#rename(node);
      case " ":
        node.click();
        return true;
    }
    return !event.shiftKey && event.key.length === 1 && event.key !== "/" && event.key !== "?" && this.#find(all, at, event);
  }

  /** Letters typed within a second make one word; the next folder that begins with it takes the focus. */
  #find(all: HTMLAnchorElement[], at: number, event: KeyboardEvent): boolean {
    const fresh = event.timeStamp - this.#typedAt > 1000;
    [this.#typed, this.#typedAt] = [(fresh ? "" : this.#typed) + event.key.toLowerCase(), event.timeStamp];
    const from = fresh ? at + 1 : at;
    const turned = [...all.slice(from), ...all.slice(0, from)];
    focus(turned.find((node) => nameOf(node).toLowerCase().startsWith(this.#typed)));
    return true;
  }

  #clicked(event: MouseEvent): void {
    const node = nodeOf(event.target);
    if (!node) return;
    const twist = (event.target as Element).closest(".twist") !== null && node.ariaExpanded !== null;
    if (!twist && node.dataset["rest"] === undefined) return;
    event.preventDefault();
    if (node.dataset["rest"] !== undefined) void this.#rest(node);
    else if (node.ariaExpanded === "true") this.#close(node);
    else void this.#open(node);
  }

  async #open(node: HTMLAnchorElement): Promise<void> {
    const folder = node.dataset["folder"];
    if (!folder || node.ariaExpanded !== "false") return;
    node.ariaExpanded = "true";
    opened().add(folder);
    const items = await this.#fetch(folder);
    // Read anew meanwhile, the page may have brought some of them already.
    const missing = items.filter((item) => !document.getElementById(item.querySelector("a")?.id ?? ""));
    if (node.ariaExpanded === "true") node.closest("li")?.after(...missing);
    this.#ready();
  }

  #close(node: HTMLAnchorElement): void {
    node.ariaExpanded = "false";
    opened().delete(node.dataset["folder"] ?? "");
    for (const below of this.#below(node)) below.closest("li")?.remove();
  }

  /** Brings those a long list left out. */
  async #rest(node: HTMLAnchorElement): Promise<void> {
    const parent = this.#parent(node)?.dataset["folder"] ?? this.dataset["root"];
    const item = node.closest("li");
    if (!parent || !item) return void visit(node.href);
    const known = new Set(this.nodes().map((other) => other.id));
    const items = (await this.#fetch(parent)).filter((one) => !known.has(one.querySelector("a")?.id ?? ""));
    item.replaceWith(...items);
    this.#ready();
    focus(items[0]?.querySelector("a") ?? undefined);
  }

  async #fetch(folder: string): Promise<HTMLElement[]> {
    const address = (this.dataset["fetch"] ?? "").replace("ID", folder);
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok) return [];
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return [...page.querySelectorAll<HTMLElement>("li")].map((item) => document.importNode(item, true));
  }

  async #reopen(): Promise<void> {
    for (const node of this.nodes()) {
      if (node.ariaExpanded === "false" && opened().has(node.dataset["folder"] ?? "")) await this.#open(node);
    }
  }

  #ready(): void {
    for (const node of this.nodes()) node.draggable = this.#writes && node.dataset["folder"] !== undefined;
    void this.#reopen();
  }

  #below(node: HTMLAnchorElement): HTMLAnchorElement[] {
    const after = this.nodes().slice(this.nodes().indexOf(node) + 1);
    const end = after.findIndex((other) => level(other) <= level(node));
    return end < 0 ? after : after.slice(0, end);
  }

  #parent(node: HTMLAnchorElement): HTMLAnchorElement | undefined {
    const before = this.nodes().slice(0, this.nodes().indexOf(node));
    return before.reverse().find((other) => level(other) < level(node) && other.dataset["folder"] !== undefined);
  }

  #siblings(node: HTMLAnchorElement): HTMLAnchorElement[] {
    const parent = this.#parent(node);
    const all = parent ? this.#below(parent) : this.nodes();
    return all.filter((other) => level(other) === level(node) && other.dataset["folder"] !== undefined);
  }

  /** Alt and up or down moves among siblings, right into the one above, left out of the parent. */
  #reorder(node: HTMLAnchorElement, key: string): boolean {
    if (!this.#writes || node.dataset["folder"] === undefined) return false;
    const [siblings, parent] = [this.#siblings(node), this.#parent(node)];
    const at = siblings.indexOf(node);
    const within = parent?.dataset["folder"] ?? null;
    if (key === "ArrowUp" && at > 0) void this.#place(node, within, idOf(siblings[at - 1]));
    else if (key === "ArrowDown" && at < siblings.length - 1) void this.#place(node, within, idOf(siblings[at + 2]));
    else if (key === "ArrowRight" && at > 0) void this.#place(node, idOf(siblings[at - 1]), null);
    else if (key === "ArrowLeft" && parent) void this.#place(node, idOf(this.#parent(parent)), idOf(this.#siblings(parent)[this.#siblings(parent).indexOf(parent) + 1]));
    else return ["ArrowUp", "ArrowDown", "ArrowRight", "ArrowLeft"].includes(key);
    return true;
  }

  async #place(node: HTMLAnchorElement, parent: string | null, before: string | null): Promise<void> {
    const id = node.dataset["folder"] ?? "";
    if (parent) opened().add(parent);
    if (await call("PATCH", `${this.dataset["api"]}/${id}`, { place: { parent, before } })) {
      again(`${nameOf(node)} moved.`, () => document.getElementById(id));
    }
  }

  #rename(node: HTMLAnchorElement): boolean {
    const [name, folder] = [node.querySelector<HTMLElement>(".name"), node.dataset["folder"]];
    if (!this.#writes || !name || !folder) return false;
    const input = make("input", { className: "input small", value: nameOf(node), maxLength: 120 });
    input.setAttribute("aria-label", "New name");
    const done = () => {
      input.replaceWith(name);
      focus(node);
    };
    name.replaceWith(input);
    input.select();
    input.addEventListener("click", (event) => event.preventDefault());
    input.addEventListener("blur", done, { once: true });
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") done();
      if (event.key !== "Enter") return;
      event.preventDefault();
      void call("PATCH", `${this.dataset["api"]}/${folder}`, { name: input.value }).then((ok) => {
        if (ok) again(`The folder is now called ${input.value.trim()}.`, () => document.getElementById(folder));
      });
    });
    return true;
  }

  #dragged(event: DragEvent): void {
    const folder = nodeOf(event.target)?.dataset["folder"];
    if (folder) event.dataTransfer?.setData("text/muster-folder", folder);
    else event.preventDefault();
  }

  #over(event: DragEvent): void {
    const drop = this.#writes ? dropped(event, nodeOf(event.target)) : null;
    if (drop) event.preventDefault();
    this.#mark(drop);
  }

  #mark(drop: Drop | null): void {
    for (const node of this.nodes()) {
      if (node === drop?.node) node.dataset["drop"] = drop.where;
      else delete node.dataset["drop"];
    }
  }

  async #drop(event: DragEvent): Promise<void> {
    const drop = dropped(event, nodeOf(event.target));
    this.#mark(null);
    if (!drop) return;
    event.preventDefault();
    const folder = event.dataTransfer?.getData("text/muster-folder");
    const into = drop.node.dataset["folder"] ?? null;
    if (folder) {
      const node = this.nodes().find((one) => one.dataset["folder"] === folder);
      if (!node || folder === into) return;
      if (drop.where === "before") await this.#place(node, idOf(this.#parent(drop.node as HTMLAnchorElement)), into);
      else await this.#place(node, into, null);
      return;
    }
    const cases = (event.dataTransfer?.getData("text/muster-cases") ?? "").split(" ").filter(Boolean);
    if (cases.length && (await call("POST", this.dataset["move"] ?? "", { cases, folder: into }))) {
      again(cases.length === 1 ? "1 case moved." : `${cases.length} cases moved.`);
    }
  }
}

/** Folders that were opened by hand, for as long as the tab lives. */
function opened(): Set<string> {
  return openFolders;
}
const openFolders = new Set<string>();

function nodeOf(target: EventTarget | null): HTMLAnchorElement | null {
  if (!(target instanceof Element) || target.matches("input")) return null;
  return target.closest<HTMLAnchorElement>("[role=treeitem]");
}

function level(node: Element): number {
  return Number(node.getAttribute("aria-level"));
}

function nameOf(node: Element): string {
  return node.querySelector(".name")?.textContent ?? "";
}

function idOf(node: HTMLElement | undefined): string | null {
  return node?.dataset["folder"] ?? null;
}

function focus(node: HTMLElement | undefined): boolean {
  node?.focus();
  node?.scrollIntoView({ block: "nearest" });
  return true;
}
