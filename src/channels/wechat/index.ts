import type { Channel } from '../../core/channel';
import type { WeChatCredential } from './credential';
import { can, WECHAT } from './facts';
import { provider } from './provider';
import { send } from './send';
import { answer, handshake, isAuthentic, parse } from './webhook';

/** WeChat official accounts, by customer service messages. */
export const wechat: Channel<WeChatCredential> = {
	...WECHAT,
	can,
	provider,
	webhook: { answer, handshake, isAuthentic, parse },
	send,
};
