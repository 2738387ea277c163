import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { Exchange } from "../dist-tests/ts/live/exchange.mjs";

globalThis.location = { href: "http://localhost/w/x" };

/** A server whose streams the test writes; `asked` holds what came in. */
function server() {
  const asked = [];
  const streams = [];
  globalThis.fetch = async (url, { headers, signal }) => {
    asked.push({ age: url.searchParams.get("age"), last: headers.get("Last-Event-ID") });
    let stream;
    const body = new ReadableStream({ start: (controller) => void (stream = controller) });
    signal.addEventListener("abort", () => stream.error(new Error("aborted")));
    const tell = (text) => stream.enqueue(new TextEncoder().encode(text));
    streams.push({ tell, end: () => stream.close() });
    return new Response(body, { status: 200 });
  };
  return { asked, streams };
}

const settle = async () => {
  for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
};

afterEach(() => mock.timers.reset());

test("two pages share a line, and one who comes later hears what it missed", async () => {
  const { streams } = server();
  const exchange = new Exchange();
  const [first, second] = [[], []];
  const since = Date.now() - 100;
  const leave = [exchange.join("/events", since, (heard) => first.push(heard.name))];
  await settle();
  streams[0].tell("event: open\nid: a-1\ndata: \n\nevent: member\nid: a-2\ndata: mem_1\n\n");
  await settle();
  leave.push(exchange.join("/events", since, (heard) => second.push(heard.name)));
  assert.deepEqual(first, ["open", "member"]);
  assert.deepEqual(second, ["open", "member"]);
  assert.equal(streams.length, 1);
  const third = [];
  leave.push(exchange.join("/events", since - 5_000, (heard) => third.push(heard.name)));
  assert.deepEqual(third, ["open", "reset"], "it was asked for before the line began");
  mock.timers.enable({ apis: ["setTimeout"] });
  leave.forEach((leave) => leave());
  mock.timers.tick(6_000);
});

test("a line that broke comes back where it was", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, streams } = server();
  const heard = [];
  const leave = new Exchange().join("/events", Date.now(), ({ name }) => heard.push(name));
  await settle();
  streams[0].tell("event: open\nid: a-4\ndata: \n\n");
  await settle();
  streams[0].end();
  await settle();
  mock.timers.tick(2_000);
  await settle();
  streams[1].tell("event: open\nid: a-4\ndata: \n\n");
  await settle();
  assert.deepEqual(heard, ["open", "lost", "open"]);
  assert.deepEqual(asked.map(({ last }) => last), [null, "a-4"]);
  assert.equal(asked[1].age, null);
  leave();
  mock.timers.tick(6_000);
});

test("who lost the right is told so and does not ask again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, streams } = server();
  const heard = [];
  new Exchange().join("/events", Date.now(), ({ name }) => heard.push(name));
  await settle();
  streams[0].tell("event: open\nid: a-4\ndata: \n\nevent: over\nid: a-4\ndata: \n\n");
  streams[0].end();
  await settle();
  mock.timers.tick(60_000);
  await settle();
  assert.deepEqual(heard, ["open", "over"]);
  assert.equal(asked.length, 1);
});
