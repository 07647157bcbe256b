/** Longest manifest as canonical JSON, bytes of UTF-8. */
export const MANIFEST_BYTES_MAX = 262_144;
/** Most skills of one agent. */
export const SKILLS_MAX = 8;
export const DESCRIPTION_BYTES_MAX = 2_048;
/** Longest source of a check in a manifest, bytes of UTF-8. */
export const MODULE_BYTES_MAX = 131_072;
export const TAGS_MAX = 16;
export const SHORT_BYTES_MAX = 64;
export const AGENT_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
export const SKILL_ID = /^[a-z0-9](?:[a-z0-9./-]{0,62}[a-z0-9])?$/;
