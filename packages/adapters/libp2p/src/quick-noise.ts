import { noise } from '@chainsafe/libp2p-noise';
import { noiseCrypto } from './noise-crypto.ts';

type Make = ReturnType<typeof noise>;
type Secured = Awaited<ReturnType<ReturnType<Make>['secureInbound']>>;
type Bytes = Parameters<typeof noiseCrypto.hashSHA256>[0];
type List = Exclude<Bytes, Uint8Array>;

const LENGTH_BYTES = 2;
/** Thrown to say that more must come, after nearly every frame: made once, since its stack would cost more than a cipher each time. */
const MORE = new RangeError('the length of a frame has two bytes');

/** Where a connection hands bytes to its socket. */
interface Writing {
  sendData?(pieces: List): unknown;
}

/** Where frames are told apart as they come in. */
interface Reading {
  readonly decoder?: { lengthDecoder?(bytes: List): number };
}

/**
 * Noise as peers know it, at less work for each frame, which is written to the socket in one piece. As it comes its length and its
 * parts are written one by one: each is a packet, and a reading for the peer.
 */
export function quickNoise(): Make {
  const make = noise({ crypto: noiseCrypto });
  return (components) => {
    const encrypter = make(components);
    const [inbound, outbound] = [encrypter.secureInbound.bind(encrypter), encrypter.secureOutbound.bind(encrypter)];
    encrypter.secureInbound = async (wire, options) => readQuickly(await inbound(writeWhole(wire), options));
    encrypter.secureOutbound = async (wire, options) => readQuickly(await outbound(writeWhole(wire), options));
    return encrypter;
  };
}

/** Throws when this libp2p has no place where that can be done. */
function writeWhole<C extends object>(connection: C): C {
  const wire: Writing = connection;
  const write = wire.sendData?.bind(connection);
  if (write === undefined) throw new Error('this version of libp2p does not show what it writes');
  wire.sendData = (pieces) => {
    const whole = pieces.subarray();
    pieces.consume(pieces.byteLength);
    pieces.append(whole);
    return write(pieces);
  };
  return connection;
}

/** Throws when this noise has no place where that can be done. */
function readQuickly(secured: Secured): Secured {
  const { decoder } = secured.connection as unknown as Reading;
  if (decoder?.lengthDecoder === undefined) throw new Error('this version of noise does not show how it reads');
  decoder.lengthDecoder = (bytes) => {
    if (bytes.byteLength < LENGTH_BYTES) throw MORE;
    return bytes.getUint16(0);
  };
  return secured;
}
