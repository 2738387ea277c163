/** One event of a stream. */
export interface Told {
  name: string;
  id: string;
  data: string;
}

/** Reads `text/event-stream` as it comes in, in pieces that end anywhere; comments are heartbeats. */
export class EventReader {
  #rest = "";

  read(piece: string): Told[] {
    const blocks = (this.#rest + piece).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.map(event).filter((told) => told.name !== "");
  }
}

function event(block: string): Told {
  const told: Told = { name: "", id: "", data: "" };
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^(\w+):? ?(.*)$/.exec(line) ?? [];
    if (field === "event") told.name = value;
    else if (field === "id") told.id = value;
    else if (field === "data") told.data = value;
  }
  return told;
}
