import { EXIT } from './failure.ts';
import { main } from './main.ts';
import { askHidden } from './prompt.ts';

/** Runs the command line of this process and ends it with the exit code. A first interrupt asks, a second one ends. */
export async function runProcess(): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interrupted.signal.aborted) process.exit(EXIT.interrupted);
      interrupted.abort(new Error(`interrupted by ${signal}`));
    });
  }
  // A reader that went away (`canswarm ... | head`) is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.ok);
      throw error;
    });
  }
  const { stdin: input, stdout: out, stderr: err } = process;
  const env = { ...process.env };
  // Programs that this one starts get its environment, but not the passphrase of its keys.
  delete process.env['CANSWARM_PASSPHRASE'];
  const { signal } = interrupted;
  const asks = input.isTTY === true && err.isTTY === true;
  const ask = asks ? (question: string) => askHidden(question, { input, output: err, signal }) : undefined;
  const io = { out, err, env, signal, ask, onSuspend };
  process.exitCode = await main(process.argv.slice(2), io);
}

function onSuspend(leave: () => void, comeBack: () => void): () => void {
  const stop = (): void => {
    leave();
    process.kill(process.pid, 'SIGSTOP');
  };
  process.on('SIGTSTP', stop);
  process.on('SIGCONT', comeBack);
  return () => {
    process.off('SIGTSTP', stop);
    process.off('SIGCONT', comeBack);
  };
}
