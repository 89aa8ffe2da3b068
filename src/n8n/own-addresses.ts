/** n8n's settings for the first part of an address, with what it is unless set. */
const ENDPOINTS = {
	waiting: ['N8N_ENDPOINT_WEBHOOK_WAIT', 'webhook-waiting'],
	test: ['N8N_ENDPOINT_WEBHOOK_TEST', 'webhook-test'],
} as const;

/**
 * Where to post to one of n8n's own addresses: this process's own port first, then the public address as n8n gave it,
 * which often cannot be reached from inside. `publicUrl`: e.g. `…/webhook-waiting/<execution id>/<node id>?signature=…`.
 */
export function ownAddresses(publicUrl: string, env: NodeJS.ProcessEnv, kind: keyof typeof ENDPOINTS): string[] {
	const given = new URL(publicUrl);
	const [setting, usual] = ENDPOINTS[kind];
	const start = given.pathname.indexOf(`/${env[setting] ?? usual}/`);
	const own = new URL(`${env['N8N_PROTOCOL'] ?? 'http'}://localhost`);
	own.hostname = ownHost(env['N8N_LISTEN_ADDRESS']);
	own.port = env['N8N_PORT'] ?? '5678';
	own.pathname = start >= 0 ? given.pathname.slice(start) : given.pathname;
	own.search = given.search;
	return [...new Set([own.href, given.href])];
}

/** An address of all interfaces is no address to call. */
function ownHost(listenAddress: string | undefined): string {
	if (!listenAddress || ['::', '0.0.0.0'].includes(listenAddress)) return '127.0.0.1';
	return listenAddress.includes(':') ? `[${listenAddress}]` : listenAddress;
}
