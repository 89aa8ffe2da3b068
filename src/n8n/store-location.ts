import { homedir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../core/failure';

/** Where the store is, from the environment: `sqlite:<path>`, else beside n8n's own data. */
export function storeLocation(env: NodeJS.ProcessEnv): { kind: 'sqlite'; file: string } {
	if (env['EXECUTIONS_MODE'] === 'queue') {
		throw new InputError(
			'EXECUTIONS_MODE',
			'n8n runs in queue mode (EXECUTIONS_MODE=queue), in several processes that share no file, and this version of Conversations keeps its data in one. Run n8n in regular mode to use it.',
		);
	}
	const configured = env['CONVERSATIONS_DATABASE_URL'];
	if (configured === undefined || configured === '') {
		return { kind: 'sqlite', file: join(env['N8N_USER_FOLDER'] ?? homedir(), '.n8n', 'conversations.sqlite') };
	}
	if (configured.startsWith('sqlite:')) return { kind: 'sqlite', file: configured.slice('sqlite:'.length) };
	throw new InputError(
		'CONVERSATIONS_DATABASE_URL',
		"The environment variable CONVERSATIONS_DATABASE_URL must be 'sqlite:' and a file path, e.g. sqlite:/home/node/.n8n/conversations.sqlite. Unset it to keep the data beside n8n's own.",
	);
}
