import fc from 'fast-check';
import { textOfHtml } from '../../../src/n8n/mail/html-text';
import { safeHtml } from '../../../src/n8n/mail/safe-html';

const A = 'rel="noopener noreferrer nofollow" target="_blank"';

describe('nothing in it acts or reaches out', () => {
	test.each([
		'<script>alert(1)</script>',
		'<SCRIPT SRC=//evil.test/x.js></SCRIPT>',
		'<scr<script>ipt>alert(1)</scr</script>ipt>',
		'<script>alert(1)',
		'<style>@import url(http://evil.test/x.css)</style>',
		'<style><img src=x onerror=alert(1)></style>',
		'<img src=x onerror=alert(1)>',
		'<img src="http://evil.test/pixel.gif">',
		'<img src="//evil.test/pixel.gif">',
		'<img srcset="http://evil.test/pixel.gif 2x">',
		'<img src="data:image/svg+xml,<svg onload=alert(1)>">',
		'<img src="cid:a@b">',
		'<picture><source srcset="http://evil.test/x"><img></picture>',
		'<svg onload=alert(1)><a href="javascript:alert(1)"><text>x</text></a></svg>',
		'<svg><script>alert(1)</script></svg>',
		'<svg><style><img src=x onerror=alert(1)></style></svg>',
		'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
		'<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
		'<iframe src="javascript:alert(1)"></iframe>',
		'<iframe srcdoc="<script>alert(1)</script>"></iframe>',
		'<object data="javascript:alert(1)"></object>',
		'<embed src="http://evil.test/x.swf">',
		'<applet code="x"></applet>',
		'<form action="http://evil.test"><input name=password type=password><button formaction="javascript:alert(1)">Log in</button></form>',
		'<textarea><script>alert(1)</script></textarea>',
		'<video src="http://evil.test/x" autoplay onplay=alert(1)></video>',
		'<audio src=http://evil.test/x></audio>',
		'<link rel=stylesheet href="http://evil.test/x.css">',
		'<meta http-equiv=refresh content="0;url=http://evil.test">',
		'<base href="http://evil.test/">',
		'<body onload=alert(1) background="http://evil.test/x.png">x</body>',
		'<table background="http://evil.test/x.png"><tr><td background="http://evil.test/x.png">x</td></tr></table>',
		'<div style="background:url(http://evil.test/x.png)">x</div>',
		'<div style="background-color:url(http://evil.test)">x</div>',
		'<div style="color:expression(alert(1))">x</div>',
		'<div style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9">x</div>',
		'<div style="color:red;behavior:url(x.htc);-moz-binding:url(x)">x</div>',
		'<div style="\\63olor:url(http://evil.test)">x</div>',
		'<div style="font-family:&quot;;background:url(http://evil.test)">x</div>',
		'<p onclick="alert(1)" onmouseover=alert(1) id=x name=y class=z>x</p>',
		'<p id="getElementById">x</p>',
		'<a href="javascript:alert(1)">x</a>',
		'<a href="JaVaScRiPt:alert(1)">x</a>',
		'<a href="java\nscript:alert(1)">x</a>',
		'<a href="java&#10;script:alert(1)">x</a>',
		'<a href="&#106;avascript:alert(1)">x</a>',
		'<a href="\u0001javascript:alert(1)">x</a>',
		'<a href=" javascript:alert(1)">x</a>',
		'<a href="vbscript:msgbox(1)">x</a>',
		'<a href="data:text/html,<script>alert(1)</script>">x</a>',
		'<a href="file:///etc/passwd">x</a>',
		'<a href="blob:https://n8n.test/x">x</a>',
		'<a href="//evil.test">x</a>',
		'<a href="/rest/workflows">x</a>',
		'<a href="workflows?delete=all">x</a>',
		'<a href="#top">x</a>',
		'<a href="\\\\evil.test\\share">x</a>',
		'<a href="https:evil">x</a>',
		'<a xlink:href="javascript:alert(1)">x</a>',
		'<a href="http://ok.test" ping="http://evil.test" download target=_self>x</a>',
		'<!--[if mso]><script>alert(1)</script><![endif]-->',
		'<!--><img src=x onerror=alert(1)>-->',
		'<![CDATA[<script>alert(1)</script>]]>',
		'<?php system("id") ?><?xml-stylesheet href="javascript:alert(1)"?>',
		'<template><script>alert(1)</script></template>',
		'<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
		'<details open ontoggle=alert(1)>x</details>',
		'<marquee onstart=alert(1)>x</marquee>',
		'<div><p title="</div><script>alert(1)</script>">x</p></div>',
		'<<script>script>alert(1)<</script>/script>',
		'<a href="https://ok.test/\u0000"><img/src=x/onerror=alert(1)></a>',
	])('%j', (html) => {
		isHarmless(safeHtml(html));
	});

	test('whatever is made of such pieces', () => {
		const pieces = fc.constantFrom('<', '>', '"', "'", '&', '=', ' ', '/', '<!--', '-->', '<script', '</script', '<style', '<svg', '<img src=', '<a href=', 'javascript:', 'onerror=', 'x', '\n', '\0', '&#', ';', '<p style=', 'url(', ')', '<noscript>', '<table>', '<![CDATA[');
		fc.assert(
			fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
				isHarmless(safeHtml(list.join('')));
				return true;
			}),
			{ numRuns: 500 },
		);
	});

	/** Every tag is one that we know, every attribute harmless: the text between them is escaped. */
	function isHarmless(safe: string): void {
		const tags = safe.match(/<[^>]*>/g) ?? [];
		for (const tag of tags) {
			expect(tag).toMatch(/^<\/?(p|div|span|br|hr|center|blockquote|pre|code|tt|h[1-6]|b|strong|i|em|u|s|strike|del|ins|sub|sup|small|big|mark|q|a|ul|ol|li|dl|dt|dd|table|caption|colgroup|col|thead|tbody|tfoot|tr|td|th)( [a-z]+="[^"<>]*")*( \/)?>$/);
			for (const [, name, value = ''] of tag.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
				expect(name).toMatch(/^(style|dir|href|rel|target|colspan|rowspan|start)$/);
				if (name === 'href') expect(value).toMatch(/^(https?:\/\/|mailto:|tel:)/i);
				if (name === 'style') expect(value).not.toMatch(/url|expression|\\|position|import/i);
			}
		}
		expect(safe.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/);
	}
});

test.each([
	['<p style="color: #ff0000; font-weight:bold; position:absolute">a</p>', '<p style="color:#ff0000;font-weight:bold">a</p>'],
	['<a href="https://shop.test/?a=1&amp;b=2" onclick="x">a</a>', `<a href="https://shop.test/?a=1&amp;b=2" ${A}>a</a>`],
	['<a href=" https://shop.test/a b ">a</a>', `<a href="https://shop.test/a%20b%20" ${A}>a</a>`],
	['<a href="MAILTO:ann@example.test">a</a>', `<a href="MAILTO:ann@example.test" ${A}>a</a>`],
	['<a href="tel:+4912345">a</a>', `<a href="tel:+4912345" ${A}>a</a>`],
	['<a href="/rest">a</a>', '<span>a</span>'],
	['<p>Before <img src="http://evil.test/x.png" alt="the &quot;shop&quot; <b>"> after</p>', '<p>Before <span>the "shop" &lt;b&gt;</span> after</p>'],
	['<html><head><title>T</title><style>p{}</style></head><body><p>a</p></body></html>', '<p>a</p>'],
	['<table><tr><td colspan="2" style="width:1px">a</td></tr></table>', '<table><tr><td colspan="2">a</td></tr></table>'],
	['<o:p>a</o:p><font color=red>b</font>', 'ab'],
	['<p>a<br>b', '<p>a<br />b</p>'],
	['5 < 6 & 7 > 3 &copy; &nbsp;', '5 &lt; 6 &amp; 7 &gt; 3 ©'],
	['<div dir="rtl">שלום</div>', '<div dir="rtl">שלום</div>'],
	['<form>Your name: <input value="x"></form>', 'Your name:'],
])('%s', (html, safe) => {
	expect(safeHtml(html)).toBe(safe);
});

describe('size', () => {
	const MAX = 1024 * 1024;

	test.each([
		['a long text', 'word '.repeat(600_000)],
		['links, each of which gets longer', '<a href=http://a>x</a>'.repeat(20_000)],
		['tags within tags', '<div>'.repeat(300_000)],
		['other tags within tags', '<a><x>'.repeat(150_000)],
		['tags that many leave open', '<p><li><td>'.repeat(100_000)],
		['tags that never end', '<div '.repeat(300_000)],
		['styles', `<p style="${'color:red;'.repeat(100_000)}">x</p>`],
		['entities', '&lt;'.repeat(300_000)],
		['quotes', '"'.repeat(1_000_000)],
		['comments that do not end', '<!--'.repeat(300_000)],
		['a style that does not end', '<style>'.repeat(100_000)],
		['noscript', '<noscript>'.repeat(100_000)],
	])('%s: at most 1 MB, and soon', (_name, html) => {
		const start = Date.now();
		const safe = safeHtml(html);
		expect(safe.length).toBeLessThanOrEqual(MAX);
		textOfHtml(safe);
		expect(Date.now() - start).toBeLessThan(10_000);
	}, 30_000);
});

describe('as text', () => {
	test.each([
		['<p>Hello <b>there</b></p><p>Bye</p>', 'Hello there\n\nBye'],
		['<div>one</div><div>two<br></div><div><br></div><div>three</div>', 'one\ntwo\n\nthree'],
		['<div>Hi<div>deep<div>deeper</div></div></div>', 'Hi\ndeep\ndeeper'],
		['a<br><br>b', 'a\n\nb'],
		['  much \n\t space  <span> here </span> ', 'much space here'],
		['a&nbsp;&nbsp;b', 'a  b'],
		['<ul><li>one</li><li>two</li></ul><ol start="3"><li>a</li><li>b</li></ol>', '- one\n- two\n\n1. a\n2. b'],
		['<table><tr><th>Item</th><th>Price</th></tr><tr><td>Tea</td><td>3 €</td></tr></table>', 'Item Price\nTea 3 €'],
		['<pre>  a\n    b</pre>', 'a\n    b'],
		['See <a href="https://shop.test/7">your order</a>.', 'See your order (https://shop.test/7).'],
		['<a href="https://shop.test/7">https://shop.test/7</a>', 'https://shop.test/7'],
		['<a href="https://shop.test/">shop.test</a>', 'shop.test'],
		['<a href="mailto:ann@example.test">ann@example.test</a>', 'ann@example.test'],
		['<a href="https://t.test/c?1"><img alt=""></a>x', 'x'],
		['<div>New text</div><blockquote><div>old</div><blockquote>older</blockquote></blockquote>', 'New text\n\n> old\n>\n> > older'],
		['above<hr>From: Ann', `above\n${'_'.repeat(32)}\nFrom: Ann`],
		['<div>Bye</div><div>-- <br></div><div>Ann</div>', 'Bye\n-- \nAnn'],
		['1 &lt; 2 &amp;amp; "x"', '1 < 2 &amp; "x"'],
		['<h1>Title</h1>text', 'Title\n\ntext'],
		['<p> </p><p>a</p><p></p><p>b</p>', 'a\n\nb'],
		['', ''],
	])('%s', (html, text) => {
		expect(textOfHtml(safeHtml(html))).toBe(text);
	});

	test('an answer written in Gmail: what it quotes begins with signs of quoting', () => {
		const gmail =
			'<div dir="ltr">Thanks!</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Sun, Nov 22, 2026 at 9:00 AM Shop &lt;<a href="mailto:support@shop.test">support@shop.test</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex"><div>It is on its way.</div><div><br></div><div>Shop</div></blockquote></div>';
		expect(textOfHtml(safeHtml(gmail))).toBe(
			'Thanks!\n\nOn Sun, Nov 22, 2026 at 9:00 AM Shop <support@shop.test> wrote:\n\n> It is on its way.\n>\n> Shop',
		);
	});
});
