import { yamux } from '@chainsafe/libp2p-yamux';

type Factory = ReturnType<ReturnType<typeof yamux>>;
type Muxer = ReturnType<Factory['createStreamMuxer']>;

/** Bytes of a stream that were read and not told yet: a quarter of the window that the specification of yamux begins with. */
const UNTOLD_MAX = 64 * 1024;
/** Streams with such bytes: those of the longest ago are told first. */
const STREAMS_MAX = 256;
/** Type of the frame that widens a window, and flags that end a stream, as in the specification of yamux. */
const WINDOW_UPDATE = 1;
const ENDS = 4 | 8;

interface Header {
  readonly type: number;
  readonly flag: number;
  readonly streamID: number;
  readonly length: number;
}

/** Where a muxer sends what its streams say. */
interface Sending {
  sendFrame?(header: Header, data?: unknown): boolean;
}

/**
 * Yamux that tells its peer to go on once a quarter of the window was read. As it comes it does so after each frame, so that half of
 * all frames are nothing else.
 */
export function quietYamux(): () => Factory {
  return () => {
    const factory = yamux()();
    const create = factory.createStreamMuxer.bind(factory);
    factory.createStreamMuxer = (connection) => withFewUpdates(create(connection));
    return factory;
  };
}

/** Throws when muxers have no place where frames can be held. */
function withFewUpdates(muxer: Muxer): Muxer {
  const sending = muxer as unknown as Sending;
  const send = sending.sendFrame?.bind(muxer);
  if (send === undefined) throw new Error('this version of yamux does not show its frames');
  const untold = new Map<number, number>();
  sending.sendFrame = (header, data) => {
    const { type, flag, streamID, length } = header;
    if ((flag & ENDS) !== 0) untold.delete(streamID);
    if (type !== WINDOW_UPDATE || flag !== 0) return send(header, data);
    const sum = (untold.get(streamID) ?? 0) + length;
    untold.delete(streamID);
    if (sum >= UNTOLD_MAX) return send({ ...header, length: sum });
    untold.set(streamID, sum);
    const [oldest] = untold;
    if (untold.size <= STREAMS_MAX || oldest === undefined) return true;
    untold.delete(oldest[0]);
    return send({ ...header, streamID: oldest[0], length: oldest[1] });
  };
  return muxer;
}
