import { visit } from "@hotwired/turbo";
import { make } from "../dom";

/** Calls the API as the person who is signed in here. What is refused is said; answers whether it was done. */
export async function call(method: "PATCH" | "POST", address: string, body: unknown): Promise<boolean> {
  const response = await fetch(address, {
    method,
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (response?.ok) return true;
  say(response ? await reason(response) : "The server cannot be reached. Nothing changed.");
  return false;
}

interface Problem {
  detail?: string;
  errors?: { detail?: string }[];
}

async function reason(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  return problem.errors?.[0]?.detail ?? problem.detail ?? "That could not be done. Nothing changed.";
}

/** Says something at the foot of the page, as the server does. */
export function say(words: string): void {
  const flash = make("flash-message" as "span", { className: "flash" }, make("span", {}, words));
  document.getElementById("flashes")?.replaceChildren(flash);
}

/** Reads the page anew, says what happened and puts the focus where it belongs. */
export function again(words: string, focused: () => HTMLElement | null | undefined = () => null): void {
  const ready = () => {
    say(words);
    focused()?.focus();
  };
  // A frame later, so that nothing of the old page is left to take it away again.
  document.addEventListener("turbo:render", () => window.setTimeout(ready, 60), { once: true });
  visit(location.href, { action: "replace" });
}
