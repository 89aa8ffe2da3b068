import type { Channel } from '../../core/channel';
import type { TikTokCredential } from './credential';
import { can, TIKTOK } from './facts';
import { provider } from './provider';
import { send } from './send';
import { handshake, isAuthentic } from './signature';
import { parse } from './webhook';

/** Direct messages of a TikTok business account, by the Business Messaging API. */
export const tiktok: Channel<TikTokCredential> = {
	...TIKTOK,
	can,
	provider,
	webhook: { handshake, isAuthentic, parse },
	send,
};
