import { Exchange } from "./exchange";
import type { Hear } from "./line";

/** What a page asks the shared worker for; no address means that it leaves. */
export interface Ask {
  url: string;
  since: number;
}

let asked = performance.timeOrigin;

/** When the page shown was asked for: what changed later may be missing on it. */
export function watchAsking(): void {
  for (const type of ["turbo:visit", "turbo:submit-start"]) {
    document.addEventListener(type, () => (asked = Date.now()));
  }
}

/** Listens through the browser's one worker, or by a line of its own where there is none. The answer leaves. */
export function listen(url: string, worker: string, hear: Hear): () => void {
  if (typeof SharedWorker === "undefined") return alone(url, hear);
  let leave = together(url, worker, hear, () => (leave = alone(url, hear)));
  return () => leave();
}

function together(url: string, worker: string, hear: Hear, failed: () => void): () => void {
  const shared = new SharedWorker(worker, { name: "muster-live" });
  const { port } = shared;
  shared.onerror = failed;
  port.onmessage = ({ data }) => hear(data);
  const ask = (ask: Ask) => port.postMessage(ask);
  const leave = () => ask({ url: "", since: 0 });
  const back = ({ persisted }: PageTransitionEvent) => persisted && ask({ url, since: asked });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", back);
  ask({ url, since: asked });
  return () => {
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("pageshow", back);
    leave();
    port.close();
  };
}

let exchange: Exchange | undefined;

/** A hidden tab gives its connection back, and reads what it missed when it is looked at again. */
function alone(url: string, hear: Hear): () => void {
  exchange ??= new Exchange();
  const lines = exchange;
  let since = asked;
  let leave = () => {};
  const look = () => {
    leave();
    leave = document.hidden ? () => {} : lines.join(url, since, hear);
    since = document.hidden ? Date.now() : since;
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    leave();
  };
}
