import { written } from "./numbers.js";

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** Texts of a language that depend on a number; `#` stands for it, in the reader's digits. */
export function plurals(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  return (count, forms) => (forms[rules.select(count)] ?? forms.other).replace("#", written(count));
}
