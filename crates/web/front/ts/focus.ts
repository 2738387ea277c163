/** After a refusal the focus goes to the first input at fault; a morph would leave it on the body. */
export function watchFocus(): void {
  let refused = false;
  document.addEventListener("turbo:submit-end", (event) => {
    refused = !(event as CustomEvent<{ success: boolean }>).detail.success;
  });
  document.addEventListener("turbo:render", () => {
    if (refused) firstFault()?.focus();
    refused = false;
  });
}

function firstFault(): HTMLElement | undefined {
  const faults = document.querySelectorAll<HTMLElement>(".field:has(.error)");
  const inputs = [...faults].flatMap((field) => [...field.querySelectorAll<HTMLElement>("input, textarea, select")]);
  return inputs.find((input) => input.checkVisibility());
}
