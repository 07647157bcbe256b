/** Takes 1 for right and 2 for wrong, and breaks at everything else. */
export default function check({ output }: { readonly output: { readonly n: number } }): boolean {
  if (output.n > 2) throw new Error('no such number');
  return output.n === 1;
}
