import { describe, expect, it } from 'vitest';
import { certificates } from '../../src/checkers/certificates.ts';
import type { Checker, Fault, Property } from '../../src/checkers/checker.ts';
import { decisions } from '../../src/checkers/decisions.ts';
import { leases } from '../../src/checkers/leases.ts';
import { money } from '../../src/checkers/money.ts';
import { relatedPay } from '../../src/checkers/related-pay.ts';
import { results } from '../../src/checkers/results.ts';
import { Plants } from '../../src/workload/plants.ts';
import { broken, genesis, type Said } from './story.ts';

const [v1 = '', v2 = '', v3 = ''] = genesis.members.map(({ did }) => did as string);
/** The thirteenth verifier is of the organisation of the first. */
const sibling = genesis.members[12]?.did as string;

const seated = (did: string, draw = 0) => ({ type: 'seated', subject: 'result/c', ballot: 1, draw, did, reserved: 0 });
const granted = { type: 'lease_granted', need: 'n', attempt: 2, holder: 'w', price: 1 };
const vote = (from: string, verb = 'ATTEST') => ({ verb, from, body: { ballot: 1, verdict: 'fail' } });
const certified = { type: 'certified', commit: 'c', verdict: 'pass', votes: 2, ballot: 1 };
const certify = (...from: readonly string[]): Said => ({
  verb: 'CERTIFY',
  body: { commit: 'c' },
  votes: from.map((one) => vote(one)),
  events: [certified],
});
const posting = (code: string, debit: string, credit: string, amount: number) => ({
  type: 'posting',
  rule: 'x',
  code,
  debit,
  credit,
  amount,
});
const plants = new Plants(1, 0);
plants.outputs.add('bad');
const commit = (cid: string): Said => ({ verb: 'COMMIT', id: 'c', body: { outputs: [{ cid }] } });

describe('a checker finds', () => {
  it.each<[string, Property, (fault: Fault) => Checker, readonly Said[]]>([
    [
      'a round decided twice',
      'P1',
      decisions,
      [
        { events: [{ type: 'need_decided', need: 'n', round: 1 }] },
        { events: [{ type: 'need_decided', need: 'n', round: 1 }] },
      ],
    ],
    [
      'an old round decided',
      'P4',
      decisions,
      [
        { events: [{ type: 'bidding_reopened', need: 'n', round: 2 }] },
        { events: [{ type: 'need_decided', need: 'n', round: 1 }] },
      ],
    ],
    ['two leases at once', 'P5', leases, [{ events: [granted] }, { events: [granted] }]],
    [
      'work after the expiry',
      'P5',
      leases,
      [
        { events: [granted, { type: 'lease_started', need: 'n', attempt: 2, expiresAt: 5 }] },
        { events: [{ type: 'time_advanced', time: 9 }] },
        { verb: 'COMMIT', from: 'w', body: { need: 'n', attempt: 2, fence: { position: 1 } } },
      ],
    ],
    [
      'work that nobody was given',
      'P5',
      leases,
      [{ verb: 'COMMIT', body: { need: 'n', attempt: 1, fence: { position: 1 } } }],
    ],
    [
      'work on an old fence',
      'P4',
      leases,
      [{ events: [granted] }, { verb: 'COMMIT', from: 'w', body: { need: 'n', attempt: 2, fence: { position: 9 } } }],
    ],
    [
      'work of another key',
      'P14',
      leases,
      [{ events: [granted] }, { verb: 'RENEW', from: 'z', body: { need: 'n', attempt: 2, fence: { position: 1 } } }],
    ],
    [
      'a vote too few',
      'P6',
      (fault) => certificates(fault, genesis),
      [{ events: [seated(v1), seated(v2), seated(v3)] }, certify(v1)],
    ],
    [
      'a vote from no seat',
      'P6',
      (fault) => certificates(fault, genesis),
      [{ events: [seated(v1), seated(v2), seated(v3)] }, certify(v1, 'stranger')],
    ],
    [
      'an organisation that sits twice',
      'P6',
      (fault) => certificates(fault, genesis),
      [{ events: [seated(v1), seated(sibling)] }],
    ],
    [
      'a party on the seat',
      'P6',
      (fault) => certificates(fault, genesis),
      [
        { events: [{ type: 'committed', need: 'n', attempt: 1, commit: 'c', worker: sibling }] },
        { events: [seated(v1)] },
      ],
    ],
    ['credits from nowhere', 'P9', money, [{}, { events: [posting('transfer', `free/x`, 'free/y', 5)] }]],
    [
      'a payment that nobody asked for',
      'P14',
      money,
      [{ from: 'x', events: [posting('transfer', 'free/y', 'free/x', 5)] }],
    ],
    [
      'a seat paid above the fee',
      'P11',
      money,
      [
        { verb: 'NEED', id: 'n', from: 'r', body: { seatFee: 1, priceCap: 9 } },
        { events: [posting('seat_fee', 'escrow/n', 'free/v', 2)] },
      ],
    ],
    [
      'pay for judging what oneself wants',
      'P13',
      (fault) => relatedPay(fault, genesis),
      [
        { events: [{ type: 'need_opened', need: 'n', requester: v1, priceCap: 9 }] },
        { events: [posting('seat_fee', 'escrow/n', `free/${sibling}`, 1)] },
      ],
    ],
    [
      'pay for judging what oneself did',
      'P13',
      (fault) => relatedPay(fault, genesis),
      [
        { events: [{ type: 'committed', need: 'n', attempt: 1, commit: 'c', worker: v1 }] },
        { events: [{ type: 'committed', need: 'n', attempt: 2, commit: 'd', worker: v2 }] },
        {
          events: [
            posting('seat_fee', 'escrow/n', `free/${sibling}`, 1),
            { type: 'seats_paid', subject: 'result/c', seats: 1, fee: 1 },
          ],
        },
      ],
    ],
    [
      'pay for choosing oneself',
      'P13',
      (fault) => relatedPay(fault, genesis),
      [
        {
          votes: [{ verb: 'PROPOSE', from: v1, body: { planner: null, patch: [] } }],
          ids: ['b'],
          events: [
            posting('seat_fee', 'escrow/n', `free/${sibling}`, 1),
            { type: 'seats_paid', subject: 'plan/n/1', seats: 1, fee: 1 },
            { type: 'need_decided', need: 'n', round: 1, winner: 'b' },
          ],
        },
      ],
    ],
    [
      'a right result that its seats failed',
      'P3',
      (fault) => results(fault, plants),
      [commit('good'), { events: [{ ...certified, verdict: 'fail' }] }],
    ],
    [
      'a right result overturned',
      'P3',
      (fault) => results(fault, plants),
      [
        commit('good'),
        { events: [{ type: 'challenge_judged', subject: 'c', class: 'missing_citation', upheld: true }] },
      ],
    ],
    [
      'a proof of a wrong result that is dismissed',
      'P3',
      (fault) => results(fault, plants),
      [
        commit('bad'),
        { events: [{ type: 'challenge_judged', subject: 'c', class: 'missing_citation', upheld: false }] },
      ],
    ],
    [
      'a wrong result that is final though it was proved wrong',
      'P3',
      (fault) => results(fault, plants),
      [
        commit('bad'),
        { events: [{ type: 'challenge_judged', subject: 'c', class: 'missing_citation', upheld: true }] },
        { events: [{ type: 'finalized', need: 'n', commit: 'c' }] },
      ],
    ],
    [
      'a challenge after the window',
      'P12',
      (fault) => results(fault, plants),
      [
        { events: [certified, { type: 'window_closed', commit: 'c' }] },
        { events: [{ type: 'challenge_sealed', subject: 'c', class: 'missing_citation' }] },
      ],
    ],
    [
      'a jury asked about a result that did not pass',
      'P12',
      (fault) => results(fault, plants),
      [
        commit('bad'),
        { events: [{ ...certified, verdict: 'fail' }] },
        { events: [{ type: 'challenge_sealed', subject: 'c', class: 'wrong_output' }] },
      ],
    ],
    [
      'a proof against a result that did not pass, after its seats were paid',
      'P12',
      (fault) => results(fault, plants),
      [
        commit('bad'),
        {
          events: [
            { ...certified, verdict: 'fail' },
            { type: 'seats_paid', subject: 'result/c' },
          ],
        },
        { events: [{ type: 'challenge_sealed', subject: 'c', class: 'missing_citation' }] },
      ],
    ],
  ])('%s', (_, property, make, said) => {
    expect(broken(make, ...said)).toContain(property);
  });

  it('nothing in a proof against who passed what others failed, before seats are paid', () => {
    const make = (fault: Fault) => results(fault, plants);
    const sealed = { type: 'challenge_sealed', subject: 'c', class: 'missing_citation' };
    expect(broken(make, commit('bad'), { events: [{ ...certified, verdict: 'fail' }] }, { events: [sealed] })).toEqual(
      [],
    );
  });

  it('nothing in pay for judging another, after oneself took the task', () => {
    const make = (fault: Fault) => relatedPay(fault, genesis);
    const committed = (worker: string, commit: string) => ({
      type: 'committed',
      need: 'n',
      attempt: 1,
      commit,
      worker,
    });
    const paid = [posting('seat_fee', 'escrow/n', `free/${sibling}`, 1), { type: 'seats_paid', subject: 'result/c' }];
    expect(broken(make, { events: [committed(v2, 'c'), committed(v1, 'd')] }, { events: paid })).toEqual([]);
  });

  it('nothing in a certificate that is right', () => {
    const make = (fault: Fault) => certificates(fault, genesis);
    expect(broken(make, { events: [seated(v1), seated(v2), seated(v3)] }, certify(v1, v3))).toEqual([]);
  });
});
