import type { Bodies, Capsule, WorkUse } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import {
  type AskedAboutCommit,
  askMeasured,
  causeReasons,
  judgeMeasured,
  readCause,
  type WorkFact,
} from '../../src/policy/measured-work.ts';
import { TRUTHFUL } from '../support/documents.ts';
import { inGenesis, tinyEngine, tinyPolicy } from '../support/policies.ts';
import { Story } from '../support/story.ts';
import { ADA, World } from '../world.ts';

const NONE: WorkUse = { tokens: 0, models: [], tools: [], egress: [] };
type Telemetry = Bodies['COMMIT']['telemetry'];

/** A COMMIT whose worker says this, and what the law asked about it. */
function committed(said: Partial<Telemetry>, parameters: Capsule['parameters'] = {}) {
  const engine = tinyEngine();
  const world = new World({ policy: inGenesis(tinyPolicy(parameters)), load: engine.load });
  const story = new Story(world).hire([ADA]);
  const telemetry = { wallMs: 7, bytesRead: 0, bytesWritten: 0, ...said };
  world.accept(ADA, 'COMMIT', { ...story.held(), outputs: [TRUTHFUL], trace: null, telemetry });
  const { asked } = story.commit;
  if (asked === undefined) throw new Error('a policy was asked');
  return { engine, world, story, asked };
}

const factsOf = (asked: AskedAboutCommit, use: Partial<WorkUse>, wallMs = 0): readonly WorkFact[] =>
  judgeMeasured(asked, { work: { wallMs, use: { ...NONE, ...use } }, stated: null })?.facts ?? [];

const shown = (input: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(input));

describe('what the law asked about a COMMIT', () => {
  it('is kept with it, and not in a network without a policy', () => {
    const { engine, asked } = committed({});
    expect(new TextDecoder().decode(asked.input)).toBe(engine.asked.at(-1));
    expect(new Story(new World()).hire().deliver().commit).not.toHaveProperty('asked');
  });

  it('is in the state root, without what is loaded', () => {
    const [one, same, other] = [committed({}), committed({}), committed({ wallMs: 8 })].map(({ world }) =>
      world.root(),
    );
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });
});

describe('work that was done again', () => {
  const flow = { label: 'l', zone: 'z', bytes: 4 };
  const { asked } = committed({ use: { tokens: 5, models: ['m'], tools: ['t'], egress: [flow, flow] } });

  it('is what its worker said where that is no less', () => {
    expect(judgeMeasured(asked, { work: { wallMs: 16_000, use: NONE }, stated: null })).toBe(null);
    expect(factsOf(asked, { tokens: 5, models: ['m'], tools: ['t'], egress: [{ ...flow, bytes: 8 }] })).toEqual([]);
  });

  it('names what the worker did not say, names of each once', () => {
    expect(factsOf(asked, { tools: ['t', 'u', 'u'], models: ['n'] })).toEqual([{ tool: 'u' }, { model: 'n' }]);
    expect(factsOf(asked, { tokens: 6 })).toEqual([{ tokens: 6 }]);
    expect(factsOf(asked, { egress: [flow, flow, { ...flow, bytes: 1 }] })).toEqual([
      { egress: { ...flow, bytes: 9 } },
    ]);
    expect(factsOf(asked, { egress: [{ ...flow, zone: 'y' }] })).toEqual([{ egress: { ...flow, zone: 'y' } }]);
  });

  it('counts a sixteenth of the time beyond a second', () => {
    expect(factsOf(asked, {}, 16 * 1_008 - 1)).toEqual([]);
    expect(factsOf(asked, {}, 16 * 1_008)).toEqual([{ ms: 8 }]);
  });

  it('names no more than a vote has reasons', () => {
    const tools = Array.from({ length: 16 }, (_, at) => `u${at}`);
    expect(factsOf(asked, { tools })).toEqual(tools.slice(0, 6).map((tool) => ({ tool })));
    // One that no reason could hold is left out.
    expect(factsOf(asked, { tools: ['\u0001'.repeat(64), 'u'] })).toEqual([{ tool: 'u' }]);
  });

  it('is asked about in place of the word of the worker, all else as it was', () => {
    const facts: readonly WorkFact[] = [
      { tool: 'u' },
      { model: 'n' },
      { egress: { ...flow, bytes: 9 } },
      { tokens: 6 },
      { ms: 9 },
    ];
    const [before, after] = [shown(asked.input), shown(askMeasured(asked, facts).input)] as [
      Record<string, unknown> & { need: { spent: { tokens: number; ms: number } } },
      unknown,
    ];
    const { tokens, ms } = before.need.spent;
    expect(after).toEqual({
      ...before,
      need: { ...before.need, spent: { ...before.need.spent, tokens: tokens + 1, ms: ms + 2 } },
      work: { statements: 0, cited: 0, models: ['m', 'n'], tools: ['t', 'u'], egress: [{ ...flow, bytes: 9 }] },
    });
    // Who says too little of it changes nothing.
    expect(shown(askMeasured(asked, [{ tokens: 1 }, { ms: 1 }, { egress: flow }]).input)).toEqual(before);
  });

  it('is asked about also where the worker said nothing at all', () => {
    const silent = committed({});
    expect(shown(askMeasured(silent.asked, [{ tool: 'u' }]).input)).toMatchObject({
      work: { statements: 0, cited: 0, models: [], tools: ['u'], egress: [] },
    });
  });

  it('is denied by the policy of its COMMIT, or else not what was said', () => {
    const { engine, asked: about } = committed({});
    const measured = { work: { wallMs: 0, use: { ...NONE, tools: ['u'] } }, stated: null };
    expect(judgeMeasured(about, measured)).toEqual({ code: 'telemetry_false', facts: [{ tool: 'u' }], denials: [] });
    engine.isShut = true;
    const denied = judgeMeasured(about, measured);
    expect(denied).toMatchObject({ code: 'policy_denied', denials: [{ rule: 'tiny', code: 'shut' }] });
    if (denied === null) throw new Error('it is denied');
    const reasons = causeReasons(denied);
    expect(reasons).toEqual(['policy_denied: tiny shut', 'measured {"tool":"u"}']);
    expect(readCause(reasons)).toEqual({ code: 'policy_denied', facts: [{ tool: 'u' }] });
  });
});

describe('what a result states', () => {
  it('is asked about beside what its worker did not say', () => {
    const { asked } = committed({}, { citing: true });
    const [stated, work] = [
      { statements: 2, cited: 1 },
      { wallMs: 0, use: { ...NONE, tools: ['u'] } },
    ];
    expect(judgeMeasured(asked, { work: null, stated: { statements: 2, cited: 2 } })).toBe(null);
    const denials = [{ rule: 'tiny', code: 'shut', facts: { verb: 'COMMIT' } }];
    expect(judgeMeasured(asked, { work: null, stated })).toEqual({ code: 'policy_denied', facts: [stated], denials });
    expect(judgeMeasured(asked, { work, stated })).toMatchObject({ facts: [{ tool: 'u' }, stated] });
    expect(judgeMeasured(asked, { work, stated: { statements: 2, cited: 2 } })).toMatchObject({
      code: 'telemetry_false',
      facts: [{ tool: 'u' }],
    });
    expect(shown(askMeasured(asked, [stated]).input)).toMatchObject({ work: { statements: 2, cited: 1, tools: [] } });
  });
});

describe('the reasons of a vote', () => {
  const facts: readonly WorkFact[] = [
    { tool: 'u' },
    { model: 'n' },
    { egress: { label: 'l', zone: 'z', bytes: 1 } },
    { tokens: 6 },
    { ms: 9 },
    { statements: 2, cited: 1 },
  ];
  it.each(facts)('say a fact so that it is read again: %j', (fact) => {
    const cause = { code: 'telemetry_false', facts: [fact] } as const;
    expect(readCause(causeReasons({ ...cause, denials: [] }))).toEqual(cause);
  });

  it.each([
    [[]],
    [['seen']],
    [['policy_denied']],
    [['policy_deniedly', 'measured {"ms":1}']],
    [['telemetry_false', 'seen']],
    [['telemetry_false', 'measured {']],
    [['telemetry_false', 'measured null']],
    [['telemetry_false', 'measured {"ms":-1}']],
    [['telemetry_false', 'measured {"ms":1,"tokens":1}']],
    [['telemetry_false', 'measured {"tool":""}']],
    [['telemetry_false', 'measured {"statements":1}']],
    [['telemetry_false', 'measured {"statements":1,"cited":1,"ms":1}']],
    [['telemetry_false', 'measured {"egress":{"label":"l","zone":"z"}}']],
    [['telemetry_false', 'measured {"egress":[]}']],
    [['telemetry_false', 'measured {"ms":1}', 'and more']],
  ])('name no cause in another form: %j', (reasons) => {
    expect(readCause(reasons)).toBe(null);
  });

  it('are kept of a recorded vote, where they name a cause', () => {
    const { story, world } = committed({});
    story.toJudging();
    const votes = story.votes('fail').map(({ payload }, at) => {
      if (payload.verb !== 'REJECT') throw new Error('it fails');
      const seat = story.seats(story.jury)[at] ?? ADA;
      const reasons = at === 0 ? ['seen'] : ['telemetry_false', 'measured {"tool":"u"}'];
      return world.gossip(seat, 'REJECT', { ...payload.body, reasons });
    });
    story.certify(votes);
    const causes = story.jury.seats.map(({ vote }) => vote?.cause);
    expect(new Set(causes)).toEqual(new Set([undefined, 'telemetry_false']));
    expect(causes.filter((cause) => cause === undefined).length).toBe(1);
  });
});
