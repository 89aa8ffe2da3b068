import { join } from 'node:path';
import { DEMO } from '../scripts/install.mjs';

/** n8n's command line. */
export const N8N_BIN = join(DEMO, 'node_modules', 'n8n', 'bin', 'n8n');

/** Known to everybody: an n8n with this login listens on this machine only. */
export const OWNER = { email: 'demo@example.com', password: 'Demo12345' };
/** bcrypt of the password above. */
const OWNER_PASSWORD_HASH = '$2a$10$cS2z3kSP6/hDkcfxTfwiouCjyc3Cf00RHkN0/.MoCJ1nyWCuu3ysG';

/** n8n calls nobody outside: no usage data, no licence, no template and version look-ups, no registry of its own. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_COMMUNITY_PACKAGES_ENABLED: 'false',
	N8N_PYTHON_ENABLED: 'false',
	N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,agents,chat-hub,instance-version-history',
};

const DEFAULTS = {
	...QUIET,
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	/** Cookies over http://localhost. */
	N8N_SECURE_COOKIE: 'false',
	/** Answers webhooks about twenty times as fast. */
	N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
};

/**
 * Environment of an n8n of our own. What the user sets in theirs wins over the defaults, not over what keeps this n8n
 * apart from others on the machine: its home, ports and owner.
 * @param {{ home: string, port: number, brokerPort: number, base: NodeJS.ProcessEnv }} n8n `base`: the environment to
 * start from; `brokerPort`: where n8n talks to its own task runner
 * @returns {NodeJS.ProcessEnv}
 */
export function n8nEnv({ home, port, brokerPort, base }) {
	return {
		...DEFAULTS,
		...base,
		// Also when we are started by a test, which has 'test' here.
		NODE_ENV: 'production',
		N8N_USER_FOLDER: home,
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
		N8N_INSTANCE_OWNER_EMAIL: OWNER.email,
		N8N_INSTANCE_OWNER_FIRST_NAME: 'Demo',
		N8N_INSTANCE_OWNER_LAST_NAME: 'User',
		N8N_INSTANCE_OWNER_PASSWORD_HASH: OWNER_PASSWORD_HASH,
	};
}
