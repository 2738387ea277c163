/** Before the first paint, so that nothing flashes: the colours somebody chose in this browser. */
const key = "muster:theme";

type Choice = "light" | "dark" | "system";

export function choice(): Choice {
  const kept = localStorage.getItem(key);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function applyTheme(): void {
  const chosen = choice();
  if (chosen === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
}

function choose(chosen: string): void {
  if (chosen === "system") localStorage.removeItem(key);
  else localStorage.setItem(key, chosen);
  applyTheme();
  showTheme();
}

/** `data-theme-choice` chooses when it is clicked; other tabs follow. */
export function watchTheme(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-theme-choice]");
    if (button) choose(button.dataset["themeChoice"] ?? "system");
  });
  window.addEventListener("storage", (event) => {
    if (event.key === key) (applyTheme(), showTheme());
  });
  document.addEventListener("turbo:load", showTheme);
  document.addEventListener("turbo:render", showTheme);
}

function showTheme(): void {
  for (const group of document.querySelectorAll<HTMLElement>(".themes")) {
    group.hidden = false;
    for (const button of group.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset["themeChoice"] === choice()));
    }
  }
}
