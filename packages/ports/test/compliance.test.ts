import {
  clockChecks,
  contentStoreChecks,
  decisionLogChecks,
  meterChecks,
  policyEngineChecks,
  randomChecks,
  sandboxChecks,
  signerChecks,
  skillRunnerChecks,
  storeChecks,
  transportChecks,
} from '../src/compliance/index.ts';
import { suiteTest } from './suite-test.ts';
import { toyClock } from './toys/toy-clock.ts';
import { toyContent } from './toys/toy-content.ts';
import { toyLog } from './toys/toy-log.ts';
import { toyMeter } from './toys/toy-meter.ts';
import { toyPolicyEngine } from './toys/toy-policy-engine.ts';
import { toyRandom } from './toys/toy-random.ts';
import { toyRunner } from './toys/toy-runner.ts';
import { toySandbox } from './toys/toy-sandbox.ts';
import { toySigner } from './toys/toy-signer.ts';
import { toyStore } from './toys/toy-store.ts';
import { toyTransport } from './toys/toy-transport.ts';

suiteTest('Clock', clockChecks, toyClock, {
  'runs backwards': ['now is an integer of milliseconds that never goes backwards'],
  'runs tasks inside': ['a task runs once, not inside schedule, and not before its delay'],
  'last in, first out': ['tasks run by due time, and in the order scheduled where it is the same'],
  'cannot cancel': [
    'a cancelled task does not run, and cancelling again or too late does nothing',
    'a task may schedule and cancel others',
  ],
  'takes any delay': ['refuses delays that are no integers in range'],
});

suiteTest('Random', randomChecks, toyRandom, {
  'never gives the largest': ['below gives integers in range and reaches all of a small one'],
  'takes values modulo the limit': ['below is without modulo bias'],
  'reuses its buffer': ["bytes gives as many as asked, different each time, the caller's own"],
  'begins again': ['streams of different names differ, and a name goes on where it was'],
  'draws all from one stream': ['the same seed gives the same values, whatever other streams draw'],
  'takes any argument': ['refuses limits and lengths out of range'],
});

const byParameters = 'decides by input and parameters, with reasons in their order';
const endsGas = 'ends what wants more gas than it has, and takes exactly what it says';
const refusesModules = 'refuses modules that are none, imports that no policy has, and builtins that are not listed';
suiteTest('PolicyEngine', policyEngineChecks, toyPolicyEngine, {
  'has no parameters': [byParameters],
  'lists reasons as they came': [byParameters],
  'remembers the last evaluation': [
    'gives the same, gas included, whatever was evaluated before, and by another engine of the same policy',
  ],
  'takes silence for consent': ['denies what is silent, says something else, or cannot be read'],
  'has gas without end': [endsGas],
  'is generous with gas': [endsGas],
  'has memory without end': ['ends what wants more memory than it has'],
  'takes any input': ['denies inputs that are too large or nested without end'],
  'links what is imported': [refusesModules],
  'lends any builtin': [refusesModules],
  'takes any program': ['refuses programs beyond the bounds'],
  'works after its close': ['gives nothing after its close, which may be repeated'],
});

suiteTest('Meter', meterChecks, toyMeter, {
  'keeps the last amount': ['sums per name'],
  'gives its own record out': ['read is a copy'],
  'keeps any number of names': ['collects names beyond the limit under one name'],
  'adds NaN': ['refuses amounts that are not finite'],
});

const signsAlike = 'signs the same message alike, gives a signature of its own, and leaves the message as it was';
suiteTest('Signer', signerChecks, toySigner, {
  'names another key': ['signs so that the key of its did verifies'],
  'scribbles on the message': [signsAlike],
  'reuses its buffer': [signsAlike],
});

const deliversToOthers = 'delivers to every other subscriber of the topic, from whom it was, and not inside publish';
const keepsTopicsApart = 'keeps topics apart, and an ended subscription gets nothing';
const carriesUpToTheLimit = 'carries messages up to the limit and refuses larger ones';
const saysWhy = 'says why there is no answer: not served, refused, failed, too large, late, not there, closed';
const servesOnce = 'serves a protocol once, and no longer once it is told to stop';
suiteTest('Transport', transportChecks, toyTransport, {
  'delivers to the sender': [deliversToOthers],
  'delivers inside publish': [deliversToOthers],
  'shares its arrays': ['takes the bytes at the call and gives each handler its own copy'],
  'never unsubscribes': [keepsTopicsApart],
  'has one topic': [keepsTopicsApart],
  'carries any size': [carriesUpToTheLimit],
  'carries half the size': [carriesUpToTheLimit],
  'lists itself': ['lists the other endpoints ascending, without itself and without closed ones'],
  'delivers to the closed': ['a closed endpoint neither gets nor sends, and closing again is harmless'],
  'hides who asks': ['asks one peer, which learns who asks, and gives its answer; both have their own bytes'],
  'answers any size': [saysWhy],
  'waits for ever': [saysWhy],
  'carries any request': ['carries requests and answers up to their limits and refuses larger ones'],
  'serves twice': [servesOnce],
  'serves on': [servesOnce],
  'keeps its peers to itself': ['tells when its peers have changed'],
});

const boundedBatches = 'hands over bounded batches, never inside follow, and the next only after the last settled';
suiteTest('DecisionLog', decisionLogChecks, toyLog, {
  'turns entries around': ['keeps the order given, with ascending cursors from 1, and head is the last'],
  'keeps repeats': ['an entry already there keeps its first place, within a call and across calls'],
  'has one shard': ['keeps shards apart'],
  'adds before it checks': ['adds all entries of a call or none, and says why it refuses'],
  'shares its arrays': ['takes the bytes at the call and gives each reader its own'],
  'loses a record': ['follows from a cursor, then each new record, every reader seeing the same'],
  'delivers while one is busy': [boundedBatches],
  'delivers inside follow': [boundedBatches],
  'goes on after close': ['a closed subscription begins no further batch and ends'],
  "swallows the handler's error": ['a handler that fails ends its subscription with that error, and no other'],
  'works after its close': ['close lets appends finish, ends subscriptions and refuses what comes later'],
  'forgets on close': ['keeps everything across a close'],
  'keeps handles apart': ['several handles see one order'],
});

suiteTest('ContentStore', contentStoreChecks, toyContent, {
  'ignores the codec': ['names blocks as IPFS does and gives them back'],
  'gives nothing for what it lacks': ['says that it does not have a block'],
  'ignores sizes': ['keeps to size limits and refuses options that are none'],
  'shares its arrays': ['takes the bytes at the call and gives the caller its own'],
  'loses blocks of large batches': ['takes more than a thousand blocks at once'],
  'trusts what is put': ['stores none of the blocks when one is not what its CID says'],
  'trusts what is stored': ['never gives out bytes that do not hash to their CID, and a new put heals them'],
  'ignores links': ['gc keeps what pins reach and removes the rest'],
  'counts pins': ['pins are not counted, may precede their blocks, and are taken back by one unpin'],
  'removes what is unpinned': ['gc keeps a block that another pin reaches'],
  'works after its close': ['refuses everything after close, which may be repeated'],
  'forgets on close': ['keeps blocks and pins across a close'],
});

suiteTest('Store', storeChecks, toyStore, {
  'keeps what is removed': ['keeps, replaces and removes values'],
  'takes batches backwards': ['performs a batch in order, the last operation on a key winning'],
  'stops a batch half way': ['performs all of a batch or nothing, and says why it refuses'],
  'shares its arrays': ['takes the bytes at the call and gives the caller its own'],
  'sorts by UTF-16': ['scans by the UTF-8 bytes of the key, within the prefix'],
  'begins scans again': ['scans many keys, each once, while they are written'],
  'works after its close': ['refuses everything after close, which may be repeated'],
  'forgets on close': ['keeps everything across a close'],
});

const tellsTheSkill = 'ends a job when its caller aborts, and tells the skill';
suiteTest('SkillRunner', skillRunnerChecks, toyRunner, {
  "gives another action's result": ['runs each action and gives its result, with what the work cost'],
  'reports progress late': ['passes progress on in order, clipped and bounded, and not after the end'],
  'keeps what skills say': ['passes log lines on in order, clipped and bounded'],
  'mixes jobs up': ['runs several jobs, each with its own result'],
  'calls every failure a death': ['says by code what went wrong, and goes on'],
  'ignores deadlines': ['ends a job at its deadline'],
  'ignores aborts': [tellsTheSkill],
  'never tells the skill': [tellsTheSkill],
  'ignores its close': ['ends all jobs on close and refuses later ones'],
  'takes any deadline': ['refuses deadlines that are none'],
  'claims to be isolated': ['survives skills that spin, exit, throw where nobody catches, or eat all memory'],
});

const nothingButTheLanguage = 'has nothing but the language';
const nothingOfEarlierJobs = 'keeps nothing of an earlier job, however that one ended';
const endsWithItsFuel = 'ends endless work with its fuel, whoever does it and whatever would catch it';
const memoryAsTold = 'gives the memory that it was told to, files not counted';
suiteTest('Sandbox', sandboxChecks, toySandbox, {
  'rounds numbers': ['takes and gives JSON values of all kinds'],
  'calls the default': ['calls the export that is named'],
  'takes open promises for null': ['waits for promises, but only as far as they get by themselves'],
  'lists files as they came': ['gives out files by name, as bytes and as text'],
  'reads any bytes as text': ['gives out files by name, as bytes and as text'],
  'leaves out what is no JSON': ['refuses results that are no JSON values, too long or too deep'],
  'lets the process in': [nothingButTheLanguage],
  'lets the function maker out': [nothingButTheLanguage],
  'has a clock': ['has no clock and no randomness, and says so to who asks'],
  'imports nothing and says nothing': ['imports nothing, and says so'],
  'shares its globals': [nothingOfEarlierJobs],
  'shares its files': [nothingOfEarlierJobs],
  'is generous now and then': ['takes the same fuel each time, and fails with one unit less'],
  'has one price': ['takes more fuel for more work'],
  'lets code catch the end': [endsWithItsFuel],
  'calls want of fuel a deadline': [endsWithItsFuel],
  'gives any memory': [memoryAsTold],
  'counts files': [memoryAsTold],
  'gives back what is too much': ['ends what holds too much, whatever would catch it'],
  'crashes when it is deep': ['ends what calls itself too deep, and goes on'],
  'has no deadline': ['ends a job at its deadline, whatever it does'],
  'keeps what jobs held': ['holds nothing of jobs that are over'],
  'calls every module sound': ['refuses modules that do not parse, await at their top level or have no such function'],
  'passes messages on whole': ['says what was thrown, whatever it was, within bounds'],
  'takes anything': ['refuses jobs and limits beyond the bounds, and takes those at the bounds'],
  'works after its close': ['refuses every job after close, which may be repeated'],
});
