import { useEffect, useState } from 'preact/hooks';
import { SENTENCES } from '../logic/sentences';
import { sizeText } from '../logic/text';
import type { Upload } from '../logic/uploads';
import { FileName } from './FileName';
import { CloseIcon, FileIcon } from './Icons';

interface TrayProps {
	picked: readonly Upload[];
	onRemove(key: string): void;
}

/** The files picked for the message being written. */
export function Tray({ picked, onRemove }: TrayProps) {
	if (picked.length === 0) return null;
	return (
		<ul class="tray" aria-label="Files to send">
			{picked.map((one) => (
				<li key={one.key} class={one.state}>
					<Preview file={one.file} />
					<span class="tray-text">
						<FileName name={one.name} />
						<span class="file-size">{stateText(one)}</span>
					</span>
					<button type="button" class="round small" aria-label={`Remove ${one.name}`} title="Remove" onClick={() => onRemove(one.key)}>
						<CloseIcon />
					</button>
					{one.state === 'uploading' && <progress max={1} value={one.progress} aria-label={`Uploading ${one.name}`} />}
				</li>
			))}
		</ul>
	);
}

function stateText(one: Upload): string {
	switch (one.state) {
		case 'uploading':
			return `Uploading… ${Math.round(one.progress * 100)} %`;
		case 'held':
			return one.cause === 'not_listening' ? SENTENCES.fileNotListening : one.cause === 'too_many' ? (one.sentence ?? '') : SENTENCES.fileUnreachable;
		case 'refused':
			return one.sentence ?? SENTENCES.fileRefused;
		case 'done':
			return sizeText(one.sizeBytes);
	}
}

function Preview({ file }: { file: File | null }) {
	const [address, setAddress] = useState<string | null>(null);
	useEffect(() => {
		if (!file || !/^image\/(png|jpeg|gif|webp)$/.test(file.type)) return;
		const made = URL.createObjectURL(file);
		setAddress(made);
		return () => URL.revokeObjectURL(made);
	}, [file]);
	return address === null ? <FileIcon /> : <img src={address} alt="" />;
}
