import type { Planted } from './planted.ts';

/** One edit, the usual case. */
const bug = (id: string, property: string, file: string, find: string, put: string): Planted => ({
  id,
  property,
  edits: [{ file, find, put }],
});

/** Bugs of the law, each with the property that must find it; every property has at least one. */
export const PLANTED: readonly Planted[] = [
  {
    id: 'decided-twice',
    property: 'P1',
    edits: [
      {
        file: 'rules/decide.ts',
        find: "need.phase !== 'bidding' || need.round !== payload.body.round",
        put: 'need.round !== payload.body.round',
      },
      {
        file: 'rules/decide.ts',
        find: 'need.runnersUp = [...bids];\n  endCommittee(context, committee);',
        put: 'need.runnersUp = [...bids];',
      },
    ],
  },
  bug(
    'passed-for-nothing',
    'P3',
    'verdict.ts',
    "for (const seat of passed) burnReserve(context, seat, 'passed an invalid result', null);",
    "if (passed.length > 99) burnReserve(context, passed[0] as never, 'passed an invalid result', null);",
  ),
  bug('final-while-challenged', 'P3', 'rules/finalize.ts', 'if (open > 0)', 'if (open > 99)'),
  bug(
    'lies-dismissed',
    'P3',
    'proofs/proof.ts',
    "if (checked.status === 'false') return { upheld: true, reason: checked.reason, seat: null };",
    "if (checked.status === 'false') return dismissed(checked.reason);",
  ),
  bug('any-fence', 'P4', 'rules/lease-entry.ts', '|| lease.fence.position !== position', ''),
  bug('replayed', 'P4', 'apply.ts', 'if (before !== undefined)', 'if (before === -1)'),
  bug('votes-of-old-draws', 'P4', 'votes.ts', '|| said.draw !== seat.draw', ''),
  bug('votes-before-the-draw', 'P4', 'votes.ts', 'if (head.position < earliest)', 'if (head.position < earliest - 99)'),
  bug(
    'lease-beyond-deadline',
    'P5',
    'rules/tick.ts',
    'Math.max(context.state.time, Math.min(at, need.deadlineAt))',
    'Math.max(context.state.time, at)',
  ),
  bug('promoted-past-the-deadline', 'P5', 'need-life.ts', 'state.time >= need.deadlineAt', 'state.time < 0'),
  bug('lease-claimed-twice', 'P5', 'rules/claim.ts', "need.phase !== 'ready'", "need.phase === 'final'"),
  bug('voter-counted-twice', 'P6', 'votes.ts', "if (seen.has(from)) return reject('vote_twice', { from });", ''),
  bug('one-vote-short', 'P6', 'votes.ts', 'if (count >= committee.k)', 'if (count >= committee.k - 1)'),
  bug('entity-sits-twice', 'P6', 'draw.ts', 'open = open.filter((other) => other !== entry);', ''),
  bug('crowded-region', 'P6', 'draw.ts', '(byRegion.get(entry.region) ?? 0) < regionCap', 'regionCap > 0'),
  bug(
    'paid-from-nothing',
    'P9',
    'ledger.ts',
    'put(accounts, debit, left);',
    "if (code !== 'seat_fee') put(accounts, debit, left);",
  ),
  bug('spent-twice', 'P9', 'rules/transfer.ts', 'if (free < body.amount)', 'if (free < 0)'),
  bug(
    'minted-over-the-cap',
    'P9',
    'rules/mint.ts',
    'if (amount > state.supplyCap - minted)',
    'if (amount > state.supplyCap)',
  ),
  bug(
    'half-a-reserve',
    'P10',
    'committee.ts',
    'return mulDivCeil(2, commit.bid.price',
    'return mulDivCeil(1, commit.bid.price',
  ),
  bug(
    'reserve-freed-early',
    'P10',
    'votes.ts',
    'seat.vote = { id: envelope.id, verdict, bids, position };',
    '{ seat.vote = { id: envelope.id, verdict, bids, position }; seat.reserved = 0; }',
  ),
  bug(
    'price-over-the-cap',
    'P11',
    'rules/claim.ts',
    'if (body.cost > need.pricePool)',
    'if (body.cost > 2 * need.pricePool)',
  ),
  bug(
    'plan-seats-paid-twice',
    'P11',
    'rules/decide.ts',
    'paySeatFees(context, need, dids, 1);',
    'paySeatFees(context, need, [...dids, ...dids], 1);',
  ),
  bug('challenged-after-the-window', 'P12', 'rules/challenge.ts', '!commit.windowClosed &&', ''),
  bug('window-without-end', 'P12', 'fire.ts', 'commit.windowClosed = true;', ''),
  bug(
    'related-seats-paid',
    'P13',
    'rules/decide.ts',
    '.filter((seat) => !isRelated(seat))',
    '.filter((seat) => isRelated !== null && seat.draw >= 0)',
  ),
  bug('own-work-judged', 'P13', 'rules/commit.ts', '? [need.requester, from] :', '? [need.requester] :'),
  bug(
    'holder-not-asked',
    'P14',
    'rules/lease-entry.ts',
    'holder !== null && lease.bid.worker !== holder',
    'holder === lease.fence',
  ),
  bug('requester-not-asked', 'P14', 'rules/cancel.ts', 'need.requester !== payload.from', 'need.requester === null'),
  bug(
    'payee-takes-all',
    'P14',
    'rules/settle.ts',
    'const most = from === escrow.payer ?',
    'const most = from !== null ?',
  ),
  bug('anybody-mints', 'P14', 'rules/mint.ts', 'payload.from !== state.authority', 'payload.from === null'),
  bug('counted-as-not-sealed', 'P17', 'seals.ts', ' && toHex(voteSeal(payload.from, payload, sha256)) === seal', ''),
  {
    id: 'counted-without-seal',
    property: 'P17',
    edits: [
      { file: 'rules/certify.ts', find: "committee.sealed && committee.phase === 'voting'", put: 'committee.n < 0' },
      {
        file: 'seals.ts',
        find: 'if (!sealed) return payload.body.salt === null;',
        put: 'if (sealed || !sealed) return true;',
      },
    ],
  },
  bug(
    'opened-before-all-sealed',
    'P17',
    'seals.ts',
    'if (sealed === committee.n) openVotes',
    'if (sealed >= committee.k) openVotes',
  ),
];
