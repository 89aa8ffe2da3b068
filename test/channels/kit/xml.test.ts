import fc from 'fast-check';
import { parseFlatXml } from '../../../src/channels/kit/xml';
import { MalformedPayload } from '../../../src/core/channel';

const parsed = (xml: string) => parseFlatXml(Buffer.from(xml));

test.each([
	['texts', '<xml><A>1</A><B>b</B></xml>', { A: '1', B: 'b' }],
	['a number of 20 digits and one with zeros before it', '<xml><Id>23456789012345678901</Id><Code>007</Code></xml>', { Id: '23456789012345678901', Code: '007' }],
	['CDATA as it was written', '<xml><A><![CDATA[ <b>1 &amp; 2</b>\n ]]></A></xml>', { A: ' <b>1 &amp; 2</b>\n ' }],
	['CDATA in several sections', '<xml><A><![CDATA[a]]]]><![CDATA[>b]]></A></xml>', { A: 'a]]>b' }],
	['CDATA with what would be a declaration', '<xml><A><![CDATA[<!DOCTYPE html><!ENTITY x "y">]]></A></xml>', { A: '<!DOCTYPE html><!ENTITY x "y">' }],
	['white space around texts, CDATA and elements', '<xml>\n  <A> 1 </A>\n  <B>\n    <![CDATA[voice]]>\n  </B>\n</xml>\n', { A: '1', B: 'voice' }],
	['empty elements', '<xml><A/><B></B><C><![CDATA[]]></C></xml>', { A: '', B: '', C: '' }],
	['the entities of XML itself', '<xml><A>1 &lt; 2 &amp; 3 &gt; 2 &quot;&apos;</A></xml>', { A: '1 < 2 & 3 > 2 "\'' }],
	['characters by their number', '<xml><A>&#20013;&#x6587;&#x1F44B;&amp;#65;</A></xml>', { A: '中文👋&#65;' }],
	['a number that is no character, as it was written', '<xml><A>&#0;&#xD800;&#x110000;&#99999999;</A><B><![CDATA[&#65;]]></B></xml>', { A: '&#0;&#xD800;&#x110000;&#99999999;', B: '&#65;' }],
	['an entity that only looks like one after another was read', '<xml><A>&amp;lt;</A></xml>', { A: '&lt;' }],
	['an entity that nobody declared', '<xml><A>&secret;</A></xml>', { A: '&secret;' }],
	['a declaration of the version, a byte order mark and attributes', '\uFEFF<?xml version="1.0" encoding="UTF-8"?><xml a="1"><A b="2">1</A></xml>', { A: '1' }],
	['elements with elements of their own, which are left out', '<xml><A>1</A><Info><Count>1</Count></Info><B>2</B></xml>', { A: '1', B: '2' }],
	['a name twice: the first counts', '<xml><A>1</A><A>2</A></xml>', { A: '1' }],
	['letters of any alphabet', '<xml><A><![CDATA[我是 👋]]></A><B>Grüße</B></xml>', { A: '我是 👋', B: 'Grüße' }],
])('%s', (_name, xml, expected) => {
	expect(parsed(xml)).toEqual(expected);
});

const DEEP = 17;

test.each([
	['nothing', ''],
	['a text', 'n8n is starting up'],
	['JSON', '{"A":1}'],
	['an empty root', '<xml/>'],
	['a root with a text only', '<xml>hello</xml>'],
	['an element that does not end', '<xml><A>1'],
	['an element that ends as another one', '<xml><A>1</B></xml>'],
	['CDATA that does not end', '<xml><A><![CDATA[1</A></xml>'],
	['two roots', '<xml><A>1</A></xml><xml><A>2</A></xml>'],
	['something behind the root', '<xml><A>1</A></xml>tail'],
	['a document type', '<!DOCTYPE xml><xml><A>1</A></xml>'],
	['an entity of its own', '<!DOCTYPE xml [<!ENTITY a "1">]><xml><A>&a;</A></xml>'],
	['an entity from elsewhere', '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>'],
	['a document type in small letters', '<!doctype xml><xml><A>1</A></xml>'],
	['a document type that a comment would hide', '<!-- <![CDATA[ --><!DOCTYPE xml [<!ENTITY a "1">]><!-- ]]> --><xml><A>&a;</A></xml>'],
	['a name that is dangerous in JavaScript', '<xml><__proto__>1</__proto__></xml>'],
	['more depth than anybody needs', `<xml>${'<a>'.repeat(DEEP)}1${'</a>'.repeat(DEEP)}</xml>`],
	['more bytes than anybody needs', `<xml><A>${'a'.repeat(256 * 1024)}</A></xml>`],
])('%s is refused with a sentence', (_name, xml) => {
	const parse = () => parsed(xml);
	expect(parse).toThrow(MalformedPayload);
	expect(parse).toThrow(/^The body .+\.$/);
});

test.each([
	['an instruction', '<?a <![CDATA[ ?><!DOCTYPE xml [<!ENTITY a "secret">]><xml><A>&a;</A></xml><?b ]]> ?>'],
	['an attribute', '<xml a="<![CDATA["><!DOCTYPE xml [<!ENTITY a "secret">]><A>&a;</A><B b="]]>"/></xml>'],
])('an entity whose declaration is hidden in what only looks like CDATA, by %s, is not put in', (_name, xml) => {
	expect(parsed(xml)).toMatchObject({ A: '&a;' });
});

test('whatever the bytes are, it is read or refused', () => {
	const pieces = fc.array(fc.constantFrom('<xml>', '</xml>', '<A>', '</A>', '<![CDATA[', ']]>', '<!--', '-->', '<?', '?>', '&amp;', '&', '<', '"', ' ', 'a', '<!DOCTYPE a>', '<b/>'));
	const bodies = fc.oneof(fc.uint8Array({ maxLength: 100 }), pieces.map((all) => Buffer.from(all.join(''))));
	fc.assert(
		fc.property(bodies, (body) => {
			try {
				return Object.values(parseFlatXml(body)).every((text) => typeof text === 'string');
			} catch (error) {
				return error instanceof MalformedPayload;
			}
		}),
		{ numRuns: 1000 },
	);
});
