// `J` and `K` move through a list whose rows open: the page marks it with `data-rows`. Enter opens, as everywhere.
import { resting } from "./keys";

export function watchRows(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || resting(event)) return;
    const step = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (step === undefined) return;
    const rows = [...document.querySelectorAll<HTMLElement>("[data-rows] summary")];
    const here = rows.indexOf(document.activeElement as HTMLElement);
    const next = here < 0 ? rows[0] : rows[here + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
}
