import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PageConfig, WireAttachment } from '../../channels/webchat/wire';
import { lengthOf } from '../logic/text';
import type { Upload, Uploads } from '../logic/uploads';
import { ClipIcon, SendIcon } from './Icons';
import { Tray } from './Tray';

export interface ComposerProps {
	limits: PageConfig['limits'];
	uploads: Uploads;
	picked: readonly Upload[];
	/** Sentences about files that were not taken. */
	complaints: readonly string[];
	draft: string;
	onDraft(text: string): void;
	onFiles(files: readonly File[]): void;
	onSend(text: string | null, attachments: WireAttachment[]): void;
	/** Changes when the field is to take the focus. */
	focusCount: number;
}

/** The counter appears when this much is left. */
const COUNTER_FROM_LEFT = 200;

export function Composer({ limits, uploads, picked, complaints, draft, onDraft, onFiles, onSend, focusCount }: ComposerProps) {
	const [text, setText] = useState(draft);
	const [sendsLater, setSendsLater] = useState(false);
	const field = useRef<HTMLTextAreaElement>(null);
	const picker = useRef<HTMLInputElement>(null);

	const left = limits.textMax - lengthOf(text);
	const uploading = picked.some((one) => one.state === 'uploading' || one.state === 'held');
	const uploaded = picked.some((one) => one.state === 'done');
	const canSend = left >= 0 && (text.trim() !== '' || uploaded || uploading);

	const write = (next: string) => {
		setText(next);
		onDraft(next);
	};
	const send = () => {
		if (!canSend) return;
		if (uploading) {
			setSendsLater(true);
			return;
		}
		setSendsLater(false);
		onSend(text.trim() === '' ? null : text.trim(), uploads.take());
		field.current?.focus();
		write('');
	};

	useEffect(() => {
		if (!sendsLater || uploading) return;
		if (canSend) send();
		else setSendsLater(false);
	}, [sendsLater, uploading]);
	useEffect(() => {
		if (focusCount > 0) field.current?.focus();
	}, [focusCount]);
	useLayoutEffect(() => {
		if (!field.current) return;
		field.current.style.height = 'auto';
		field.current.style.height = `${field.current.scrollHeight}px`;
	}, [text]);

	const onKeyDown = (event: KeyboardEvent) => {
		// 229: browsers that end a composition before they report its Enter.
		if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
		event.preventDefault();
		send();
	};
	const onPaste = (event: ClipboardEvent) => {
		const files = [...(event.clipboardData?.files ?? [])];
		// Copies from office programs bring the text and a picture of it: then the text is meant.
		if (files.length === 0 || event.clipboardData?.getData('text/plain')) return;
		event.preventDefault();
		onFiles(files);
	};
	const onPick = () => {
		if (!picker.current) return;
		onFiles([...(picker.current.files ?? [])]);
		picker.current.value = '';
		field.current?.focus();
	};

	return (
		<form
			class="composer"
			aria-label="Write a message"
			onSubmit={(event) => {
				event.preventDefault();
				send();
			}}
		>
			<div role="alert" class={complaints.length > 0 ? 'complaints' : 'sr'}>
				{complaints.map((sentence) => (
					<p key={sentence}>{sentence}</p>
				))}
			</div>
			<Tray picked={picked} onRemove={(key) => uploads.remove(key)} />
			<div class="field">
				<input ref={picker} type="file" multiple hidden tabIndex={-1} aria-hidden="true" onChange={onPick} />
				<button type="button" class="round" aria-label="Attach files" title="Attach files" onClick={() => picker.current?.click()}>
					<ClipIcon />
				</button>
				<textarea
					ref={field}
					rows={1}
					value={text}
					dir="auto"
					placeholder="Write a message…"
					aria-label="Message"
					aria-describedby="composer-hint"
					aria-invalid={left < 0}
					enterkeyhint="send"
					onInput={(event) => write(event.currentTarget.value)}
					onKeyDown={onKeyDown}
					onPaste={onPaste}
				/>
				<button type="submit" class="round send" aria-label="Send message" title="Send message" aria-disabled={!canSend}>
					<SendIcon />
				</button>
			</div>
			<p class="hint" id="composer-hint" role="status">
				{left < 0
					? `${-left} ${left === -1 ? 'character' : 'characters'} too many. One message can have ${limits.textMax.toLocaleString()}.`
					: sendsLater
						? 'Your message goes when the files are uploaded.'
						: left <= COUNTER_FROM_LEFT
							? `${left} ${left === 1 ? 'character' : 'characters'} left`
							: ''}
			</p>
		</form>
	);
}
