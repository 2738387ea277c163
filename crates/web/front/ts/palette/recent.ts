/** Where somebody went last from the palette. */
export interface Visited {
  href: string;
  name: string;
}

const prefix = "muster:recent:";
const kept = 6;

/** What was chosen last in a workspace, newest first. Kept in this browser, until one signs out. */
export class Recent {
  readonly #key: string;

  constructor(workspace: string) {
    this.#key = prefix + workspace;
  }

  get all(): Visited[] {
    try {
      const read: unknown = JSON.parse(localStorage.getItem(this.#key) ?? "[]");
      return Array.isArray(read) ? read.filter(isVisited) : [];
    } catch {
      return [];
    }
  }

  add(href: string, name: string): void {
    const others = this.all.filter((one) => one.href !== href);
    localStorage.setItem(this.#key, JSON.stringify([{ href, name }, ...others].slice(0, kept)));
  }

  /** Puts what was chosen lately before the others of its list. */
  first(section: HTMLElement): void {
    const order = this.all.map(({ href }) => href);
    const rank = (item: Element) => {
      const at = order.indexOf(item.querySelector("a")?.getAttribute("href") ?? "");
      return at < 0 ? order.length : at;
    };
    for (const list of section.querySelectorAll("ul")) {
      list.replaceChildren(...[...list.children].sort((one, other) => rank(one) - rank(other)));
    }
  }
}

function isVisited(one: unknown): one is Visited {
  const { href, name } = (one ?? {}) as Partial<Visited>;
  // A path of ours, never an address of elsewhere.
  return typeof href === "string" && typeof name === "string" && /^\/(?!\/)/.test(href);
}

/** Whoever uses this browser next is not told where the last one went. */
export function forgetVisited(): void {
  document.addEventListener("submit", (event) => {
    if (!(event.target as HTMLFormElement).getAttribute("action")?.endsWith("/sign-out")) return;
    Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach((key) => localStorage.removeItem(key));
  });
}
