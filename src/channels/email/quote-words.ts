/**
 * The words by which mail programs mark what they quote, in the languages they are most used in. Collected from what they
 * write, from memory.
 */

const either = (words: string) => words.split('|').map((word) => word.replace(/[.*+?^${}()[\]\\]/g, '\\$&')).join('|');

/** 'wrote', as it stands in the line above a quote. */
const WROTE = either(
	'wrote|writes|schrieb|schreibt|a écrit|escribió|escribio|escreveu|ha scritto|schreef|heeft het volgende geschreven|napisał|napisała|napisał(a)|pisze|пишет|написал|написала|написал(а)|написав|пише|napsal|napsala|napsal(a)|napísal|napísala|skrev|kirjoitti|yazdı|írta|a scris|έγραψε|đã viết|menulis|je napisao|je napisala|parašė|va escriure|כתב|כתבה|كتب|كتبت',
);
/** Languages without spaces between words. */
const WROTE_UNSPACED = either('写道|寫道|님이 작성|작성|のメール|が書きました|เขียนว่า|ने लिखा');
export const SAYS_WROTE = new RegExp(`(?<!\\p{L})(?:${WROTE})(?!\\p{L})|${WROTE_UNSPACED}`, 'iu');

/** '-----Original Message-----' */
const ORIGINAL = either(
	"original message|original appointment|original|reply message|ursprüngliche nachricht|originalnachricht|original-nachricht|message d'origine|message d’origine|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|origineel bericht|wiadomość oryginalna|oryginalna wiadomość|исходное сообщение|оригінальне повідомлення|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|orijinal mesaj|özgün ileti|původní zpráva|původní e-mail|pôvodná správa|eredeti üzenet|mesaj original|αρχικό μήνυμα|原始邮件|原始郵件|元のメッセージ|원본 메시지|원본메시지",
);
export const ORIGINAL_LINE = new RegExp(`^[-_=—–]{2,}\\s*(?:${ORIGINAL})\\s*[-_=—–]{2,}$`, 'iu');

/** 'Begin forwarded message:', '---------- Forwarded message ---------' */
const FORWARDED = either(
	'forwarded message|forwarded mail|weitergeleitete nachricht|weitergeleitete e-mail|message transféré|mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|messaggio inoltrato|doorgestuurd bericht|wiadomość przekazana|przekazana wiadomość|пересылаемое сообщение|пересланное сообщение|vidarebefordrat meddelande|videresendt meddelelse|videresendt melding|välitetty viesti|iletilen mesaj|přeposlaná zpráva|továbbított üzenet|mesaj redirecționat|προωθημένο μήνυμα|转发的邮件|轉寄的郵件|転送されたメッセージ|전달된 메시지',
);
export const FORWARD_LINE = new RegExp(
	`^[-_=—–]{2,}\\s*(?:${FORWARDED})\\s*[-_=—–]{2,}$|^(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht|início da mensagem reencaminhada)\\s*:$`,
	'iu',
);

/** What stands before the subject of a mail that was passed on. */
export const FORWARD_SUBJECT = /^\s*(?:fwd?|wg|tr|rv|enc|doorst|vb|vl|pd|i|ilt|i̇lt|továbbítás|转发|轉寄|転送|전달)\s*(?:\[\d+\])?\s*[:：]/iu;
/** What stands before the subject of an answer. */
export const REPLY_SUBJECT = /^\s*(?:re|aw|antw|sv|rv|res|rif|r|odp|ynt|vs|ats|bls|回复|回覆|答复|返信|답장|отв)\s*(?:\[\d+\])?\s*[:：]/iu;

/** The lines of Outlook above what it quotes. */
const label = (words: string) => new RegExp(`^[*_\\s]*(?:${either(words)})[*_\\s]*[:：]`, 'iu');
export const HEADER_LABELS = {
	from: label('from|von|de|da|van|od|от|від|fra|från|lähettäjä|kimden|feladó|expéditeur|από|发件人|寄件者|差出人|보낸 사람|de la|מאת|من'),
	sent: label(
		'sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviada em|enviado em|fecha|inviato|data|verzonden|wysłano|отправлено|дата|надіслано|skickat|sendt|dato|lähetetty|päivämäärä|gönderildi|gönderme tarihi|tarih|elküldve|dátum|trimis|odesláno|odoslané|στάλθηκε|ημερομηνία|发送时间|日期|寄件日期|送信日時|日付|보낸 날짜|날짜|נשלח|تاريخ الإرسال',
	),
	to: label('to|an|à|a|para|aan|do|кому|till|til|vastaanottaja|kime|címzett|către|komu|προς|收件人|收件者|宛先|받는 사람|אל|إلى'),
	subject: label('subject|betreff|objet|asunto|assunto|oggetto|onderwerp|temat|тема|ämne|emne|aihe|konu|tárgy|subiect|předmět|predmet|θέμα|主题|主旨|件名|제목|נושא|الموضوع'),
} as const;

/** What phones and apps put below a mail: 'Sent from my iPhone'. */
const DEVICE = 'iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|pixel|blackberry|windows|outlook|yahoo|gmail|gmx|web\\.de|aol|proton|mail|telefon|téléphone|teléfono|telefone|phone|handy|smartphone|tablet|mobil|móvil|celular|cellulare|puhelin|телефон|手机|手機';
const SENT = [
	'sent (?:from|via|with|using)',
	'(?:get|download) outlook for',
	'von mein(?:em)?',
	'gesendet (?:von|mit|über|via|vom)',
	'diese nachricht wurde von meinem',
	'(?:hol(?:en sie sich)?|laden sie) outlook',
	'envoyé (?:de|depuis|à partir|via|avec)',
	'(?:obtenir|obtenez|télécharger|téléchargez) outlook',
	'enviado (?:desde|do|de|a partir|con|com|pelo)',
	'(?:obtener|obtenga|obter|obtenha) (?:o )?outlook',
	'inviato (?:da|dal|dalla|con)',
	'(?:ottieni|scarica) outlook',
	'verzonden (?:vanaf|met|via|vanuit)',
	'verstuurd (?:vanaf|met|via|vanuit)',
	'outlook (?:voor|downloaden)',
	'wysłan[eoy] (?:z|za)',
	'отправлено (?:с|из)',
	'надіслано (?:з|із)',
	'skickat från',
	'sendt (?:fra|med)',
	'lähetetty',
	'odesláno z',
	'trimis (?:de|din)',
].join('|');
/** Languages without spaces between words. */
const SENT_UNSPACED = '[发發]自我的|[从從]我的';
/** Languages in which 'sent' stands behind the device. */
const SENT_BEHIND = '(?:iphone|ipad|android|galaxy).{0,20}(?:gönderildi|から送信|에서 보냄)';
export const APP_SIGNATURE = new RegExp(`^(?=.{1,90}$)(?=.*(?:${DEVICE}))(?:(?:(?:${SENT})(?!\\p{L})|${SENT_UNSPACED}).*[^?]|.{0,20}${SENT_BEHIND}\\.?)$`, 'iu');
