import type { FailureCode } from '../../src/core/failure';
import type { GraphError } from './meta-messaging';

export interface MetaRefusal extends GraphError {
	is: FailureCode;
	/** What the sentence must speak of. */
	says: RegExp;
}

const each = (codes: readonly number[], is: FailureCode, says: RegExp, more: Partial<GraphError> = {}): MetaRefusal[] =>
	codes.map((code) => ({ code, is, says, ...more }));
const sub = (code: number, subcodes: readonly number[], is: FailureCode, says: RegExp, more: Partial<GraphError> = {}): MetaRefusal[] =>
	subcodes.map((subcode) => ({ code, subcode, is, says, ...more }));

/** The codes that Meta documents for the Send API of Messenger and Instagram, and those of every Graph call. */
export const META_REFUSALS: readonly MetaRefusal[] = [
	...sub(10, [2018278, 2018065], 'window_closed', /too long ago/),
	...sub(10, [2534022], 'window_closed', /too long ago/, { status: 403, type: 'IGApiException' }),
	...each([1545041], 'window_closed', /too long ago/),

	...sub(190, [458], 'credential_invalid', /removed the app/, { status: 401 }),
	...sub(190, [459], 'credential_invalid', /log in on facebook\.com/, { status: 401 }),
	...sub(190, [460], 'credential_invalid', /password/, { status: 401 }),
	...sub(190, [463], 'credential_invalid', /expired/, { status: 401 }),
	...sub(190, [464], 'credential_invalid', /not confirmed/, { status: 401 }),
	...sub(190, [467], 'credential_invalid', /no longer valid/, { status: 401 }),
	...sub(190, [492], 'credential_invalid', /role/, { status: 401 }),
	...each([190], 'credential_invalid', /does not know the access token/, { status: 401 }),
	...each([102], 'credential_invalid', /session/),

	...sub(10, [2018108], 'recipient_unreachable', /blocked/),
	...sub(200, [1545041], 'recipient_unreachable', /blocked/),
	...each([551], 'recipient_unreachable', /blocked/),
	...sub(551, [1545041], 'recipient_unreachable', /blocked/),
	...sub(100, [2018001, 2534014], 'recipient_unreachable', /knows nobody by this id/),

	...sub(10, [1893063], 'configuration_invalid', /restricted/),
	...each([368, 2022], 'configuration_invalid', /restricted/),
	...sub(100, [2534029], 'configuration_invalid', /restricted/),

	...sub(200, [2018028], 'configuration_invalid', /Advanced Access/, { status: 403 }),
	...sub(200, [2534041], 'configuration_invalid', /Allow access to messages/, { status: 403 }),
	...sub(10, [2534077], 'configuration_invalid', /two-factor/),
	...sub(100, [2534013], 'configuration_invalid', /no Instagram professional account/),
	...sub(100, [33], 'configuration_invalid', /does not find the account/),
	...each([3, 10, 200, 210, 230, 299], 'credential_invalid', /permission/, { status: 403 }),
	...sub(10, [1234567], 'credential_invalid', /permission/, { status: 403 }),

	...sub(100, [2018008, 2018047, 2018074, 2018109, 2018294, 2534015], 'content_unsupported', /file/),
	...sub(100, [2534025], 'recipient_unreachable', /comment/),
	...sub(100, [2534037, 2018300, 2018321], 'configuration_invalid', /Another app/),
	...each([100], 'content_unsupported', /does not accept something/),
	...each([9000001], 'content_unsupported', /deleted/),

	...each([4, 17, 32, 341, 613, 80001, 80002, 80006], 'rate_limited', /more slowly/),
	...sub(613, [2534040, 2018338], 'rate_limited', /more slowly/),
	...sub(1, [99], 'provider_unavailable', /permissions/, { status: 500 }),
	...each([1, 2], 'provider_unavailable', /out of order/, { status: 500 }),
];
