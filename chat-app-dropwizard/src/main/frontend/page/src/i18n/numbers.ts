let format = new Intl.NumberFormat("en");

/** Writes numbers, from now on, as they are written there. */
export function writeNumbersAs(locale: string): void {
  format = new Intl.NumberFormat(locale);
}

/** A number in the reader's digits. */
export function written(number: number): string {
  return format.format(number);
}

/** The same in a place that has no room for more than a few digits. */
export function writtenShort(number: number): string {
  return number > 99 ? `${written(99)}+` : written(number);
}
