import type { Channel } from '../../core/channel';
import { can } from './facts';
import { parse, visitorOf, type WebchatSecrets } from './webhook';

/** The chat on a business's own site. Its "provider" is our store: what is stored as sent is what the page shows. */
export const webchat: Channel<WebchatSecrets> = {
	id: 'webchat',
	name: 'Website Chat',
	can,
	webhook: {
		isAuthentic: (request, secrets, account) => visitorOf(request, secrets, account) !== null,
		parse,
	},
	send: (_content, _to, _ports, { messageId }) => Promise.resolve([messageId]),
};
