/** As a `ref`: the control takes the focus when it appears, because it was called up to be used. */
export function focusOnMount(node: HTMLElement | null): void {
  node?.focus();
}
