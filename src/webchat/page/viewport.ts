/**
 * Keeps the page in the part of the screen that a virtual keyboard leaves: iOS lays the keyboard over the page instead of
 * making the page smaller, and tells so only here.
 */
export function followViewport(root: HTMLElement): void {
	const viewport = window.visualViewport;
	if (!viewport) return;
	const fit = () => {
		// Zoomed in by the visitor: the layout stays.
		const covered = viewport.scale > 1.01 ? 0 : window.innerHeight - viewport.height;
		if (covered > 80) {
			root.style.setProperty('--app-height', `${viewport.height}px`);
			root.style.setProperty('--app-top', `${viewport.offsetTop}px`);
		} else {
			root.style.removeProperty('--app-height');
			root.style.removeProperty('--app-top');
		}
	};
	viewport.addEventListener('resize', fit);
	viewport.addEventListener('scroll', fit);
}
