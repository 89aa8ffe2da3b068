import { homedir } from 'node:os';
import { storeLocation } from '../../src/n8n/store-location';

test.each<[string, NodeJS.ProcessEnv, string]>([
	["beside n8n's data", { N8N_USER_FOLDER: '/data' }, '/data/.n8n/conversations.sqlite'],
	['in the home folder without a setting', {}, `${homedir()}/.n8n/conversations.sqlite`],
	['where it is told', { CONVERSATIONS_DATABASE_URL: 'sqlite:/srv/c.sqlite', N8N_USER_FOLDER: '/data' }, '/srv/c.sqlite'],
	['an empty setting counts as none', { CONVERSATIONS_DATABASE_URL: '', N8N_USER_FOLDER: '/data' }, '/data/.n8n/conversations.sqlite'],
])('%s', (_name, env, file) => {
	expect(storeLocation(env)).toEqual({ kind: 'sqlite', file });
});

test.each<[string, NodeJS.ProcessEnv, RegExp]>([
	['queue mode', { EXECUTIONS_MODE: 'queue' }, /queue mode.*Run n8n in regular mode/],
	['queue mode with a file of its own', { EXECUTIONS_MODE: 'queue', CONVERSATIONS_DATABASE_URL: 'sqlite:/srv/secret.sqlite' }, /queue mode/],
	['another kind of address', { CONVERSATIONS_DATABASE_URL: 'mysql://u:secret@host/db' }, /must be 'sqlite:' and a file path/],
])('%s is refused with the way out, and without what was typed', (_name, env, sentence) => {
	expect(() => storeLocation(env)).toThrow(sentence);
	expect(() => storeLocation(env)).not.toThrow(/secret/);
});
