import type { ChannelEvent } from '../../core/channel';
import { personMark, readOwnId } from './message-id';
import type { Reading } from './reading';
import { lateFailure } from './refusals';

type About = Pick<ChannelEvent, 'key' | 'channel' | 'account' | 'at'>;

/**
 * What a report says of each recipient. A mail has failed when the contact did not get it; a copy that did not arrive
 * changes nothing. Who the contact is stands in the Message-ID of a mail with copies; without such a mark nobody else
 * got it, so that the recipient may have another name by now (a forwarded address).
 */
export function reportEvents({ report, about: externalId }: Extract<Reading, { kind: 'report' }>, account: string, about: (part: number) => About): ChannelEvent[] {
	const own = readOwnId(externalId, account);
	const receipt = { kind: 'receipt', externalId, ...(own && { messageId: own.messageId }) } as const;
	const events = report.recipients.map(({ address, action, status, diagnostic }, part): ChannelEvent => {
		if (own?.person && own.person !== personMark(address ?? '')) return { ...about(part), kind: 'ignored', why: 'a report about a copy of a mail' };
		switch (action.trim().toLowerCase()) {
			case 'failed':
				return { ...about(part), ...receipt, state: 'failed', failure: lateFailure({ status, diagnostic }) };
			case 'delivered':
				return { ...about(part), ...receipt, state: 'delivered' };
			case 'delayed':
				return { ...about(part), kind: 'ignored', why: 'a delay: the mail server tries on' };
			default:
				return { ...about(part), kind: 'ignored', why: 'a report that a mail was passed on' };
		}
	});
	return events.length > 0 ? events : [{ ...about(0), kind: 'ignored', why: 'a report of a mail server that names nobody' }];
}
