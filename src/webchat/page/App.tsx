import { useEffect, useRef, useState } from 'preact/hooks';
import type { PageConfig } from '../../channels/webchat/wire';
import type { Chat, ChatState } from '../logic/chat';
import { SENTENCES } from '../logic/sentences';
import type { Upload, Uploads } from '../logic/uploads';
import type { OpenImage } from './Attachments';
import { Avatar } from './Avatar';
import { Composer } from './Composer';
import { DropZone } from './DropZone';
import { CloseIcon } from './Icons';
import { Lightbox } from './Lightbox';
import { Messages } from './Messages';
import type { MessageActions } from './Message';

export interface AppProps {
	config: PageConfig;
	chat: Chat;
	uploads: Uploads;
	state: ChatState;
	picked: readonly Upload[];
	draft: string;
	onDraft(text: string): void;
	addressOf(url: string): string | null;
	focusCount: number;
	/** In a widget: hides the window. */
	onClose: (() => void) | null;
}

export function App({ config, chat, uploads, state, picked, draft, onDraft, addressOf, focusCount, onClose }: AppProps) {
	const [image, setImage] = useState<OpenImage | null>(null);
	const [complaints, setComplaints] = useState<readonly string[]>([]);

	const addFiles = (files: readonly File[]) => setComplaints(uploads.add(files));
	const actions: MessageActions = {
		addressOf,
		onOpenImage: setImage,
		onPress: (messageId, choice) => chat.say({ text: null, attachments: [], choice: { messageId, ...choice } }),
		onTryAgain: (id) => chat.sender.tryAgain(id),
		onRemove: (id) => chat.sender.remove(id),
	};
	return (
		<div class="app">
			<header class="head">
				<Avatar title={config.title} />
				<h1 dir="auto">{config.title}</h1>
				{onClose && (
					<button type="button" class="round" aria-label="Close chat" title="Close chat" onClick={onClose}>
						<CloseIcon />
					</button>
				)}
			</header>
			{config.test && <p class="notice test">{SENTENCES.testNotice}</p>}
			<Trouble state={state} test={config.test} />
			<main>
				<Messages state={state} title={config.title} greeting={config.greeting} actions={actions} onEarlier={() => void chat.loadEarlier()} />
				<Composer
					limits={config.limits}
					uploads={uploads}
					picked={picked}
					complaints={complaints}
					draft={draft}
					onDraft={(text) => {
						if (complaints.length > 0) setComplaints([]);
						onDraft(text);
					}}
					onFiles={addFiles}
					onSend={(text, attachments) => chat.say({ text, attachments, choice: null })}
					focusCount={focusCount}
				/>
			</main>
			<DropZone onFiles={addFiles} />
			{image && <Lightbox image={image} onClose={() => setImage(null)} />}
		</div>
	);
}

/** What is wrong with the connection, if anything; a live region, so that it is there before it has something to say. */
function Trouble({ state, test }: { state: ChatState; test: boolean }) {
	const sentence = troubleText(state, test);
	const hadTrouble = useRef(false);
	const [again, setAgain] = useState(false);
	useEffect(() => {
		if (sentence === null && state.connection !== 'online') return;
		setAgain(hadTrouble.current && sentence === null);
		hadTrouble.current = sentence !== null;
	}, [sentence === null, state.connection]);
	return (
		<div role="status" aria-label="Connection" class={sentence === null ? 'sr' : 'notice trouble'}>
			{sentence ?? (again ? SENTENCES.connectedAgain : '')}
		</div>
	);
}

function troubleText({ trouble, connection }: ChatState, test: boolean): string | null {
	// 'Too many' of the stream is about windows, and its sentence says what to do.
	if (trouble?.holding || trouble?.cause === 'too_many') return trouble.sentence;
	// In a test the notice above says what to do; n8n listens only now and then.
	if (trouble?.cause === 'not_listening' && test) return null;
	return connection === 'offline' ? SENTENCES.reconnecting : null;
}
