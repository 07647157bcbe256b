/** Takes 1 for right, and anything else for wrong. */
export default function check({ output }: { readonly output: { readonly n: number } }): boolean {
  return output.n === 1;
}
