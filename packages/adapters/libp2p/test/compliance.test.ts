import { realWorld, transportCompliance } from '@canswarm/ports/compliance';
import { connect, type endpoint } from './network.ts';

transportCompliance('libp2pTransport', () => {
  const opened: Awaited<ReturnType<typeof endpoint>>[] = [];
  const world = realWorld(async () => void (await Promise.all(opened.map((one) => one.close()))), { settleMs: 250 });
  return {
    ...world,
    async connect(count) {
      const made = await connect(count);
      opened.push(...made);
      return made;
    },
  };
});
