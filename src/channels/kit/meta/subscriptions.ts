import { ConversationsError, type Failure } from '../../../core/failure';
import type { CallPorts, Registered, Registration } from '../../../core/provider';
import { objectsAt, textAt, type JsonObject } from '../json';
import { isAbsent } from './account';
import { appToken, graph, graphOfApp, type MetaAccount, type MetaChannel } from './graph';
import { isAboutToken } from './refusal';

/**
 * Where Meta sends webhooks: one address for each object of an app, and the accounts that the app listens to.
 * Source: developers.facebook.com, Graph API: webhooks, subscriptions edge, and Messenger Platform: webhooks; read 2026-11-21.
 */
export interface MetaSubscription<C extends MetaAccount> {
	object: 'page' | 'instagram';
	/** Of the address. One name that is not known fails the whole call: then the next list is asked for. */
	fields(credential: C): readonly (readonly string[])[];
	/** Of the account: the first list is asked for, and the next when that one is not known or the token may not have it. */
	accountFields(credential: C): readonly (readonly string[])[];
	/** Where the account's own subscription is, e.g. '/1234/subscribed_apps'. @throws ConversationsError */
	accountPath(ports: CallPorts<C>): Promise<string>;
	/** Whether the account's list names other apps too, so that ours must be looked for by its id. */
	listsAllApps(credential: C): boolean;
	/** The base URL for calls about the app, when it is another one. */
	appBase?: string;
	/** The objects that one subscription of the account serves: as long as the app listens to another one, it stays. */
	shares(credential: C): readonly string[];
	/** What to click, after what is empty has been filled in. */
	clicks(credential: C, url: string): string;
}

/** Whether the app can be asked about: without its secret nothing is accepted either. */
function knowsApp({ appId, appSecret, verifyToken }: MetaAccount): boolean {
	return appId !== '' && appSecret !== '' && verifyToken !== '';
}

function emptyFields({ appId, appSecret, verifyToken }: MetaAccount): string {
	const fields = { 'App ID': appId, 'App Secret': appSecret, 'Verify Token': verifyToken };
	return Object.entries(fields).flatMap(([label, value]) => (value === '' ? [`'${label}'`] : [])).join(', ');
}

export function metaRegistration<C extends MetaAccount>(channel: MetaChannel, own: MetaSubscription<C>): Registration<C> {
	const base = own.appBase === undefined ? {} : { base: own.appBase };

	const subscriptions = async (ports: CallPorts<C>): Promise<JsonObject[]> => {
		const { appId } = ports.credential;
		return objectsAt(await graphOfApp(channel, ports, { method: 'GET', url: `/${appId}/subscriptions`, ...base }), 'data');
	};

	/** What the account's subscription asks for now; undefined: there is none. */
	const accountFields = async (ports: CallPorts<C>, url: string): Promise<string[] | undefined> => {
		const { credential } = ports;
		const apps = objectsAt(await graph(channel, ports, { method: 'GET', url }), 'data');
		const ours = apps.find((app) => !own.listsAllApps(credential) || textAt(app, 'id') === credential.appId);
		const fields = ours?.['subscribed_fields'];
		return ours && (Array.isArray(fields) ? fields.filter((field) => typeof field === 'string') : []);
	};

	/** The list replaces the one before: what another credential of the same app asked for is kept. */
	const listen = async (ports: CallPorts<C>): Promise<void> => {
		const url = await own.accountPath(ports);
		const now = await accountFields(ports, url).catch(unlessUnlisted);
		const lists = own.accountFields(ports.credential);
		if (now && lists[0]?.every((field) => now.includes(field))) return;
		await firstTaken(lists, (fields) =>
			graph(channel, ports, { method: 'POST', url, query: { subscribed_fields: [...new Set([...(now ?? []), ...fields])].join(',') } }),
		);
	};

	/** The token stands in the form, as Meta documents it, as well as in the header. */
	const point = async (ports: CallPorts<C>, url: string): Promise<void> => {
		const { credential } = ports;
		const about = { object: own.object, callback_url: url, verify_token: credential.verifyToken, access_token: appToken(credential) };
		await firstTaken(own.fields(credential), async (fields) => {
			const form = { ...about, fields: fields.join(',') };
			try {
				await graphOfApp(channel, ports, { method: 'POST', url: `/${credential.appId}/subscriptions`, ...base, body: { form } });
			} catch (error) {
				throw notVerified(error);
			}
		});
	};

	/** Whether the app listens to the account; so it is taken for granted where Meta does not tell. */
	const listens = async (ports: CallPorts<C>): Promise<boolean> => {
		try {
			return (await accountFields(ports, await own.accountPath(ports))) !== undefined;
		} catch (error) {
			if (isAbsent(error)) return true;
			throw error;
		}
	};

	return {
		// One app has one address for each object, whatever the number of its accounts.
		key: ({ appId }, account) => `${channel.id}/${appId === '' ? account : appId}`,

		byHand(credential, url) {
			if (knowsApp(credential)) return null;
			return `Meta can't be told the address while these fields of the credential are empty: ${emptyFields(credential)}. Fill them in and publish the workflow again; without 'App Secret' and 'Verify Token' nothing is received. To set the address by hand, ${own.clicks(credential, url)}`;
		},

		async current(_account, ports): Promise<Registered> {
			const ours = (await subscriptions(ports)).find((each) => textAt(each, 'object') === own.object);
			const url = textAt(ours, 'callback_url') ?? null;
			if (url === null) return { url, problem: null };
			if (ours?.['active'] === false) {
				return { url: null, problem: `Meta has switched off the webhooks of the app for ${channel.name}. Publish the workflow again to switch them on.` };
			}
			if (await listens(ports)) return { url, problem: null };
			// The app has an address, but nothing of this account is sent there: registering mends it.
			const problem = `The app does not listen to this ${channel.name} account, so nothing arrives; Meta ends that by itself when webhooks could not be delivered for an hour. Publish the workflow again to begin anew.`;
			return { url: null, problem };
		},

		async register({ url }, _account, ports) {
			await point(ports, url);
			await listen(ports);
		},

		/**
		 * Ends the subscription of the account only. The app's address stays: other accounts of the app may use it, here or
		 * in another n8n, and Meta does not tell.
		 */
		async remove(_account, ports) {
			const shared = own.shares(ports.credential);
			if (shared.length > 0 && knowsApp(ports.credential)) {
				const listed = (await subscriptions(ports).catch(unlessUnlisted)) ?? [];
				if (listed.some((each) => shared.includes(textAt(each, 'object') ?? ''))) return;
			}
			await graph(channel, ports, { method: 'DELETE', url: await own.accountPath(ports) });
		},
	};
}

/** A gateway that does not list what there is does not keep it from being changed. */
function unlessUnlisted(error: unknown): undefined {
	if (!isAbsent(error)) throw error;
}

/** Asks for one list after the other until one is taken. @throws ConversationsError of the last. */
async function firstTaken(lists: readonly (readonly string[])[], ask: (fields: readonly string[]) => Promise<unknown>): Promise<void> {
	for (const [index, fields] of lists.entries()) {
		try {
			await ask(fields);
			return;
		} catch (error) {
			if (!isAboutFields(error) || index === lists.length - 1) throw error;
		}
	}
}

/** A field that is not known, or that the token may not have. */
function isAboutFields(error: unknown): boolean {
	if (!(error instanceof ConversationsError)) return false;
	const { code, providerCode } = error.failure;
	if (isNotVerified(error) || isAboutToken(error.failure)) return false;
	return code === 'configuration_invalid' || code === 'credential_invalid' || providerCode === '100';
}

/** Meta calls the address before it takes it; what it then says has this code, or speaks of the callback. From memory. */
const NOT_VERIFIED = '2200';
const OF_CALLBACK = /callback (verification|url|uri)|callback_ur[il]/i;

function isNotVerified({ failure: { providerCode, providerMessage } }: ConversationsError): boolean {
	return providerCode?.split('/')[0] === NOT_VERIFIED || OF_CALLBACK.test(providerMessage ?? '');
}

function notVerified(error: unknown): unknown {
	if (!(error instanceof ConversationsError) || !isNotVerified(error)) return error;
	const told: Failure = {
		...error.failure,
		code: 'configuration_invalid',
		retryable: false,
		reason:
			"Meta called this n8n's webhook address and did not get the expected answer. The address must be reachable from the internet by https with a valid certificate: check n8n's WEBHOOK_URL and the proxy before it.",
	};
	return new ConversationsError(told, [], { cause: error });
}
