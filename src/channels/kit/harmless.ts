import { ConversationsError, failure } from '../../core/failure';
import type { Named } from './call';

/**
 * For calls that send nothing to anybody: what would be in doubt for a message is only unavailable here, and may be asked
 * for again. @throws ConversationsError
 */
export async function harmless<T>({ id, name }: Named, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof ConversationsError) || error.failure.code !== 'outcome_unknown') throw error;
		const { providerCode, providerMessage } = error.failure;
		const reason = `${name} gave no usable answer. Check the credential's base URL and any proxy on the way; if they are right, try again later.`;
		throw new ConversationsError(failure('provider_unavailable', reason, { channel: id, providerCode, providerMessage }));
	}
}
