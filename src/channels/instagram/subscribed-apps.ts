import type { CallPorts } from '../../core/provider';
import { textAt } from '../kit/json';
import { isAbsent } from '../kit/meta/account';
import { graph } from '../kit/meta/graph';
import type { InstagramCredential } from './credential';
import { CHANNEL } from './failures';

/** Where the account's webhooks are switched on; for one linked to a Page this is the Page, by its id. @throws ConversationsError */
export async function subscribedApps(ports: CallPorts<InstagramCredential>): Promise<string> {
	const { loginType, accountId } = ports.credential;
	return `/${loginType === 'instagram' ? accountId : await pageId(ports)}/subscribed_apps`;
}

/** Whose token it is; where that is not told, 'me' stands for it. */
async function pageId(ports: CallPorts<InstagramCredential>): Promise<string> {
	try {
		return textAt(await graph(CHANNEL, ports, { method: 'GET', url: '/me', query: { fields: 'id' } }), 'id') ?? 'me';
	} catch (error) {
		if (isAbsent(error)) return 'me';
		throw error;
	}
}
