import { Exchange } from "./live/exchange";
import type { Ask } from "./live/ear";

// One for the whole browser: HTTP/1.1 allows six connections to a server, and each stream takes one for good.
const exchange = new Exchange();

function connected(port: MessagePort): void {
  let leave = () => {};
  port.onmessage = ({ data }: MessageEvent<Ask>) => {
    leave();
    leave = () => {};
    if (data.url !== "") leave = exchange.join(data.url, data.since, (heard) => port.postMessage(heard));
  };
}

self.addEventListener("connect", (event) => (event as MessageEvent).ports.forEach(connected));
