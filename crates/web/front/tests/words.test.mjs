import assert from "node:assert/strict";
import test from "node:test";
import { sendLabel, summary, tally } from "../dist-tests/ts/addresses/words.mjs";
import { suggestKey } from "../dist-tests/ts/project-key.mjs";

const results = (...outcomes) => outcomes.map((outcome) => ({ input: outcome, outcome }));

test("the button keeps its own label until an address is left out, and then says how many", () => {
  const label = (...outcomes) => sendLabel(tally(results(...outcomes)), "Send Invite");
  assert.equal(label(), "Send Invite");
  assert.equal(label("invited"), "Send Invite");
  assert.equal(label("invited", "invited", "duplicate"), "Send Invite");
  assert.equal(label("invited", "invalid", "already_member"), "Invite 1, skip 2");
  assert.equal(label("invalid"), "Send Invite");
});

test("a repeat is merged and not counted as skipped", () => {
  assert.equal(summary(tally(results("invited", "duplicate", "not_allowed"))), "1 to invite, 1 to skip, 1 repeat merged.");
});

test("thousands read as people write them", () => {
  const many = results(...Array(1000).fill("invited"));
  assert.equal(summary(tally(many)), "1,000 to invite.");
});

test("a project's key is suggested from its name", () => {
  assert.equal(suggestKey("Web shop"), "WEB");
  assert.equal(suggestKey("Übergabe"), "UBE");
  assert.equal(suggestKey("9 lives"), "LIV");
  assert.equal(suggestKey(""), "");
});
