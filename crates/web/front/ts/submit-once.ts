/** A form on its way cannot be sent again, and its button says so. */
export function watchSubmits(): void {
  document.addEventListener("submit", submitted);
  document.addEventListener("turbo:submit-end", (event) => release(event.target as HTMLFormElement));
  // Back from another page: the form as it was, but free.
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
}

const underway = new WeakSet<HTMLFormElement>();

function submitted(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (underway.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (event.defaultPrevented) return;
  underway.add(form);
  event.submitter?.setAttribute("aria-busy", "true");
}

function release(form: HTMLFormElement): void {
  underway.delete(form);
  form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
}
