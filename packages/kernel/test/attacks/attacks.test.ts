import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTranscript, STALE, transcriptNames } from '../transcripts/files.ts';
import { attacks, isHeld, play, transcriptOf } from './play.ts';

const all = await attacks();

it('there are at least forty', () => {
  expect(all.size).toBeGreaterThanOrEqual(40);
});

describe('the law holds against', () => {
  it.each([...all])('%s', (name, attack) => {
    const played = play(name, attack);
    expect(played.fault).toBeNull();
    expect([played.profit, isHeld(played)]).toEqual([played.profit, true]);
  });
});

describe('the transcript is what the law says of', () => {
  it.each([...all])('%s', (name, attack) => {
    expect(transcriptOf(name, attack), STALE).toBe(readTranscript('attacks', name));
  });

  it('attacks that are there, and no other', () => {
    expect(transcriptNames('attacks')).toEqual([...all.keys()].sort());
  });
});

it('each that names what stops it succeeds without that', () => {
  // A law with a passage taken out is loaded by plain Node, from memory.
  const args = [join(import.meta.dirname, 'main.ts'), '--unguarded', '--json'];
  const ran = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(ran.stderr.split('\n').filter((line) => line.startsWith('FAIL'))).toEqual([]);
  const { metrics } = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '{}');
  expect(metrics['attacks.succeeding']).toBe(
    [...all.values()].filter(({ unguarded }) => unguarded !== undefined).length,
  );
}, 120_000);

describe('an attack is noticed', () => {
  const [, sample] = [...all][0] ?? [];
  const attackers = sample?.attackers ?? [];

  it('that pays', () => {
    const plot = (): void => undefined;
    const played = { ...play('none', { attackers, must: 'unprofitable', plot }), profit: 1 };
    expect(isHeld(played)).toBe(false);
    expect(isHeld({ ...played, limit: 'known' })).toBe(true);
  });

  it('that the law lets pass', () => {
    const plot = (): never => {
      throw new Error('it was accepted');
    };
    const played = play('none', { attackers, must: 'impossible', plot });
    expect([played.fault, isHeld(played)]).toEqual(['it was accepted', false]);
  });
});
