import { type Hear, Line } from "./line";

/** A line nobody listens to is kept so long: the next page is often of the same workspace. */
const patience = 5_000;

/** The lines that are open, one for each workspace. */
export class Exchange {
  readonly #lines = new Map<string, Line>();

  /** Joins a line from `since` on; the answer leaves it. */
  join(url: string, since: number, hear: Hear): () => void {
    const line = this.#line(url, since);
    line.join(hear, since);
    return () => {
      line.leave(hear);
      setTimeout(() => this.#tidy(url, line), patience);
    };
  }

  #line(url: string, since: number): Line {
    const former = this.#lines.get(url);
    if (former && !former.isOver) return former;
    const line = new Line(url, since);
    this.#lines.set(url, line);
    return line;
  }

  #tidy(url: string, line: Line): void {
    if (!line.isDeserted) return;
    line.close();
    if (this.#lines.get(url) === line) this.#lines.delete(url);
  }
}
