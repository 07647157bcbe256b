/** A process that holds the node `node-1` of the network `local` in a home, as whoever runs it does, until it is killed. Says `held`. */
import { NetworkFolder } from '../../src/host/network-folder.ts';
import { takeNode } from '../../src/host/node-lock.ts';

const kept = takeNode(new NetworkFolder(process.argv[2] ?? '', 'local').node('node-1'));
setInterval(() => kept, 1_000);
console.log('held');
