/** What a waiting node answers to a post: its execution goes on. Any other answer: it goes on waiting. */
export const CONTINUED = 'Continued';
export const STILL_WAITING = 'Still waiting';
