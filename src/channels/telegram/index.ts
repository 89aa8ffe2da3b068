import type { Channel } from '../../core/channel';
import type { TelegramCredential } from './credential';
import { can, TELEGRAM } from './facts';
import { provider } from './provider';
import { send } from './send';
import { isAuthentic, parse } from './webhook';

/** Private chats with a bot. */
export const telegram: Channel<TelegramCredential> = {
	id: 'telegram',
	name: TELEGRAM.name,
	can,
	provider,
	webhook: { isAuthentic, parse },
	send,
};
