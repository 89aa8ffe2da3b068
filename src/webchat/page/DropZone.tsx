import { useEffect, useState } from 'preact/hooks';

/** Takes files dropped anywhere on the page. */
export function DropZone({ onFiles }: { onFiles(files: readonly File[]): void }) {
	const [over, setOver] = useState(false);
	useEffect(() => {
		// Entering a child leaves its parent: only the balance says whether the pointer is still over the page.
		let depth = 0;
		const listen = <Name extends 'dragenter' | 'dragover' | 'dragleave' | 'drop'>(name: Name, hear: (event: DragEvent) => void) => {
			const onEvent = (event: DragEvent) => {
				if (!event.dataTransfer?.types.includes('Files')) return;
				event.preventDefault();
				hear(event);
			};
			window.addEventListener(name, onEvent);
			return () => window.removeEventListener(name, onEvent);
		};
		const ends = [
			listen('dragenter', () => {
				depth++;
				setOver(true);
			}),
			listen('dragover', (event) => {
				if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
			}),
			listen('dragleave', () => {
				depth = Math.max(0, depth - 1);
				if (depth === 0) setOver(false);
			}),
			listen('drop', (event) => {
				depth = 0;
				setOver(false);
				onFiles([...(event.dataTransfer?.files ?? [])]);
			}),
		];
		return () => ends.forEach((end) => end());
	}, [onFiles]);
	return over ? (
		<div class="drop" aria-hidden="true">
			<span>Drop files to attach them</span>
		</div>
	) : null;
}
