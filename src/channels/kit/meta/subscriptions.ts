import { ConversationsError, type Failure } from '../../../core/failure';
import type { CallPorts, Registered, Registration } from '../../../core/provider';
import { objectsAt, textAt, type JsonObject } from '../json';
import { graph, graphOfApp, type MetaAccount, type MetaChannel } from './graph';

/**
 * Where Meta sends webhooks: one address for each object of an app, and the accounts that the app listens to.
 * Source: developers.facebook.com, Graph API: webhooks, subscriptions edge, and Messenger Platform: webhooks; read 2026-11-21.
 */
export interface MetaSubscription<C extends MetaAccount> {
	object: 'page' | 'instagram';
	/** Of the address. One name that is not known fails the whole call. */
	fields: readonly string[];
	/** Of the account: the first list is asked for, and the next when the token may not have that one. */
	accountFields(credential: C): readonly (readonly string[])[];
	/** Where the account's own subscription is, e.g. '/1234/subscribed_apps'. */
	accountPath(credential: C): string;
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
export function knowsApp({ appId, appSecret, verifyToken }: MetaAccount): boolean {
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
	const accountFields = async (ports: CallPorts<C>): Promise<string[] | undefined> => {
		const { credential } = ports;
		const apps = objectsAt(await graph(channel, ports, { method: 'GET', url: own.accountPath(credential) }), 'data');
		const ours = apps.find((app) => !own.listsAllApps(credential) || textAt(app, 'id') === credential.appId);
		const fields = ours?.['subscribed_fields'];
		return ours && (Array.isArray(fields) ? fields.filter((field) => typeof field === 'string') : []);
	};

	/** The list replaces the one before: what another credential of the same app asked for is kept. */
	const listen = async (ports: CallPorts<C>): Promise<void> => {
		const now = await accountFields(ports);
		const lists = own.accountFields(ports.credential);
		if (now && lists[0]?.every((field) => now.includes(field))) return;
		const ask = (fields: readonly string[]) =>
			graph(channel, ports, {
				method: 'POST',
				url: own.accountPath(ports.credential),
				query: { subscribed_fields: [...new Set([...(now ?? []), ...fields])].join(',') },
			});
		for (const [index, fields] of lists.entries()) {
			try {
				await ask(fields);
				return;
			} catch (error) {
				if (!isNotAllowed(error) || index === lists.length - 1) throw error;
			}
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
			if ((await accountFields(ports)) !== undefined) return { url, problem: null };
			// The app has an address, but nothing of this account is sent there: registering mends it.
			const problem = `The app does not listen to this ${channel.name} account, so nothing arrives; Meta ends that by itself when webhooks could not be delivered for an hour. Publish the workflow again to begin anew.`;
			return { url: null, problem };
		},

		async register({ url }, _account, ports) {
			const { credential } = ports;
			const form = { object: own.object, callback_url: url, verify_token: credential.verifyToken, fields: own.fields.join(',') };
			try {
				await graphOfApp(channel, ports, { method: 'POST', url: `/${credential.appId}/subscriptions`, ...base, body: { form } });
			} catch (error) {
				throw notVerified(error);
			}
			await listen(ports);
		},

		/**
		 * Ends the subscription of the account only. The app's address stays: other accounts of the app may use it, here or
		 * in another n8n, and Meta does not tell.
		 */
		async remove(_account, ports) {
			const shared = own.shares(ports.credential);
			if (shared.length > 0 && knowsApp(ports.credential)) {
				const listens = (await subscriptions(ports)).some((each) => shared.includes(textAt(each, 'object') ?? ''));
				if (listens) return;
			}
			await graph(channel, ports, { method: 'DELETE', url: own.accountPath(ports.credential) });
		},
	};
}

function isNotAllowed(error: unknown): boolean {
	return error instanceof ConversationsError && error.failure.code === 'configuration_invalid';
}

/** Meta calls the address before it takes it; what it then says has this code. From memory. */
const NOT_VERIFIED = '2200';

function notVerified(error: unknown): unknown {
	if (!(error instanceof ConversationsError) || error.failure.providerCode?.split('/')[0] !== NOT_VERIFIED) return error;
	const told: Failure = {
		...error.failure,
		code: 'configuration_invalid',
		retryable: false,
		reason:
			"Meta called this n8n's webhook address and did not get the expected answer. The address must be reachable from the internet by https with a valid certificate: check n8n's WEBHOOK_URL and the proxy before it.",
	};
	return new ConversationsError(told, [], { cause: error });
}
