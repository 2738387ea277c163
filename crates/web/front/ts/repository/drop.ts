/** Where something dragged would fall. */
export interface Drop {
  node: HTMLElement;
  where: "into" | "before";
}

/** A folder falls before the one whose upper third it is over, or into it; cases fall into folders only. */
export function dropped(event: DragEvent, node: HTMLElement | null): Drop | null {
  const kinds = event.dataTransfer?.types ?? [];
  if (!node || node.dataset["rest"] !== undefined) return null;
  if (kinds.includes("text/muster-cases")) return { node, where: "into" };
  if (!kinds.includes("text/muster-folder")) return null;
  const { top, height } = node.getBoundingClientRect();
  const upper = event.clientY - top < height / 3 && node.dataset["folder"] !== undefined;
  return { node, where: upper ? "before" : "into" };
}
