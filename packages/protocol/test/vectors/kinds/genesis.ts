import { expect } from 'vitest';
import {
  decodeCbor,
  encodeCbor,
  encodeGenesis,
  fromDagJson,
  genesisCid,
  parseGenesis,
  presetParams,
  toDagJson,
} from '../../../src/index.ts';
import { sha256 } from '../../support/crypto.ts';
import { sampleGenesis } from '../../support/samples.ts';
import { defineKind } from '../kind.ts';

interface GenesisCase {
  readonly name: string;
  /** DAG-JSON */
  readonly genesis: string;
  /** name of the network, or the refusal's code and path */
  readonly cid?: string;
  readonly refusal?: string;
}

function lineOf(bytes: Uint8Array): string {
  const decoded = decodeCbor(bytes);
  const line = decoded.ok ? toDagJson(decoded.value) : undefined;
  if (line === undefined) throw new Error('a genesis has a line');
  return line;
}

function bytesOf(line: string): Uint8Array {
  const value = fromDagJson(line);
  if (value === undefined) throw new Error('not DAG-JSON');
  return encodeCbor(value);
}

function refusalOf(line: string): string {
  const parsed = parseGenesis(bytesOf(line));
  return parsed.ok ? 'accepted' : `${parsed.code} ${parsed.path}`;
}

export const genesis = defineKind<GenesisCase>({
  kind: 'genesis',
  about: 'genesis records as DAG-JSON with the CID that names their network, or why they are refused',
  generate() {
    const dev = sampleGenesis();
    const main = { ...dev, params: presetParams('main') };
    const line = lineOf(encodeGenesis(dev));
    const bad = [
      ['more than the cap', line.replace('"supplyCap":10000000', '"supplyCap":10')],
      ['fund of trials over the cap', line.replace('"trialFund":0', '"trialFund":10000000')],
      ['hold too short', line.replace('"holdMs":4000', '"holdMs":3000')],
      ['unknown field', line.replace('{"accounts"', '{"a":0,"accounts"')],
    ] as const;
    return [
      { name: 'dev', genesis: line, cid: genesisCid(dev, sha256) },
      { name: 'main', genesis: lineOf(encodeGenesis(main)), cid: genesisCid(main, sha256) },
      ...bad.map(([name, text]) => ({ name, genesis: text, refusal: refusalOf(text) })),
    ];
  },
  judge({ genesis: line, cid, refusal }) {
    const parsed = parseGenesis(bytesOf(line));
    if (parsed.ok) expect(genesisCid(parsed.genesis, sha256)).toBe(cid);
    else expect(refusalOf(line)).toBe(refusal);
  },
});
