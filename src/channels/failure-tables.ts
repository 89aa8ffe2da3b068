import type { ChannelId } from '../core/channel';
import { FAILURES as CUSTOM } from './custom/failures';
import type { MailFailureRow } from './email/failure-row';
import { FAILURES as EMAIL } from './email/failures';
import { FAILURES as INSTAGRAM } from './instagram/failures';
import type { FailureRow } from './kit/call';
import { FAILURES as LINE, OTHER_FAILURES as LINE_OTHERS } from './line/failures';
import { FAILURES as MESSENGER, TEMPLATE_REFUSED } from './messenger/failures';
import { FAILURES as SMS, LATE_UNKNOWN } from './sms/failures';
import { FAILURES as TELEGRAM } from './telegram/failures';
import { APP_FAILURES, FAILURES as TIKTOK, MEDIA_FAILURES, OWNER_FAILURES, RENEWAL_FAILURES } from './tiktok/failures';
import { FAILURES as VIBER } from './viber/failures';
import { FAILURES as WECHAT } from './wechat/failures';
import { APP_FAILURES as WHATSAPP_APP, FAILURES as WHATSAPP, UNDELIVERED } from './whatsapp/failures';

export interface FailureTables {
	/** Who refuses, as it begins a sentence; empty: nobody. */
	by: string;
	/** Of messages: refused at once, or told later. */
	messages?: readonly FailureRow[];
	/** The same of mail servers. */
	mails?: readonly MailFailureRow[];
	/** Of calls that send nothing, e.g. the test of a credential. */
	others?: readonly FailureRow[];
}

/** Every channel's refusals, for docs/failures.md and tests. One that is missing does not compile. */
export const failureTables: Record<ChannelId, FailureTables> = {
	webchat: { by: '' },
	telegram: { by: 'Telegram', messages: TELEGRAM },
	whatsapp: { by: 'Meta', messages: [...WHATSAPP, UNDELIVERED], others: WHATSAPP_APP },
	messenger: { by: 'Meta', messages: [...MESSENGER, TEMPLATE_REFUSED] },
	instagram: { by: 'Meta', messages: INSTAGRAM },
	line: { by: 'LINE', messages: LINE, others: LINE_OTHERS },
	viber: { by: 'Viber', messages: VIBER },
	sms: { by: 'Twilio', messages: [...SMS, LATE_UNKNOWN] },
	email: { by: 'The mail server', mails: EMAIL },
	wechat: { by: 'WeChat', messages: WECHAT },
	tiktok: { by: 'TikTok', messages: TIKTOK, others: [...RENEWAL_FAILURES, ...OWNER_FAILURES, ...MEDIA_FAILURES, ...APP_FAILURES] },
	custom: { by: 'The server', messages: CUSTOM },
};
