/**
 * What the tests of agents share:
 *
 *     const { work, deskFor, reasonsAgainst } = workshop(agent, check);
 */
export { type Draw, pick, SeededChance, seeded } from './chance.ts';
export { filesIn } from './files-in.ts';
export { type DeskPlanting, type Planting, plantEach, plantOnDesks } from './plant-each.ts';
export { type Planted, type Tally, tellPlanted } from './tell-planted.ts';
export { type Content, type Desk, type NamedFiles, type Worked, workshop } from './workshop.ts';
