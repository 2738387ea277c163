import assert from "node:assert/strict";
import test from "node:test";
import { changed, isList, listed, moved, ownValue, seconds, trimmed, written } from "../dist-tests/ts/case/fields.mjs";

test("only what differs from the server is sent", () => {
  const saved = { title: "Redeem", steps: [{ action: "Open", expected: "" }], owner: null };
  assert.deepEqual(changed({ ...saved }, saved), {});
  const now = { ...saved, title: "Pay", steps: [{ action: "Open it", expected: "" }] };
  assert.deepEqual(Object.keys(changed(now, saved)), ["title", "steps"]);
});

test("empty steps at the end are not sent", () => {
  const steps = [{ action: "a" }, { action: " ", expected: "" }, { group: "stg_1" }, { action: "", expected: " " }];
  assert.deepEqual(trimmed(steps), steps.slice(0, 3));
  assert.deepEqual(trimmed([{ action: "" }]), []);
});

test("times are read as the server reads them", () => {
  const cases = { "5": 300, "1h 30m": 5400, "1h30": 5400, "45s": 45, " 2 H ": 7200, "1m30": 90, "": null };
  for (const [text, total] of Object.entries(cases)) assert.equal(seconds(text), total, text);
  for (const text of ["h", "5 apples", "-5", "1.5h", "0", "1000h"]) assert.equal(seconds(text), undefined, text);
});

test("labels are names with commas between, in any case one", () => {
  assert.deepEqual(listed(" smoke, Money  back,,SMOKE"), ["smoke", "Money back"]);
  assert.deepEqual(listed(" , "), []);
});

test("a field of the project's own is read as the server tells it", () => {
  assert.deepEqual(ownValue("multi_select", ["", "opt_1", "opt_2"]), ["opt_1", "opt_2"]);
  assert.deepEqual(ownValue("select", ["opt_1"]), ["opt_1"]);
  assert.equal(ownValue("number", ["12,5"]), 12.5);
  assert.equal(ownValue("number", ["twelve"]), "twelve");
  assert.equal(ownValue("checkbox", ["", "true"]), true);
  for (const kind of ["text", "number", "date", "select", "checkbox"]) assert.equal(ownValue(kind, [""]), null, kind);
});

test("text is compared as the server keeps it", () => {
  assert.equal(written("  a\r\nb \n\n"), "  a\nb");
});

test("one thing of a list moves and the others stay in order", () => {
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
  assert.deepEqual(moved(["a", "b", "c"], 2, 0), ["c", "a", "b"]);
});

test("lines and cells are a list, one line is text", () => {
  assert.ok(isList("Open\tShown") && isList("Open\nPay"));
  assert.ok(!isList("Open the basket\n"));
});
