/** A new element with properties and children; strings become text, so nothing of a person's is ever read as markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

const svg = "http://www.w3.org/2000/svg";

/** An icon of the sprite, for decoration. */
export function icon(name: string): SVGElement {
  const drawing = document.createElementNS(svg, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(svg, "use");
  use.setAttribute("href", `${document.documentElement.dataset["icons"] ?? ""}#${name}`);
  drawing.append(use);
  return drawing;
}

/** A number as people read it. */
export function count(number: number): string {
  return number.toLocaleString("en");
}
