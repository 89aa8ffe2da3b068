import type { Channel } from '../../core/channel';
import { isSignedByApp, verifyChallenge } from '../kit/meta/webhook';
import type { WhatsAppCredential } from './credential';
import { can, WHATSAPP } from './facts';
import { reach } from './people';
import { provider } from './provider';
import { send } from './send';
import { parse } from './webhook';

export const whatsapp: Channel<WhatsAppCredential> = {
	...WHATSAPP,
	can,
	provider,
	webhook: {
		handshake: (request, { verifyToken }) => verifyChallenge(request, verifyToken),
		isAuthentic: (request, { appSecret }) => isSignedByApp(request, [appSecret]),
		parse,
	},
	send,
	reach,
};
