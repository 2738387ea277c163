/** The text of a file: UTF-8, UTF-16 where a mark says so, else Windows-1252. The server reads uploads the same way. */
export function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Files people drop by mistake are large; a thousand rows are not. */
const largest = 2_000_000;

/** The text in a file of addresses, or why there is none. */
export async function textOf(file: File): Promise<string> {
  if (file.size > largest) throw new Error(`${file.name} is too large for a list of addresses.`);
  const text = decode(new Uint8Array(await file.arrayBuffer()));
  if (text.includes("\0")) throw new Error(`${file.name} is no text. Save it as CSV first.`);
  return text;
}
