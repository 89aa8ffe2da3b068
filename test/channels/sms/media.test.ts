import { once } from 'node:events';
import { Agent } from 'node:http';
import { Agent as HttpsAgent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { provider } from '../../../src/channels/sms/provider';
import { ConversationsError } from '../../../src/core/failure';
import { AnswerTooLarge } from '../../../src/core/http';
import { httpFor } from '../../../src/n8n/calls/http';
import { CERTIFICATE, PRIVATE_KEY } from '../../fakes/certificate';
import { callPorts } from '../../fakes/ports';
import type { Seen } from '../../fakes/server';
import { fakeSms, type FakeSms } from '../../fakes/sms';

let fake: FakeSms;
beforeEach(async () => {
	fake = await fakeSms();
});
afterEach(() => fake.close());

const ports = () => callPorts(provider, fake.fields);
const failureOf = async (work: Promise<unknown>) => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error.failure;
};

describe('a file of a received message', () => {
	const photo = Buffer.from([0xff, 0xd8, 0xff]);
	const fetchFile = (name: string, maxBytes = 1000, asking = ports()) => {
		if (!provider.fetchMedia) throw new Error('no fetchMedia');
		return provider.fetchMedia({ url: fake.mediaUrl(name) }, maxBytes, asking);
	};
	const secretOf = ({ headers }: Seen) => headers['authorization'];

	test('is asked for with the secret', async () => {
		fake.files.set('ME1', { bytes: photo, mime: 'image/jpeg' });
		const { bytes, mime, name } = await fetchFile('ME1');
		expect(Buffer.from(bytes)).toEqual(photo);
		expect({ mime, name }).toEqual({ mime: 'image/jpeg', name: null });
		expect(fake.server.requests.map(secretOf)).toEqual([expect.stringMatching(/^Basic /)]);
	});

	describe('that stands elsewhere', () => {
		let store: Server;
		let seen: { path: string | undefined; authorization: string | undefined }[];
		beforeEach(async () => {
			seen = [];
			store = createServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (req, res) => {
				seen.push({ path: req.url, authorization: req.headers.authorization });
				res.writeHead(200, { 'content-type': 'image/png' }).end('bytes');
			});
			store.listen(0, '127.0.0.1');
			await once(store, 'listening');
		});
		afterEach(async () => {
			store.closeAllConnections();
			store.close();
			await once(store, 'close');
		});

		test('is fetched there without the secret', async () => {
			const location = `https://127.0.0.1:${(store.address() as AddressInfo).port}/bucket/ME2?signature=1`;
			fake.files.set('ME2', { bytes: photo, mime: 'image/jpeg', store: location });
			const foreign = new HttpsAgent({ ca: CERTIFICATE });
			const { credential } = ports();
			const http = httpFor(provider, credential, { known: () => new Agent(), foreign: () => foreign });
			const { bytes, mime } = await fetchFile('ME2', 1000, { ...ports(), http });
			expect([Buffer.from(bytes).toString(), mime]).toEqual(['bytes', 'image/png']);
			expect(fake.server.requests.map(secretOf)).toEqual([expect.stringMatching(/^Basic /)]);
			expect(seen).toEqual([{ path: '/bucket/ME2?signature=1', authorization: undefined }]);
		});
	});

	test('may not be larger than asked for', async () => {
		fake.files.set('ME3', { bytes: Buffer.alloc(1001), mime: 'image/jpeg' });
		await expect(fetchFile('ME3')).rejects.toThrow(AnswerTooLarge);
	});

	test.each([404, 403, 410])('that is gone (%i) is given up', async (status) => {
		fake.server.next(/Media/, { status });
		expect(await failureOf(fetchFile('ME4'))).toMatchObject({ code: 'rejected', retryable: false, providerCode: String(status) });
	});

	test('may be asked for again when Twilio has trouble', async () => {
		fake.server.next(/Media/, { status: 503 }, 'hang up', { status: 429 });
		for (const code of ['provider_unavailable', 'provider_unavailable', 'rate_limited']) expect(await failureOf(fetchFile('ME5'))).toMatchObject({ code, retryable: true });
	});

	test('is not given for a wrong token', async () => {
		expect(await failureOf(fetchFile('ME6', 1000, callPorts(provider, fake.wrongFields)))).toMatchObject({ code: 'credential_invalid' });
	});
});
