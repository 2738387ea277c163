/** `data-opens="id"` opens a dialog in place of following the link; `data-closes` closes the dialog around it. */
export function watchDialogs(): void {
  document.addEventListener("click", clicked);
  document.addEventListener("turbo:submit-end", sent);
  document.addEventListener("turbo:load", showOpeners);
  document.addEventListener("turbo:render", showOpeners);
}

function clicked(event: MouseEvent): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-opens]");
  const closer = target.closest("[data-closes]");
  const dialog = opener ? document.getElementById(opener.dataset["opens"] ?? "") : closer?.closest("dialog");
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  if (!opener) return dialog.close();
  opener.closest<HTMLElement>("[popover]")?.hidePopover();
  if (dialog.open) return;
  // Closing gives the focus back to what has it now; a letter key or a click in some browsers gives it to nothing.
  opener.focus();
  openDialog(dialog);
}

/** What was sent from a popover is done, and the page that tells of it is no longer covered. */
function sent({ target, detail }: CustomEvent<{ success: boolean }>): void {
  if (detail.success) (target as Element).closest<HTMLElement>("[popover]")?.hidePopover();
}

/** Opens a dialog; its elements hear `muster:opens` before it is seen. */
export function openDialog(dialog: HTMLDialogElement): void {
  dialog.dispatchEvent(new CustomEvent("muster:opens"));
  dialog.showModal();
}

/** A button that only opens a dialog has nothing to do without script, so the server sends it hidden. */
function showOpeners(): void {
  for (const opener of document.querySelectorAll<HTMLElement>("button[data-opens]")) opener.hidden = false;
}
