import type { Channel } from '../../core/channel';
import type { CustomCredential } from './credential';
import { can, CUSTOM, WEBHOOK_PATHS } from './facts';
import { provider } from './provider';
import { send } from './send';
import { answer, isAuthentic, parse } from './webhook';

/** Any messenger, by an integration server that speaks the protocol of respond.io's custom channel. */
export const custom: Channel<CustomCredential> = {
	...CUSTOM,
	can,
	provider,
	webhook: { paths: WEBHOOK_PATHS, answer, isAuthentic, parse },
	send,
};
