import { counter } from './counter.ts';

export default counter('counter-two');
