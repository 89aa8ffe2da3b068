import { chatServer, type ChatServer } from './server';

let server: ChatServer;
afterEach(() => server.close());

const page = async (options: Record<string, unknown> = {}) => {
	server = await chatServer({ options });
	const response = await fetch(server.base());
	return { response, html: await response.text() };
};
const policy = ({ headers }: Response) => headers.get('content-security-policy') ?? '';

test('the page runs its own files only and cannot be framed by strangers', async () => {
	const { response, html } = await page();
	expect(policy(response)).toBe(
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
	);
	expect(html).not.toMatch(/<script(?![^>]*(src=|type="application\/json"))|<style|style=| on\w+=/);
	expect(response.headers.get('cache-control')).toBe('no-store');
	expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test('allowed origins may frame it; what is no address is left out', async () => {
	const { response } = await page({
		webchatAllowedOrigins: "https://shop.example.com/some/page, www.example.org\nhttp://localhost:8080 javascript:alert(1) 'none'; script-src *",
	});
	expect(policy(response)).toContain(
		"frame-ancestors 'self' https://shop.example.com https://www.example.org http://localhost:8080",
	);
	expect(policy(response)).not.toMatch(/javascript|script-src \*/);
});

test('what the author typed is text, not code', async () => {
	const evil = '</script><script>alert("x")</script>';
	const { html } = await page({ webchatTitle: evil, webchatGreeting: evil, webchatColour: 'red;}' });
	expect(html).not.toContain('<script>alert');
	const config = JSON.parse(/id="chat-config">(.*?)<\/script>/.exec(html)?.[1] ?? '') as Record<string, unknown>;
	expect(config).toMatchObject({ title: evil, greeting: evil, colour: '#2f5bea', test: false });
});

test('the page is told that it is of a test run', async () => {
	server = await chatServer();
	expect(await (await fetch(server.base('test'))).text()).toContain('"test":true');
});

test('its files may be kept for ever under their version, and only so', async () => {
	const { html } = await page();
	const script = /src="(webchat\/page\.js\?v=\w+)"/.exec(html)?.[1] ?? '';
	const versioned = await fetch(new URL(script, server.base()));
	expect(versioned.status).toBe(200);
	expect(versioned.headers.get('cache-control')).toContain('immutable');
	const plain = await fetch(`${server.base()}/page.js`);
	expect(plain.headers.get('cache-control')).toBe('no-cache');
	expect((await fetch(`${server.base()}/page.css`)).headers.get('content-type')).toBe('text/css; charset=utf-8');
});

test('the launcher for other sites carries title and colour as data', async () => {
	server = await chatServer({ options: { webchatTitle: '</script>Bikes $& Co', webchatColour: '#123456' } });
	const response = await fetch(`${server.base()}/widget.js`);
	expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
	const code = await response.text();
	expect(code).toContain('{"title":"\\u003c/script>Bikes $& Co","colour":"#123456"}');
	expect(code).not.toContain('__CHAT_WIDGET_CONFIG__');
});

test('a trigger without the website chat answers 404 to all of it', async () => {
	server = await chatServer({ channels: [] });
	for (const path of ['', '/page.js', '/widget.js', '/events']) {
		expect((await fetch(server.base() + path)).status).toBe(404);
	}
	expect((await fetch(`${server.base()}/messages`, { method: 'POST' })).status).toBe(404);
});

test('its address with a slash at the end leads to the page', async () => {
	server = await chatServer();
	const response = await fetch(`${server.base()}/?embed=1`);
	expect([response.url, response.status]).toEqual([`${server.base()}?embed=1`, 200]);
});
