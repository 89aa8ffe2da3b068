import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { answers } from '../../../demo/answers.mjs';
import { N8N_BIN, n8nEnv } from '../../../demo/n8n-env.mjs';
import { keepLog } from '../../../demo/n8n-log.mjs';
import { installPackage } from '../../../demo/package-link.mjs';
import { freePort } from '../../../demo/ports.mjs';
import { tail } from '../../../scripts/terminal.mjs';
import { until } from '../../until';

const START_LIMIT_MS = 120_000;
const POLL_MS = 200;
/** In n8n's own database: what is being published, and workflows with a trigger() that were not begun with since the start. */
const NOT_ACTIVATED = `
	SELECT (SELECT count(*) FROM workflow_publication_outbox WHERE status IN ('pending', 'in_progress'))
		+ (SELECT count(*) FROM workflow_publication_trigger_status AS trigger WHERE triggerKind = 'in-memory' AND NOT EXISTS (
			SELECT 1 FROM workflow_publication_outbox WHERE workflowId = trigger.workflowId AND createdAt >= :since)) AS n`;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface N8nSetup {
	/** Workflows as n8n exports them, each with a fixed `id`; imported into the empty home. */
	workflows?: WorkflowJson[];
	/** Ids of those that are active from the first start on; all of them unless given. */
	publish?: string[];
	/** Path that answers 200 once n8n is ready for the test, e.g. a chat page. Unless given: n8n's own readiness. */
	readyPath?: string;
	/** Settings of n8n for every start, e.g. N8N_CONCURRENCY_PRODUCTION_LIMIT. */
	env?: NodeJS.ProcessEnv;
}

export interface WorkflowJson {
	id: string;
	name: string;
	nodes: unknown[];
	connections: object;
	[more: string]: unknown;
}

/** A real n8n with the built package on a home and a port of its own. */
export class N8n {
	readonly home = mkdtempSync(join(tmpdir(), 'conversations-n8n-'));
	private readonly logFile = join(this.home, 'n8n.log');
	private child: ChildProcess | undefined;
	/** Of the last start, as n8n's database writes times. */
	private startedAt = '';
	/** Resolves when n8n has ended and all it printed is in the log. */
	private closed: Promise<void> = Promise.resolve();

	private constructor(
		readonly port: number,
		private readonly brokerPort: number,
		private readonly setup: N8nSetup,
	) {}

	/** Sets up an empty home, imports, publishes, starts and waits until it is ready. */
	static async start(setup: N8nSetup = {}): Promise<N8n> {
		const n8n = new N8n(await freePort(), await freePort(), setup);
		try {
			await n8n.setUp();
		} catch (error) {
			await n8n.remove();
			throw error;
		}
		return n8n;
	}

	/** An empty home with the package, not started: for tests that need its address before there are workflows. */
	static async prepare(setup: N8nSetup = {}): Promise<N8n> {
		const n8n = new N8n(await freePort(), await freePort(), setup);
		installPackage(n8n.home);
		return n8n;
	}

	private async setUp(): Promise<void> {
		const { workflows = [], publish = workflows.map((workflow) => workflow.id) } = this.setup;
		installPackage(this.home);
		this.import(workflows);
		for (const id of publish) this.cli('publish:workflow', `--id=${id}`);
		await this.start();
	}

	/** Without a slash at the end. */
	get url(): string {
		return `http://localhost:${this.port}`;
	}

	/** What n8n logged since its last start. */
	get log(): string {
		return readFileSync(this.logFile, 'utf8');
	}

	/** Process id of n8n, which leads a group with its task runner. */
	get pid(): number {
		if (this.child?.pid === undefined) throw new Error('n8n is not running.');
		return this.child.pid;
	}

	/** Imports workflows, inactive; those with a known id are replaced. A running n8n serves them after its next start. */
	import(workflows: WorkflowJson[]): void {
		for (const workflow of workflows) {
			const file = join(this.home, `import-${workflow.id}.json`);
			writeFileSync(file, JSON.stringify(workflow));
			this.cli('import:workflow', `--input=${file}`);
		}
	}

	/** Imports credentials with their fields as plain text; n8n encrypts them. */
	importCredentials(credentials: readonly { id: string; name: string; type: string; data: object }[]): void {
		const file = join(this.home, 'credentials.json');
		writeFileSync(file, JSON.stringify(credentials));
		this.cli('import:credentials', `--input=${file}`);
		rmSync(file);
	}

	/** Runs one of n8n's commands on this home and returns what it printed. */
	cli(...args: string[]): string {
		const { status, stdout, stderr } = spawnSync(process.execPath, [N8N_BIN, ...args], { env: this.env(), encoding: 'utf8' });
		if (status !== 0) throw new Error(`n8n ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
		return stdout;
	}

	/** Starts n8n on this home again, after `stop` or `kill`; `env` is for this start only. */
	async start(env: NodeJS.ProcessEnv = {}): Promise<void> {
		if (this.child) throw new Error('n8n is running already.');
		this.startedAt = new Date().toISOString().slice(0, -1).replace('T', ' ');
		const keep = keepLog(this.logFile, () => undefined);
		const child = spawn(process.execPath, [N8N_BIN, 'start'], {
			env: { ...this.env(), N8N_LOG_FORMAT: 'json', N8N_LOG_OUTPUT: 'console', ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
			// A group of its own, so that `kill` takes the task runner too.
			detached: true,
		});
		keep(child.stdout);
		keep(child.stderr);
		this.child = child;
		this.closed = new Promise((resolve) => child.once('close', () => resolve()));
		this.dieWithUs();
		await this.becomesReady();
	}

	/**
	 * Waits until n8n has activated what is published, with which it goes on after it is ready. What a crash cuts off in
	 * that n8n tries again only two minutes later (N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS).
	 */
	async hasActivated(): Promise<void> {
		const database = new DatabaseSync(join(this.home, '.n8n', 'database.sqlite'), { readOnly: true });
		const left = database.prepare(NOT_ACTIVATED);
		try {
			await until(() => left.get({ since: this.startedAt })?.['n'] === 0, START_LIMIT_MS);
		} finally {
			database.close();
		}
	}

	/** Ends n8n as an operator does (SIGTERM) and waits until it is gone. */
	async stop(): Promise<void> {
		await this.end('SIGTERM');
	}

	/** Ends n8n and its task runner at once (SIGKILL), as a crash does. */
	async kill(): Promise<void> {
		await this.end('SIGKILL');
	}

	async restart(env: NodeJS.ProcessEnv = {}): Promise<void> {
		await this.stop();
		await this.start(env);
	}

	/** For `afterAll`: ends n8n if it runs and removes its home. */
	async remove(): Promise<void> {
		if (this.child) await this.kill();
		rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
	}

	private env(): NodeJS.ProcessEnv {
		return n8nEnv({ home: this.home, port: this.port, brokerPort: this.brokerPort, base: { ...neutralEnv(), ...this.setup.env } });
	}

	/** In a group of its own n8n does not hear Ctrl-C, and would go on after a test run that was stopped. */
	private dieWithUs(): void {
		process.once('exit', this.killGroup);
		for (const signal of STOP_SIGNALS) process.once(signal, this.killGroupAndEnd);
	}

	private outlived(): void {
		process.off('exit', this.killGroup);
		for (const signal of STOP_SIGNALS) process.off(signal, this.killGroupAndEnd);
	}

	private readonly killGroup = (): void => {
		if (this.child?.pid !== undefined && isRunning(this.child)) process.kill(-this.child.pid, 'SIGKILL');
	};

	private readonly killGroupAndEnd = (signal: NodeJS.Signals): void => {
		this.killGroup();
		this.outlived();
		process.kill(process.pid, signal);
	};

	private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		const child = this.child;
		if (!child) return;
		if (isRunning(child)) process.kill(signal === 'SIGKILL' ? -this.pid : this.pid, signal);
		await this.closed;
		this.outlived();
		this.child = undefined;
	}

	private async becomesReady(): Promise<void> {
		const child = this.child;
		const deadline = Date.now() + START_LIMIT_MS;
		while (child && isRunning(child) && Date.now() < deadline) {
			if (await answers(`${this.url}${this.setup.readyPath ?? '/healthz/readiness'}`)) return;
			await wait(POLL_MS);
		}
		const end = child && isRunning(child) ? 'is not ready in time' : 'ended by itself';
		await this.kill();
		throw new Error(`n8n ${end}. The end of its log:\n${tail(this.logFile, 40)}`);
	}
}

/** The environment without what the developer set for an n8n of their own. */
function neutralEnv(): NodeJS.ProcessEnv {
	const settings = /^(N8N|DB|QUEUE|EXECUTIONS|WEBHOOK|GENERIC|CONVERSATIONS)_/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.test(name)));
}

function isRunning(child: ChildProcess): boolean {
	return child.exitCode === null && child.signalCode === null;
}
