import type { FailureRow } from '../kit/call';
import type { MetaChannel } from '../kit/meta/graph';
import { metaFailures } from '../kit/meta/messaging-failures';

/** Provider code to failure; the rows that Instagram has too are in the kit. */
export const FAILURES: readonly FailureRow[] = metaFailures({
	name: 'Messenger',
	tokenFrom: "under 'Messenger' > 'Messenger API Settings' > 'Generate access tokens' of the app",
	permissions: "'pages_messaging' and 'pages_manage_metadata'",
	accountField: "'Page ID'",
	afterWindow: "Send an approved template, let a person answer within 7 days (that needs the feature 'Human Agent'), or wait until the contact writes.",
});

export const CHANNEL: MetaChannel = { id: 'messenger', name: 'Messenger', failures: FAILURES };

/** Meta has one code for all that it finds wrong with a template message. */
export const TEMPLATE_REFUSED: FailureRow = {
	code: '100',
	when: 'to a template',
	is: 'configuration_invalid',
	reason: "Messenger does not take the template: it is not approved in this language, or its values do not fit. Choose it again on the node; 'providerMessage' says more.",
};

/** For template messages. */
export const OF_TEMPLATES: MetaChannel = {
	...CHANNEL,
	failures: FAILURES.map((row) => (row.code === TEMPLATE_REFUSED.code && row.subcode === undefined ? TEMPLATE_REFUSED : row)),
};
