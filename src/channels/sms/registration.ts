import type { Registration } from '../../core/provider';
import type { FailureRow } from '../kit/call';
import { updateResource } from './api';
import { senderOf, type SmsCredential } from './credential';
import { SMS } from './facts';
import { misconfigured } from './failures';
import { entryOf } from './sender';

/** How our addresses end. Another program's are left in peace. */
const OURS = /\/conversations\/sms$/;

const ADDRESS_REFUSED: FailureRow = {
	status: 400,
	is: 'configuration_invalid',
	reason: "Twilio does not take n8n's address for incoming messages; 'providerMessage' says why. It must be a public https address, its host name without underscores: check n8n's WEBHOOK_URL.",
};

export const registration: Registration<SmsCredential> = {
	key: (credential) => `${SMS.id}/${credential.accountSid}/${senderOf(credential).id}`,

	byHand(credential) {
		const { kind, id } = senderOf(credential);
		if (kind !== 'name') return null;
		return `Nobody can answer '${id}': a name sends, but cannot receive. There is nothing to set up at Twilio. To get answers, enter a number in 'From' of the credential.`;
	},

	async current(_account, ports) {
		const entry = await entryOf(ports);
		return { url: entry?.url ?? null, problem: entry?.obstacle ?? entry?.problem ?? null };
	},

	/** Stops for what has to be changed at Twilio first. What setting the address puts right is no reason to. */
	async register({ url }, _account, ports) {
		const entry = await entryOf(ports);
		if (!entry) return;
		const obstacle = entry.cannotSend ?? entry.obstacle;
		if (obstacle !== null) throw misconfigured(obstacle);
		await updateResource(ports, entry.resource, entry.form(url), [ADDRESS_REFUSED]);
	},

	async remove(_account, ports) {
		const entry = await entryOf(ports);
		if (entry?.url && OURS.test(entry.url)) await updateResource(ports, entry.resource, entry.form(''));
	},
};
