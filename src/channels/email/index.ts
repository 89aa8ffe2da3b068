import type { Channel } from '../../core/channel';
import { addressOf } from './addresses';
import type { EmailCredential } from './credential';
import { can, EMAIL } from './facts';
import { provider } from './provider';
import { send } from './send';
import { isAuthentic, parse } from './webhook';

export const email: Channel<EmailCredential> = {
	...EMAIL,
	can,
	provider,
	webhook: { isAuthentic, parse },
	send,
	reach: ({ email: address }) => addressOf(address ?? ''),
};
