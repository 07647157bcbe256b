import { type Part, type Result, runParts } from '../metrics.ts';
import { hireBench } from './hire.ts';

const PARTS: Readonly<Record<string, Part>> = { hire: hireBench };

/** Hiring agents, apart from what they do. Runs the parts named, or all. */
export const agents = (parts: readonly string[], say: (line: string) => void): Promise<Result> =>
  runParts('agents', PARTS, {}, parts, say);
