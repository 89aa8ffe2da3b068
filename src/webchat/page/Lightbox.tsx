import { useEffect, useRef } from 'preact/hooks';
import type { OpenImage } from './Attachments';
import { CloseIcon } from './Icons';

/** One image in full. A modal dialog: the browser keeps the focus in it, closes it on Escape and puts the focus back. */
export function Lightbox({ image, onClose }: { image: OpenImage; onClose(): void }) {
	const dialog = useRef<HTMLDialogElement>(null);
	useEffect(() => dialog.current?.showModal(), []);
	return (
		<dialog ref={dialog} class="lightbox" aria-label={`Image ${image.name}`} onClose={onClose} onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
			<div class="lightbox-bar">
				<span dir="auto">{image.name}</span>
				<a href={image.address} target="_blank" rel="noopener noreferrer">
					Open in new tab
				</a>
				<button type="button" class="round" aria-label="Close image" onClick={() => dialog.current?.close()}>
					<CloseIcon />
				</button>
			</div>
			<img src={image.address} alt={image.name} />
		</dialog>
	);
}
