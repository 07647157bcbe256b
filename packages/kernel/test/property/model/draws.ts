import { dropAlarm, startAlarm } from './alarms.ts';
import {
  answerMs,
  enoughFor,
  hasSat,
  isRelaxed,
  needRow,
  partiesNow,
  reserveOf,
  revealsFor,
  sitting,
  sizeOf,
  startAnswers,
} from './committees.ts';
import { backing, kin, takeFrom } from './delegations.ts';
import { giveUp } from './give-up.ts';
import type { CommitteeRow, DrawnSeat, DrawRow, Model, PoolRow } from './tables.ts';

/** Completes every draw that has enough reveals, by position, then subject. */
export function completeDraws(model: Model): void {
  const ready = model.draws.filter((draw) => draw.revealed.length >= revealsFor(model, draw));
  ready.sort((a, b) => a.position - b.position || (a.subject < b.subject ? -1 : 1));
  for (const draw of ready) {
    const committee = model.committees.find((row) => row.subject === draw.subject && row.phase !== 'over');
    if (committee !== undefined) completeDraw(model, committee, draw);
  }
}

function completeDraw(model: Model, committee: CommitteeRow, draw: DrawRow): void {
  const { subject } = committee;
  model.draws = model.draws.filter((row) => row !== draw);
  dropAlarm(model, `seed:${subject}`);
  const said = model.drawn.find((row) => row.subject === subject);
  model.drawn = model.drawn.filter((row) => row !== said);
  const enough = enoughFor(model, draw);
  if (said === undefined) return complain(model, 'P6', `${subject} had its reveals and nothing was drawn`);
  const { k, n } = sizeOf(model, committee, draw);
  if (said.seats === null) {
    if (enough && mustFill(model, committee, draw, { k, n })) complain(model, 'P15', `${subject} waits for no reason`);
    return waitForSeats(model, committee);
  }
  if (!enough) return complain(model, 'P6', `${subject} is drawn from too few`);
  const lacking = n - sitting(committee).length;
  if (committee.k === 0) committee.relaxed = isRelaxed(model, draw);
  committee.k = k;
  committee.n = n;
  if (said.seats.length !== lacking)
    complain(model, 'P6', `${subject} got ${said.seats.length} seats, ${lacking} lack`);
  const reserve = reserveOf(model, committee, k, n);
  for (const seat of said.seats) takeSeat(model, committee, draw, seat, reserve);
  committee.drawnAt.push(model.position);
  if (committee.commit === null && draw.draw === 0) {
    committee.phase = 'bidding';
    startAlarm(model, `bidding:${subject}`, needRow(model, committee.need).body.windows.bidMs);
  } else startAnswers(model, committee);
}

/** Whether the seats that lack are filled whoever is drawn first: then a draw must not wait. */
function mustFill(model: Model, committee: CommitteeRow, draw: DrawRow, { k, n }: { k: number; n: number }): boolean {
  const reserve = reserveOf(model, committee, k, n);
  const related = kin(model, partiesNow(model, committee));
  const able = draw.pool.filter(({ did, entity }) => {
    const may = !draw.parties.includes(entity) && !hasSat(committee, draw, entity);
    return may && !related.includes(entity) && backing(model, did) >= reserve;
  });
  const entities = able.filter(({ entity }, index) => able.findIndex((row) => row.entity === entity) === index);
  const held = sitting(committee).length;
  // At the worst those that are drawn fill the places where most of the others stand.
  const shutOut = (places: readonly (string | number)[], taken: number, thirds: number): number => {
    const counts = [...new Set(places)].map((place) => places.filter((other) => other === place).length);
    const full = Math.floor((held + taken) / Math.ceil((n * thirds) / 3));
    return counts
      .sort((a, b) => b - a)
      .slice(0, full)
      .reduce((sum, count) => sum + count, 0);
  };
  const { asnCapThirds, regionCapThirds } = model.params;
  for (let taken = 0; taken < n - held; taken += 1) {
    const asns = shutOut(
      entities.map(({ asn }) => asn),
      taken,
      asnCapThirds,
    );
    const regions = shutOut(
      entities.map(({ region }) => region),
      taken,
      regionCapThirds,
    );
    if (entities.length - taken - asns - regions <= 0) return false;
  }
  return true;
}

/** Too few may sit: tried again after an answer period, for a while. */
function waitForSeats(model: Model, committee: CommitteeRow): void {
  committee.waits += 1;
  if (committee.waits > model.params.maxWaits) giveUp(model, committee);
  else startAlarm(model, `seats:${committee.subject}`, answerMs(model, committee));
}

/** Seats somebody that was drawn, if it may sit at all. */
function takeSeat(model: Model, committee: CommitteeRow, draw: DrawRow, drawn: DrawnSeat, reserve: number): void {
  const { did } = drawn;
  const row = draw.pool.find((key) => key.did === did);
  if (row === undefined) return complain(model, 'P6', `${did} sits and was not in the pool`);
  if (kin(model, partiesNow(model, committee)).includes(row.entity))
    complain(model, 'P13', `${did} sits on ${committee.subject}, and stands behind a party or has one behind it`);
  for (const fault of unfit(model, committee, draw, row))
    complain(model, 'P6', `${did} sits on ${committee.subject}: ${fault}`);
  if (drawn.reserved !== reserve) complain(model, 'P10', `${did} reserves ${drawn.reserved}, ${reserve} is due`);
  if (backing(model, did) < reserve) complain(model, 'P10', `${did} sits without free stake for it`);
  const { entity, asn, region } = row;
  const { ballot } = committee;
  committee.seats.push({
    did,
    entity,
    asn,
    region,
    ballot,
    draw: draw.draw,
    reserved: reserve,
    shares: takeFrom(model, did, reserve, `reserve/${did}`),
    status: 'seated',
    seal: null,
    vote: null,
    struck: false,
  });
}

/** Why a key must not get the next seat. */
function* unfit(model: Model, committee: CommitteeRow, draw: DrawRow, row: PoolRow): Iterable<string> {
  const { asnCapThirds, regionCapThirds } = model.params;
  if (draw.parties.includes(row.entity)) yield 'it is related to a party';
  if (hasSat(committee, draw, row.entity)) yield 'its entity sits or sat there';
  const now = sitting(committee);
  if (now.filter(({ asn }) => asn === row.asn).length >= Math.ceil((committee.n * asnCapThirds) / 3))
    yield 'its ASN is full';
  if (now.filter(({ region }) => region === row.region).length >= Math.ceil((committee.n * regionCapThirds) / 3))
    yield 'its region is full';
}

function complain(model: Model, property: string, detail: string): void {
  model.complaints.push({ property, detail });
}
