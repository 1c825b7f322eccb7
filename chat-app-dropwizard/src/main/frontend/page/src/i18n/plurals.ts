type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** Texts of a language that depend on a number; `#` stands for it, in the digits of that language. */
export function plurals(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  const digits = new Intl.NumberFormat(language);
  return (count, forms) => (forms[rules.select(count)] ?? forms.other).replace("#", digits.format(count));
}
