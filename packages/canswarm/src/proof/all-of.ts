/** A sentence's subject and verb for one or many: `The one quote stands`, `All 3 quotes stand`. */
export const allOf = (number: number, noun: string, verb: { readonly one: string; readonly many: string }): string =>
  number === 1 ? `The one ${noun} ${verb.one}` : `All ${number} ${noun}s ${verb.many}`;

export const STANDS = { one: 'stands', many: 'stand' } as const;
