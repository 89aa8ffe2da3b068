import { ownAddresses } from '../../src/n8n/own-addresses';

const RESUME = 'https://n8n.example.com/webhook-waiting/17/node-1?signature=abc';

test.each<[string, NodeJS.ProcessEnv, string, string[]]>([
	['its own port first, then the public address', {}, RESUME, ['http://127.0.0.1:5678/webhook-waiting/17/node-1?signature=abc', RESUME]],
	['the port and protocol that n8n is told', { N8N_PORT: '8443', N8N_PROTOCOL: 'https' }, RESUME, ['https://127.0.0.1:8443/webhook-waiting/17/node-1?signature=abc', RESUME]],
	['the address n8n listens on', { N8N_LISTEN_ADDRESS: '10.0.0.7' }, RESUME, ['http://10.0.0.7:5678/webhook-waiting/17/node-1?signature=abc', RESUME]],
	['an IPv6 address', { N8N_LISTEN_ADDRESS: '::1' }, RESUME, ['http://[::1]:5678/webhook-waiting/17/node-1?signature=abc', RESUME]],
	['all interfaces are no address to call', { N8N_LISTEN_ADDRESS: '::' }, RESUME, ['http://127.0.0.1:5678/webhook-waiting/17/node-1?signature=abc', RESUME]],
	['a folder that a proxy adds is not there inside', {}, 'https://example.com/n8n/webhook-waiting/17/n?signature=a', ['http://127.0.0.1:5678/webhook-waiting/17/n?signature=a', 'https://example.com/n8n/webhook-waiting/17/n?signature=a']],
	['another name of the endpoint', { N8N_ENDPOINT_WEBHOOK_WAIT: 'wait' }, 'https://example.com/wait/17/n?signature=a', ['http://127.0.0.1:5678/wait/17/n?signature=a', 'https://example.com/wait/17/n?signature=a']],
	['both the same: once', {}, 'http://127.0.0.1:5678/webhook-waiting/17/n?signature=a', ['http://127.0.0.1:5678/webhook-waiting/17/n?signature=a']],
])('%s', (_name, env, url, expected) => {
	expect(ownAddresses(url, env, 'waiting')).toEqual(expected);
});

test('the address of a test run', () => {
	const url = 'https://n8n.example.com/webhook-test/trigger-1/conversations/telegram';
	expect(ownAddresses(url, {}, 'test')).toEqual(['http://127.0.0.1:5678/webhook-test/trigger-1/conversations/telegram', url]);
});
