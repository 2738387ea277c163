import assert from "node:assert/strict";
import test from "node:test";
import { breakdown, idleWords, needsALook, ownValues, quotaWords, sendLabel, summary, tally } from "../dist-tests/ts/addresses/words.mjs";
import { decode } from "../dist-tests/ts/addresses/file.mjs";
import { grants } from "../dist-tests/ts/addresses/preview.mjs";
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

test("a good address with a suggestion is looked at, a repeat is not", () => {
  assert.ok(needsALook({ outcome: "invited", suggestion: "ann@gmail.com" }));
  assert.ok(!needsALook({ outcome: "invited" }));
  assert.ok(!needsALook({ outcome: "duplicate" }));
  assert.ok(needsALook({ outcome: "already_member" }));
});

test("a row of a table says what it gives this one", () => {
  const own = { role: "guest", projects: [{ project: "WEB", role: "read_only" }], expires_in_days: 14 };
  assert.deepEqual(ownValues(own), ["Read Only on WEB", "14 days"]);
  assert.deepEqual(ownValues({ role: "manager", expires_in_days: 1 }), ["Manager", "1 day"]);
  assert.deepEqual(ownValues({}), []);
});

test("what adds nothing and what the day has left are said in a sentence", () => {
  assert.equal(idleWords([]), "");
  assert.equal(idleWords([{ project: "WEB", role: "tester" }]), "Tester on WEB: adds nothing to the role above.");
  assert.match(quotaWords({ left: 1983, resets_at: "2026-12-02T00:00:00Z" }, 17), /^1,983 left today, more at /);
  assert.match(quotaWords({ left: 2, resets_at: "2026-12-02T00:00:00Z" }, 17), /^Only 2 of 17 can go today/);
});

test("a crowd is told by numbers, and states nobody is in are left out", () => {
  const crowd = { results: results("invited", "invalid", "invited"), idle: [] };
  assert.deepEqual(breakdown(crowd), [["invited", 2], ["invalid", 1]]);
});

test("only these projects is a guest with roles on them, and all open projects sends none", () => {
  const form = (scope) => {
    const form = new FormData();
    for (const [name, value] of [["role", "tester"], ["scope", scope], ["project", "WEB"], ["project", "APP"]]) form.append(name, value);
    form.append("project_role", "WEB:");
    form.append("project_role", "APP:manager");
    form.append("expires_in_days", "91");
    return grants(form);
  };
  const projects = [{ project: "WEB", role: "tester" }, { project: "APP", role: "manager" }];
  assert.deepEqual(form("only"), { role: "guest", projects, expires_in_days: null, send_email: false });
  assert.deepEqual(form("more").role, "tester");
  assert.deepEqual(form("more").projects, projects);
  assert.deepEqual(form("all").projects, []);
});

test("a file is text whatever program saved it", () => {
  const text = "address;name\nrüth@x.example;Rüth €";
  const utf16 = new Uint8Array([0xff, 0xfe, ...new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer)]);
  assert.equal(decode(new TextEncoder().encode(text)), text);
  assert.equal(decode(utf16), text);
  assert.equal(decode(new Uint8Array([0x52, 0xfc, 0x74, 0x68])), "Rüth");
});
