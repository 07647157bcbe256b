import { expect } from 'vitest';
import { decodeCbor, encodeCbor, fromDagJson, fromHex, toDagJson, toHex } from '../../../src/index.ts';
import { cidOfText } from '../../support/samples.ts';
import { defineKind } from '../kind.ts';

interface CborCase {
  readonly hex: string;
  /** the value as DAG-JSON, or why the bytes are refused */
  readonly value?: string;
  readonly code?: string;
}

const TAKEN = [
  'null',
  'false',
  'true',
  '0',
  '23',
  '24',
  '255',
  '256',
  '65535',
  '65536',
  '4294967295',
  '4294967296',
  '9007199254740991',
  '-1',
  '-24',
  '-25',
  '-9007199254740991',
  '""',
  '"é"',
  '"😀"',
  '[]',
  '[0,[1]]',
  '{}',
  '{"a":0,"aa":2,"b":1,"é":3}',
  '{"/":{"bytes":""}}',
  '{"/":{"bytes":"AAECAw"}}',
];

const REFUSED = [
  '',
  '18',
  '0000',
  '1817',
  '1900ff',
  '1a0000ffff',
  '1b00000000ffffffff',
  '1b0020000000000000',
  '3b001fffffffffffff',
  'a2616200616100',
  'a2616100616100',
  '9fff',
  '7f6161ff',
  'f7',
  'f93c00',
  'fb3ff0000000000000',
  'c000',
  '61ff',
  'd82a4100',
  `d82a58250001551120${'00'.repeat(32)}`,
  `${'81'.repeat(33)}00`,
];

function valueOfLine(line: string) {
  const value = fromDagJson(line);
  if (value === undefined) throw new Error(`not DAG-JSON: ${line}`);
  return value;
}

export const cbor = defineKind<CborCase>({
  kind: 'cbor',
  about: 'DAG-CBOR bytes with their value as DAG-JSON, or the code they are refused with',
  generate() {
    const lines = [...TAKEN, `{"/":"${cidOfText('linked')}"}`];
    return [
      ...lines.map((value) => ({ hex: toHex(encodeCbor(valueOfLine(value))), value })),
      ...REFUSED.map((hex) => {
        const decoded = decodeCbor(fromHex(hex));
        return { hex, code: decoded.ok ? 'taken' : decoded.code };
      }),
    ];
  },
  judge({ hex, value, code }) {
    const decoded = decodeCbor(fromHex(hex));
    if (value === undefined) {
      expect(decoded).toEqual({ ok: false, code, path: '' });
    } else {
      expect(decoded.ok && toDagJson(decoded.value)).toBe(value);
      expect(toHex(encodeCbor(valueOfLine(value)))).toBe(hex);
    }
  },
});
