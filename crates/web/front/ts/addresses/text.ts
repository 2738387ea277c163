// The pasted text and its pieces. The server alone decides what a piece is; here they are only found again.

/** Where a piece stands in the text. */
export interface Place {
  start: number;
  end: number;
}

/** The places of the server's pieces, in their order; a piece that cannot be found again has none. */
export function locate(text: string, pieces: string[]): (Place | undefined)[] {
  let from = 0;
  return pieces.map((piece) => {
    const start = text.indexOf(piece, from);
    if (start < 0 || piece === "") return undefined;
    from = start + piece.length;
    return { start, end: from };
  });
}

/** The text with one piece replaced; an empty `by` takes it out together with the separators around it. */
export function replace(text: string, { start, end }: Place, by: string): string {
  if (by !== "") return text.slice(0, start) + by + text.slice(end);
  const before = text.slice(0, start).replace(/[\s,;]+$/, "");
  const after = text.slice(end).replace(/^[\s,;]+/, "");
  if (after === "" || before === "") return before + after;
  return `${before}\n${after}`;
}

/** The text without the whole line around a place: a row of a table. */
export function withoutLine(text: string, { start, end }: Place): string {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const to = text.indexOf("\n", end);
  return to < 0 ? text.slice(0, from).replace(/\r?\n$/, "") : text.slice(0, from) + text.slice(to + 1);
}

const address = /(^|[,;\t])\s*"?(address|e[-_ ]?mail([-_ ]address)?|mail)"?\s*($|[,;\t])/i;

/** Where the first table begins: at a line without an @ that names the column of addresses. */
export function tableStart(text: string): number {
  let start = 0;
  for (const line of text.split("\n")) {
    if (!line.includes("@") && address.test(line.replace(/^\uFEFF/, "").trim())) return start;
    start += line.length + 1;
  }
  return text.length;
}

/** Two texts as one: lists before tables, so that no list becomes rows of the other's table. */
export function join(one: string, other: string): string {
  const [at, from] = [tableStart(one), tableStart(other)];
  const list = joinLists(one.slice(0, at), other.slice(0, from));
  const tables = [one.slice(at), other.slice(from)].map((table) => table.trim()).filter((table) => table !== "");
  if (tables.length === 0) return list;
  return [list.trim(), ...tables].filter((part) => part !== "").join("\n");
}

function joinLists(one: string, other: string): string {
  return one.trim() === "" ? other : other.trim() === "" ? one : `${one.replace(/[\s,;]+$/, "")}\n${other}`;
}

/** Pieces of a text the server has not read yet, roughly. */
export function roughPieces(text: string): string[] {
  return text
    .split(/[,;\n\t]+/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
}

/** What is typed, parted into pieces that have ended and the one the caret stands in. */
export function splitTyped(text: string): [ended: string, open: string] {
  if (/^\S+@\S+\.\S+\s$/.test(text)) return [text, ""];
  const end = lastSeparator(text) + 1;
  return [text.slice(0, end), text.slice(end)];
}

/** A comma in `"Last, First"` separates nothing, nor does one that may be meant as a dot, as in `ruth@hollin,example`. */
function lastSeparator(text: string): number {
  let quoted = false;
  let last = -1;
  for (const [at, character] of [...text.split("").entries()]) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && ",;\n\t".includes(character) && !mayBeDot(text, at)) last = at;
  }
  return last;
}

function mayBeDot(text: string, at: number): boolean {
  return text[at] === "," && /@[^\s@.,;]+$/.test(text.slice(0, at)) && !/^\s/.test(text.slice(at + 1));
}

/** Whether a text looks like a whole address, so that it may be checked while the caret still stands in it. */
export function looksWhole(text: string): boolean {
  return /@[^\s@]+\.[^\s@.]{2,}>?\s*$/.test(text);
}

/** A piece around the character at fault, which the server counts in code points. */
export function around(piece: string, at: number | undefined): [before: string, odd: string, after: string] | undefined {
  const letters = Array.from(piece);
  const odd = at === undefined ? undefined : letters[at];
  return odd === undefined ? undefined : [letters.slice(0, at).join(""), odd, letters.slice(at! + 1).join("")];
}
