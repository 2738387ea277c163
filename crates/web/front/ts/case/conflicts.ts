import { make } from "../dom";
import { inWords } from "./form";
import type { Step } from "./fields";

/** Two values of one field, as the API tells of them. */
export interface Conflict {
  field: string;
  theirs: unknown;
  yours: unknown;
}

/** Shows each field that two people have changed with both values and a button for each. */
export function show(
  place: HTMLElement,
  form: HTMLFormElement,
  conflicts: Conflict[],
  chosen: (field: string, keeps: "theirs" | "yours", theirs: unknown) => void,
): void {
  if (conflicts.length === 0) {
    place.replaceChildren();
    return;
  }
  const heading = make("h2", { textContent: "Somebody else has changed this meanwhile", tabIndex: -1 });
  const told = make("p", { textContent: "Nothing of yours is lost. Choose for each field which is to stay." });
  const rows = conflicts.map((conflict) => row(form, conflict, chosen));
  place.replaceChildren(heading, told, ...rows);
  if (!form.contains(document.activeElement)) heading.focus();
}

function row(
  form: HTMLFormElement,
  { field, theirs, yours }: Conflict,
  chosen: (field: string, keeps: "theirs" | "yours", theirs: unknown) => void,
): HTMLElement {
  const side = (keeps: "theirs" | "yours", value: unknown, words: string) => {
    const button = make("button", { type: "button", className: "button small", textContent: words });
    button.addEventListener("click", () => chosen(field, keeps, theirs));
    return make("div", { className: "side" }, make("div", { className: "value" }, told(form, field, value)), button);
  };
  const legend = make("legend", { textContent: label(form, field) });
  const both = make(
    "div",
    { className: "both" },
    side("theirs", theirs, "Take theirs"),
    side("yours", yours, "Keep yours"),
  );
  return make("fieldset", { className: "conflict" }, legend, both);
}

function label(form: HTMLFormElement, field: string): string {
  const found = form.querySelector(`label[for="${CSS.escape(field)}"], [data-own="${CSS.escape(field)}"] > legend`);
  return found?.textContent?.replace(/ required$/, "") ?? field.charAt(0).toUpperCase() + field.slice(1);
}

/** A value as people read it. */
function told(form: HTMLFormElement, field: string, value: unknown): string {
  if (field === "steps") return (value as Step[]).map((step, at) => `${at + 1}. ${line(step)}`).join("\n");
  if (field === "estimate") return inWords(value) || "None";
  if (Array.isArray(value)) return value.map((one) => option(form, field, String(one))).join(", ") || "None";
  if (value === true) return "Yes";
  const select = form.querySelector<HTMLSelectElement>(`select[name="${CSS.escape(field)}"]`);
  if (select) return [...select.options].find((one) => one.value === String(value ?? ""))?.text ?? String(value);
  return String(value ?? "") || "Nothing";
}

/** What an option is called. */
function option(form: HTMLFormElement, field: string, id: string): string {
  const name = `[name="${CSS.escape(field)}"]`;
  const select = form.querySelector<HTMLSelectElement>(`select${name}`);
  if (select) return [...select.options].find((one) => one.value === id)?.text ?? id;
  return form.querySelector(`${name}[value="${CSS.escape(id)}"]`)?.closest("label")?.textContent?.trim() ?? id;
}

function line({ action, expected, group }: Step): string {
  if (group) return "Shared steps";
  return expected ? `${action ?? ""}\n→ ${expected}` : (action ?? "");
}
