import { createDecipheriv } from 'node:crypto';
import { MalformedPayload } from '../../core/channel';
import { isSame } from '../kit/signature';
import type { WeChatCredential } from './credential';

/** Before the message: random bytes, and its length as a number of four bytes, the highest first. */
const RANDOM_BYTES = 16;
const HEAD_BYTES = RANDOM_BYTES + 4;
/** Of the padding; AES itself has half of it. */
const BLOCK_BYTES = 32;
const IV_BYTES = 16;

/**
 * The message within 'Encrypt'. @throws MalformedPayload when it was encrypted with another key or for another account.
 * @see https://developers.weixin.qq.com/doc/oplatform/en/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
 */
export function decrypted(encrypted: string, { encodingAesKey, appId }: WeChatCredential): Uint8Array {
	if (encodingAesKey === '') {
		throw new MalformedPayload("The message is encrypted, and 'Encoding AES Key' of the credential is empty. Copy EncodingAESKey from WeChat into it.");
	}
	const plain = unpadded(decipher(encrypted, Buffer.from(`${encodingAesKey}=`, 'base64')));
	const length = plain.length < HEAD_BYTES ? Infinity : plain.readUInt32BE(RANDOM_BYTES);
	if (length > plain.length - HEAD_BYTES) throw unreadable();
	const end = HEAD_BYTES + length;
	if (!isSame(plain.toString('utf8', end), appId)) {
		throw new MalformedPayload("The message is for another account than the one in 'App ID' of the credential.");
	}
	return plain.subarray(HEAD_BYTES, end);
}

function decipher(encrypted: string, key: Buffer): Buffer {
	try {
		const aes = createDecipheriv('aes-256-cbc', key, key.subarray(0, IV_BYTES)).setAutoPadding(false);
		return Buffer.concat([aes.update(encrypted, 'base64'), aes.final()]);
	} catch {
		// What is no multiple of a block cannot have been encrypted.
		throw unreadable();
	}
}

function unpadded(padded: Buffer): Buffer {
	const padding = padded.at(-1) ?? 0;
	if (padding < 1 || padding > BLOCK_BYTES || padding > padded.length) throw unreadable();
	return padded.subarray(0, padded.length - padding);
}

function unreadable(): MalformedPayload {
	return new MalformedPayload("The message could not be decrypted. Check that 'Encoding AES Key' of the credential is the EncodingAESKey that stands at WeChat.");
}
