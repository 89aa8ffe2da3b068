import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** A program of test/store/programs, or of another room, as a file that Node.js runs without jest. */
export function bundled(program: string, folder: string, programs = join(__dirname, 'programs')): string {
	const outfile = join(folder, `${program}.cjs`);
	buildSync({
		entryPoints: [join(programs, `${program}.ts`)],
		outfile,
		bundle: true,
		packages: 'external',
		platform: 'node',
		format: 'cjs',
		logLevel: 'error',
	});
	return outfile;
}

/** A process of its own that answers each message with one. */
export class OtherProcess {
	private constructor(
		readonly child: ChildProcess,
		private readonly answers: AsyncIterator<unknown[]>,
	) {}

	static async start(program: string, ...args: string[]): Promise<OtherProcess> {
		// Without jest's own switches, and with the packages that the program leaves out.
		const env = { ...process.env, NODE_PATH: join(__dirname, '..', '..', 'node_modules') };
		const child = fork(program, args, { execArgv: [], env });
		const other = new OtherProcess(child, messages(child));
		if ((await other.next()) !== 'ready') throw new Error(`${program} did not start.`);
		return other;
	}

	async next(): Promise<unknown> {
		const { value, done } = await this.answers.next();
		if (done) throw new Error('The other process ended.');
		return value[0];
	}

	async ask(message: object | string): Promise<unknown> {
		this.child.send(message);
		const answer = await this.next();
		if (typeof answer !== 'object' || answer === null) return answer;
		if ('error' in answer) throw new Error(String(answer.error));
		return 'value' in answer ? answer.value : undefined;
	}

	async kill(): Promise<void> {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		const gone = once(this.child, 'exit');
		this.child.kill('SIGKILL');
		await gone;
	}
}

async function* messages(child: ChildProcess): AsyncGenerator<unknown[]> {
	const waiting: unknown[] = [];
	let wake = (): void => {};
	let gone = false;
	child.on('message', (message) => {
		waiting.push(message);
		wake();
	});
	child.on('exit', () => {
		gone = true;
		wake();
	});
	for (;;) {
		while (waiting.length > 0) yield [waiting.shift()];
		if (gone) return;
		await new Promise<void>((resolve) => {
			wake = resolve;
		});
	}
}
