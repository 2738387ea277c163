import assert from "node:assert/strict";
import test from "node:test";
import { around, join, locate, looksWhole, replace, roughPieces, splitTyped, tableStart, withoutLine } from "../dist-tests/ts/addresses/text.mjs";

const text = "ann@a.example; Leo <leo@a.example>\nann@a.example";

test("pieces are found again in their order, a repeat at its own place", () => {
  const places = locate(text, ["ann@a.example", "Leo <leo@a.example>", "ann@a.example"]);
  assert.deepEqual(places.map((place) => place.start), [0, 15, 35]);
});

test("a piece the server changed has no place and does not disturb the others", () => {
  const places = locate(text, ["ann@a.example", "LEO", "ann@a.example"]);
  assert.equal(places[1], undefined);
  assert.equal(places[2].start, 35);
});

test("taking a piece out takes its separators along", () => {
  const [first, middle, last] = locate(text, ["ann@a.example", "Leo <leo@a.example>", "ann@a.example"]);
  assert.equal(replace(text, middle, ""), "ann@a.example\nann@a.example");
  assert.equal(replace(text, first, ""), "Leo <leo@a.example>\nann@a.example");
  assert.equal(replace(text, last, ""), "ann@a.example; Leo <leo@a.example>");
});

test("a suggestion takes the piece's place", () => {
  assert.equal(replace("a@b,c@d", { start: 0, end: 3 }, "a@b.example"), "a@b.example,c@d");
});

test("two lists join with one separator, and an empty one adds none", () => {
  assert.equal(join("a@b.cd, ", "e@f.gh"), "a@b.cd\ne@f.gh");
  assert.equal(join("", "e@f.gh"), "e@f.gh");
  assert.equal(join("a@b.cd", " "), "a@b.cd");
});

test("what is typed up to the last separator has ended, but not inside quotes nor inside a name", () => {
  assert.deepEqual(splitTyped("ann@a.example, leo@a"), ["ann@a.example,", " leo@a"]);
  assert.deepEqual(splitTyped("ann@a.example "), ["ann@a.example ", ""]);
  assert.deepEqual(splitTyped('"Marten, Leo" <l'), ["", '"Marten, Leo" <l']);
  assert.deepEqual(splitTyped("Leo "), ["", "Leo "]);
});

test("a comma that may be meant as a dot ends nothing until white space follows", () => {
  assert.deepEqual(splitTyped("ann@a.example, ruth@hollin,example"), ["ann@a.example,", " ruth@hollin,example"]);
  assert.deepEqual(splitTyped("ruth@hollin, leo@a.ex"), ["ruth@hollin,", " leo@a.ex"]);
});

test("a half-typed address is not judged yet", () => {
  assert.ok(looksWhole("Leo <leo@a.example>"));
  assert.ok(!looksWhole("leo@a"));
  assert.ok(!looksWhole("leo"));
});

test("the odd character is found where the server counts it, in code points", () => {
  assert.deepEqual(around("ruth@hollin,example", 11), ["ruth@hollin", ",", "example"]);
  assert.deepEqual(around("😀@b,c", 3), ["😀@b", ",", "c"]);
  assert.equal(around("abc", undefined), undefined);
  assert.equal(around("abc", 9), undefined);
});

const table = "address,name\nann@a.example,Ann\nleo@a.example,Leo";

test("a table begins at the line that names the column of addresses", () => {
  assert.equal(tableStart(table), 0);
  assert.equal(tableStart(`zoe@a.example\n\uFEFFName;E-Mail\n`), 14);
  assert.equal(tableStart("ann@a.example, my address\nname@a.example"), 40);
  assert.equal(tableStart("Name,Address book"), 17, "a column of another name");
});

test("a list goes before a table, whichever came first", () => {
  const both = `zoe@a.example\n${table}`;
  assert.equal(join(table, "zoe@a.example"), both);
  assert.equal(join("zoe@a.example", table), both);
  assert.equal(join(table, ""), table);
});

test("taking a row out of a table takes its line and leaves the others as they are", () => {
  const [first, last] = locate(table, ["ann@a.example", "leo@a.example"]);
  assert.equal(withoutLine(table, first), "address,name\nleo@a.example,Leo");
  assert.equal(withoutLine(table, last), "address,name\nann@a.example,Ann");
});

test("unread text is split roughly", () => {
  assert.deepEqual(roughPieces(" a@b.cd;\n\n Leo <l@b.cd>, "), ["a@b.cd", "Leo <l@b.cd>"]);
});
