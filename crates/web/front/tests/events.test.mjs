import assert from "node:assert/strict";
import { test } from "node:test";
import { EventReader } from "../dist-tests/ts/live/events.mjs";

test("events are read wherever the pieces end", () => {
  const stream = "retry: 2000\nevent: open\nid: a1-7\ndata: \n\n: beat\n\nevent: delivery\nid: a1-8\ndata: inv_06\n\n";
  const whole = new EventReader().read(stream);
  assert.deepEqual(whole, [
    { name: "open", id: "a1-7", data: "" },
    { name: "delivery", id: "a1-8", data: "inv_06" },
  ]);
  for (let at = 0; at < stream.length; at += 1) {
    const reader = new EventReader();
    assert.deepEqual([...reader.read(stream.slice(0, at)), ...reader.read(stream.slice(at))], whole);
  }
});

test("an event that has not ended is not heard yet", () => {
  assert.deepEqual(new EventReader().read("event: member\ndata: mem_06\n"), []);
});
