/** The first three letters of the first word long enough, without accents: `Web shop` gives `WEB`. */
export function suggestKey(name: string): string {
  const words = name.normalize("NFD").toUpperCase().replace(/[^A-Z0-9\s]/g, "").split(/\s+/);
  const word = words.find((one) => /^[A-Z]/.test(one) && one.length > 1) ?? "";
  return word.slice(0, 3);
}
