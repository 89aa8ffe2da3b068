import type { Channel } from '../../core/channel';
import type { LineCredential } from './credential';
import { can, LINE } from './facts';
import { provider } from './provider';
import { send } from './send';
import { isAuthentic, parse } from './webhook';

export const line: Channel<LineCredential> = {
	...LINE,
	can,
	provider,
	webhook: { isAuthentic, parse },
	send,
};
