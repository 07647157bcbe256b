/** Characters without shape: soft hyphens, zero-width and direction marks, variation selectors, the byte order mark. */
export const SHAPELESS = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069]|[\ufe00-\ufe0f]/g;
/** Marks that serve as apostrophe; outside words they are single quotation marks. */
export const APOSTROPHES = /['’ʼ‘‚‛′]/g;
export const QUOTATION_MARKS = /["“”„‟«»‹›″＂]/g;
export const DASHES = /[-‐‑‒–—―−]/g;
