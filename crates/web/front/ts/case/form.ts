import { listed, ownValue, seconds, trimmed, written, type Step, type Values } from "./fields";

const texts = ["description", "preconditions", "text"];
const keys = ["status", "priority", "type", "automation"];
const people = ["owner", "reviewer"];
/** What names of the project's own fields begin with. */
const prefix = "fields.";

/** What the form says, as the API takes it. A field that cannot be sent as it stands is left out. */
export function read(form: HTMLFormElement): Values {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? "");
  const values: Values = { title: text("title").trim().replace(/\s+/g, " "), template: text("template") };
  for (const name of texts) values[name] = written(text(name));
  for (const name of keys) values[name] = Number(text(name));
  for (const name of people) values[name] = text(name) || null;
  const estimate = seconds(text("estimate"));
  if (estimate !== undefined) values["estimate"] = estimate;
  if (values["title"] === "") delete values["title"];
  values["steps"] = trimmed(steps(data));
  values["labels"] = listed(text("labels"));
  for (const own of form.querySelectorAll<HTMLElement>("[data-own]")) {
    const name = own.dataset["own"] ?? "";
    values[name] = ownValue(own.dataset["kind"] ?? "", data.getAll(name).map(String));
  }
  return values;
}

function steps(data: FormData): Step[] {
  const [actions, expected, groups] = [data.getAll("action"), data.getAll("expected"), data.getAll("group")];
  return actions.map((action, at) => {
    const group = String(groups[at] ?? "");
    return group ? { group } : { action: written(String(action)), expected: written(String(expected[at] ?? "")) };
  });
}

/** The same, with the project's own fields where the API wants them. */
export function sendable(values: Values): Values {
  const all = Object.entries(values);
  const own = all.filter(([name]) => name.startsWith(prefix));
  const rest = Object.fromEntries(all.filter(([name]) => !name.startsWith(prefix)));
  if (own.length === 0) return rest;
  return { ...rest, fields: Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])) };
}

/** Puts a value into the form, unless somebody is typing there. */
export function write(form: HTMLFormElement, name: string, value: unknown): void {
  if (name === "steps") {
    form.querySelector("steps-field")?.dispatchEvent(new CustomEvent("steps:set", { detail: value }));
    return;
  }
  const fields = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
    `[name="${CSS.escape(name)}"]`,
  );
  for (const field of fields) {
    if (field.type === "checkbox") (field as HTMLInputElement).checked = has(value, field.value);
    else if (field.type === "hidden" && name.startsWith(prefix)) continue;
    else if (field.type === "radio") (field as HTMLInputElement).checked = field.value === String(value);
    else field.value = name === "estimate" ? inWords(value) : typed(value);
    if (name === "labels") field.dispatchEvent(new Event("labels:set"));
  }
}

/** A list as it is typed: with commas between. */
function typed(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value ?? "");
}

function has(value: unknown, one: string): boolean {
  return Array.isArray(value) ? value.includes(one) : String(value) === one;
}

/** Seconds as people write them. */
export function inWords(value: unknown): string {
  const total = Number(value ?? 0);
  const parts: [number, string][] = [
    [Math.floor(total / 3600), "h"],
    [Math.floor(total / 60) % 60, "m"],
    [total % 60, "s"],
  ];
  return parts.flatMap(([number, unit]) => (number > 0 ? [`${number}${unit}`] : [])).join(" ");
}

/** The value as the API answers it, in the form in which it is sent. */
export function received(body: Values): Values {
  const id = (value: unknown) => (value as { id?: string } | null)?.id ?? null;
  const own = Object.entries((body["fields"] ?? {}) as Values).map(([name, value]) => [prefix + name, value]);
  return { ...body, ...Object.fromEntries(own), owner: id(body["owner"]), reviewer: id(body["reviewer"]) };
}
