import type { Channel } from '../../core/channel';
import type { ViberCredential } from './credential';
import { can, VIBER } from './facts';
import { provider } from './provider';
import { send } from './send';
import { isAuthentic, parse } from './webhook';

/** Viber bots, by the Chatbot REST API. */
export const viber: Channel<ViberCredential> = {
	...VIBER,
	can,
	provider,
	webhook: { isAuthentic, parse },
	send,
};
