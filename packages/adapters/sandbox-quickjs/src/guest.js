/*
 * Runs in the engine before any code of a job: takes away what is no part of the language or would not be the same twice, and gives
 * the function that the host calls. What it needs later it takes out of the job's reach now. A job that breaks it all the same
 * breaks nothing but its own result: the host judges what it is told, and the engine is thrown away after each job.
 *
 * It is strict code, as the host evaluates it. Text is put together by `+`: a template calls a method that a job can replace. What it
 * says to the host is a word, a colon and JSON.
 */
(() => {
  const { freeze, keys, create } = Object;
  const { apply, construct, defineProperty, deleteProperty, getPrototypeOf, ownKeys } = Reflect;
  const { isArray } = Array;
  const { isFinite: isNumberOfJson } = Number;
  const { parse, stringify: quote } = JSON;
  const { fromCharCode } = String;
  const { slice, indexOf } = String.prototype;
  const text = String;
  const Bytes = Uint8Array;
  const Failure = Error;
  const Mistake = TypeError;
  const Syntax = SyntaxError;
  const plain = Object.prototype;
  const spell = escape;
  const read = decodeURIComponent;

  // The same numbers as SANDBOX_VALUE_DEPTH_MAX, SANDBOX_VALUE_BYTES_MAX and SANDBOX_MESSAGE_LENGTH_MAX.
  const DEPTH_MAX = 128;
  const LENGTH_MAX = 4194304;
  const MESSAGE_MAX = 1024;
  const CHUNK = 16384;

  const LANGUAGE = [
    ...['Infinity', 'NaN', 'undefined', 'globalThis', 'eval', 'isFinite', 'isNaN', 'parseFloat', 'parseInt'],
    ...['decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'unescape'],
    ...['Object', 'Function', 'Boolean', 'Symbol', 'Number', 'BigInt', 'Math', 'Date', 'String', 'RegExp', 'JSON'],
    ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'],
    ...['Array', 'ArrayBuffer', 'DataView', 'Float16Array', 'Float32Array', 'Float64Array', 'Int8Array', 'Uint8Array'],
    ...['Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'BigInt64Array'],
    ...['BigUint64Array', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Promise', 'Proxy', 'Reflect', 'Iterator'],
  ];
  for (const name of ownKeys(globalThis)) {
    if (!LANGUAGE.includes(name) && !deleteProperty(globalThis, name)) throw new Failure(text(name) + ' stays');
  }

  const none = (what, instead) => () => {
    throw new Mistake('there is no ' + what + ' in a sandbox, so that the same job gives the same result: ' + instead);
  };
  const noClock = none('clock', 'pass the time in with the argument');
  const noChance = none('randomness', 'pass a seed in with the argument');
  const hide = (target, name, value) => {
    defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  };

  const EngineDate = Date;
  const dates = EngineDate.prototype;
  function TimelessDate(...parts) {
    if (new.target === undefined || parts.length === 0) noClock();
    return construct(EngineDate, parts, new.target);
  }
  defineProperty(TimelessDate, 'name', { value: 'Date' });
  defineProperty(TimelessDate, 'length', { value: 7 });
  defineProperty(TimelessDate, 'prototype', { value: dates, writable: false });
  hide(TimelessDate, 'UTC', EngineDate.UTC);
  hide(TimelessDate, 'parse', EngineDate.parse);
  hide(TimelessDate, 'now', noClock);
  hide(dates, 'constructor', TimelessDate);
  hide(globalThis, 'Date', TimelessDate);
  hide(Math, 'random', noChance);

  const entries = create(null);
  const names = [];

  function entry(name) {
    if (typeof name !== 'string') throw new Mistake('a file is named by text, not ' + typeof name);
    const found = entries[name];
    if (found === undefined) throw new Failure('there is no file ' + quote(name));
    return found;
  }

  /** Strict, since percent-encoded UTF-8 is: a byte for each two digits, nothing overlong, no surrogates, nothing cut off. */
  function decoded({ buffer, length }) {
    const bytes = new Bytes(buffer);
    let whole = '';
    for (let start = 0, end = 0; start < length; start = end) {
      end = start + CHUNK;
      if (end >= length) end = length;
      else while (end > start && (bytes[end] & 0xc0) === 0x80) end -= 1;
      if (end === start) throw new Mistake('continuation bytes without a beginning');
      whole += read(spell(apply(fromCharCode, undefined, new Bytes(buffer, start, end - start))));
    }
    return whole;
  }

  const files = freeze({
    names() {
      const copy = [];
      for (let index = 0; index < names.length; index += 1) copy[index] = names[index];
      return copy;
    },
    bytes: (name) => new Bytes(entry(name).buffer),
    text(name) {
      const found = entry(name);
      try {
        return decoded(found);
      } catch {
        throw new Failure('the file ' + quote(name) + ' is no UTF-8');
      }
    },
  });

  class NoJson {
    constructor(reason) {
      this.reason = reason;
    }
  }

  let written = 0;

  /** The value as JSON text, each property read once; throws NoJson. */
  function json(value, depth) {
    switch (typeof value) {
      case 'string':
        if (value.length > LENGTH_MAX) throw tooLong();
        return counted(quote(value));
      case 'boolean':
        return counted(quote(value));
      case 'number':
        if (!isNumberOfJson(value)) throw new NoJson(text(value) + ' is no JSON value');
        return counted(quote(value));
      case 'object':
        if (value === null) return counted('null');
        if (depth === DEPTH_MAX) throw new NoJson('it is nested more than ' + DEPTH_MAX + ' deep, or within itself');
        return isArray(value) ? list(value, depth + 1) : record(value, depth + 1);
      default:
        throw new NoJson(typeof value + ' is no JSON value');
    }
  }

  function counted(piece) {
    written += piece.length;
    if (written > LENGTH_MAX) throw tooLong();
    return piece;
  }

  const tooLong = () => new NoJson('it is longer than ' + LENGTH_MAX + ' bytes');

  function list(items, depth) {
    const { length } = items;
    let whole = '';
    for (let index = 0; index < length; index += 1) {
      whole += counted(index === 0 ? '[' : ',') + json(items[index], depth);
    }
    return whole + counted(whole === '' ? '[]' : ']');
  }

  function record(fields, depth) {
    const prototype = getPrototypeOf(fields);
    if (prototype !== plain && prototype !== null) throw new NoJson('an object of a class is no JSON value');
    const own = keys(fields);
    let whole = '';
    for (let index = 0; index < own.length; index += 1) {
      const key = own[index];
      whole += counted((index === 0 ? '{' : ',') + quote(key) + ':') + json(fields[key], depth);
    }
    return whole + counted(whole === '' ? '{}' : '}');
  }

  const clipped = (words) => apply(slice, words, [0, MESSAGE_MAX]);

  /** What was thrown, in words. Asking it may run code of the job, which may throw again. */
  function words(thrown) {
    return asked(thrown) || 'something that has no words';
  }

  function asked(thrown) {
    try {
      if (typeof thrown !== 'object' || thrown === null) return clipped(text(thrown));
      const { name, message, stack } = thrown;
      if (typeof message !== 'string') return clipped(text(thrown));
      const said = clipped(typeof name === 'string' ? name + ': ' + message : message);
      return typeof stack === 'string' ? clipped(said + place(stack)) : said;
    } catch {
      return '';
    }
  }

  /** ` at module.js:3:7` where the stack first names the module. */
  function place(stack) {
    const start = apply(indexOf, stack, ['module.js:']);
    if (start < 0) return '';
    let end = start + 'module.js:'.length;
    while (apply(indexOf, '0123456789:', [stack[end]]) >= 0) end += 1;
    return ' at ' + apply(slice, stack, [start, end]);
  }

  function isSyntaxError(thrown) {
    try {
      return typeof thrown === 'object' && thrown !== null && getPrototypeOf(thrown) === Syntax.prototype;
    } catch {
      return false;
    }
  }

  const tell = (word, message) => word + ':' + quote(message);

  let said = tell('result', 'it gave a promise that nothing settles');

  async function call(exports, name, argument) {
    let value;
    try {
      const run = exports[name];
      if (typeof run !== 'function') {
        said = tell('source', 'the module exports no function ' + quote(name));
        return;
      }
      value = await run(parse(argument), files);
    } catch (thrown) {
      said = tell('threw', words(thrown));
      return;
    }
    try {
      said = 'value:' + json(value, 0);
    } catch (thrown) {
      said = thrown instanceof NoJson ? tell('result', thrown.reason) : tell('threw', words(thrown));
    }
  }

  return (task, first, second, third) => {
    switch (task) {
      case 'file':
        names[names.length] = parse(first);
        entries[parse(first)] = { buffer: second, length: second.byteLength };
        return undefined;
      case 'import':
        throw new Syntax('a module in a sandbox cannot import anything: put what it needs into its source');
      case 'unloaded':
        return tell(isSyntaxError(first) ? 'source' : 'threw', words(first));
      case 'call':
        call(first, parse(second), third);
        return undefined;
      default:
        return said;
    }
  };
})();
