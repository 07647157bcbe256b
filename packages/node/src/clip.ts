const REASON_BYTES_MAX = 256;

/** Cuts a reason to the length that a vote takes, in UTF-8 bytes, without splitting a character. */
export function clip(text: string): string {
  const whole = text.toWellFormed();
  return whole.slice(0, new TextEncoder().encodeInto(whole, new Uint8Array(REASON_BYTES_MAX)).read);
}
