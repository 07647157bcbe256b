/** Address of the skills of this software, for worker threads to import. */
export const SKILLS_URL = new URL(import.meta.url.endsWith('.ts') ? './index.ts' : './index.js', import.meta.url).href;
