const MB = 1024 * 1024;

/** Of a file that comes with a mail. */
export const FILE_MAX_BYTES = 25 * MB;
/** Of a mail that is fetched whole: a file of that size is a third larger on its way. */
export const MAIL_MAX_BYTES = 36 * MB;
/** Of the text of a mail that is not fetched whole. */
export const TEXT_MAX_BYTES = MB;
/** What one answer holds: so many mails, or as many as make so many bytes. */
export const BATCH = { mails: 20, bytes: 30 * MB };

export const FILE_TOO_LARGE = `The file is larger than ${FILE_MAX_BYTES / MB} MB.`;
export const MAIL_TOO_LARGE = `The mail is larger than ${MAIL_MAX_BYTES / MB} MB, so its files were left in the mailbox.`;
export const NOT_HANDED_OUT = 'The mail server did not hand the file out; it is still in the mailbox.';
