/** The rows of which something can be seen, as they are on the page; of the last one more than its edge. */
export function rowsInView(scroller: HTMLElement): HTMLElement[] {
  const view = scroller.getBoundingClientRect();
  return [...scroller.querySelectorAll<HTMLElement>("[data-index]")].filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return bottom > view.top && top < view.bottom - 8;
  });
}

/** A row that has not been measured cannot be seen, and is not where it will be. */
export function isAtRest(row: HTMLElement): boolean {
  return getComputedStyle(row).visibility === "visible";
}
