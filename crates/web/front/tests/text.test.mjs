import assert from "node:assert/strict";
import test from "node:test";
import { join, locate, looksWhole, oddSpot, replace, roughPieces, splitTyped } from "../dist-tests/ts/addresses/text.mjs";

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

test("the odd character is marked only when it is one", () => {
  assert.equal(oddSpot("ruth@hollin,example", "ruth@hollin.example"), 11);
  assert.equal(oddSpot("ruth@hollin", "ruth@hollin.example"), undefined);
  assert.equal(oddSpot("abcd", "abdc"), undefined);
});

test("unread text is split roughly", () => {
  assert.deepEqual(roughPieces(" a@b.cd;\n\n Leo <l@b.cd>, "), ["a@b.cd", "Leo <l@b.cd>"]);
});
