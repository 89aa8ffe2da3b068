/**
 * Where to post to continue an execution: this process's own port, then the public address as n8n gave it.
 * `resumeUrl`: n8n's `…/webhook-waiting/<execution id>/<node id>?signature=…`.
 */
export function resumeAddresses(resumeUrl: string, env: NodeJS.ProcessEnv): string[] {
	const publicUrl = new URL(resumeUrl);
	const endpoint = `/${env['N8N_ENDPOINT_WEBHOOK_WAIT'] ?? 'webhook-waiting'}/`;
	const start = publicUrl.pathname.indexOf(endpoint);
	const own = new URL(`${env['N8N_PROTOCOL'] ?? 'http'}://localhost`);
	own.hostname = ownHost(env['N8N_LISTEN_ADDRESS']);
	own.port = env['N8N_PORT'] ?? '5678';
	own.pathname = start >= 0 ? publicUrl.pathname.slice(start) : publicUrl.pathname;
	own.search = publicUrl.search;
	return [...new Set([own.href, publicUrl.href])];
}

/** An address of all interfaces is no address to call. */
function ownHost(listenAddress: string | undefined): string {
	if (!listenAddress || ['::', '0.0.0.0'].includes(listenAddress)) return '127.0.0.1';
	return listenAddress.includes(':') ? `[${listenAddress}]` : listenAddress;
}
