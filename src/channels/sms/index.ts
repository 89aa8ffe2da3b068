import type { Channel } from '../../core/channel';
import { isNumber, type SmsCredential } from './credential';
import { can, SMS } from './facts';
import { provider } from './provider';
import { segmentsOf } from './segments';
import { send } from './send';
import { isAuthentic } from './signature';
import { answer, parse } from './webhook';

/** SMS and MMS, through Twilio's Programmable Messaging. */
export const sms: Channel<SmsCredential> = {
	...SMS,
	can,
	provider,
	webhook: { paths: ['status'], answer, isAuthentic, parse },
	send,
	reach: ({ phone }) => (phone !== null && isNumber(phone) ? phone : null),
	/** An MMS is one message, whatever it holds. */
	measure(content) {
		if (content.kind !== 'text') return {};
		const { encoding, segments } = segmentsOf(content.text);
		return { segments: segments.length, encoding };
	},
};
