import type { WireAttachment } from '../../channels/webchat/wire';
import { sizeText } from '../logic/text';
import { FileName } from './FileName';
import { FileIcon } from './Icons';

export interface AttachmentsProps {
	attachments: readonly WireAttachment[];
	/** Absolute web address of a file, or null when the server gave none. */
	addressOf(url: string): string | null;
	onOpenImage(image: OpenImage): void;
}

export interface OpenImage {
	address: string;
	name: string;
}

export function Attachments({ attachments, addressOf, onOpenImage }: AttachmentsProps) {
	return (
		<>
			{attachments.map((one) => (
				<AttachmentView key={one.fileId} attachment={one} address={addressOf(one.url)} onOpenImage={onOpenImage} />
			))}
		</>
	);
}

function AttachmentView({ attachment, address, onOpenImage }: { attachment: WireAttachment; address: string | null } & Pick<AttachmentsProps, 'onOpenImage'>) {
	const { kind, name, sizeBytes } = attachment;
	if (address === null) return <FileRow name={name} sizeBytes={sizeBytes} address={null} />;
	if (kind === 'image') {
		return (
			<button type="button" class="picture" aria-label={`Open image ${name}`} onClick={() => onOpenImage({ address, name })}>
				<img src={address} alt={name} loading="lazy" decoding="async" />
			</button>
		);
	}
	if (kind === 'video') return <video class="player" src={address} controls playsInline preload="metadata" aria-label={`Video ${name}`} />;
	if (kind === 'audio') {
		return (
			<div class="audio">
				<span class="audio-name">{name}</span>
				<audio src={address} controls preload="metadata" aria-label={`Audio ${name}`} />
			</div>
		);
	}
	return <FileRow name={name} sizeBytes={sizeBytes} address={address} />;
}

function FileRow({ name, sizeBytes, address }: { name: string; sizeBytes: number; address: string | null }) {
	const content = (
		<>
			<FileIcon />
			<FileName name={name} />
			<span class="file-size">{sizeText(sizeBytes)}</span>
		</>
	);
	return address === null ? (
		<div class="file">{content}</div>
	) : (
		<a class="file" href={address} download={name} target="_blank" rel="noopener noreferrer" aria-label={`Download ${name}, ${sizeText(sizeBytes)}`}>
			{content}
		</a>
	);
}
