import { integer, text } from './codec/scalars.ts';

/** What is said of an entity, in credentials and in the genesis alike. */
export const credentialFields = {
  /** the organisation: the entity all its keys form */
  org: text(64),
  /** autonomous system number */
  asn: integer(0, 0xffffffff),
  region: text(32),
};
