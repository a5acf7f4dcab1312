import {chart} from './html-chart.js';
import {renderForHtml as safe} from './html-text.js';
import type {Letter, Remark, Row, Section} from './letter.js';

const ink = '#1c2430';
const faint = '#5b6675';
const bad = '#b3261e';
const good = '#1b6e3c';
const rule = '#e3e7ec';
const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const layout = 'role="presentation" border="0" cellpadding="0" cellspacing="0"';
const mostOutput = 200;

/**
 * A letter as a page for mail programs and browsers: tables and inline styles only, because that is what all of them
 * show; no script, no image, nothing that is fetched. One column, so that it fits a telephone.
 */
export const renderHtml = (letter: Letter): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light">
<title>${safe(letter.subject)}</title>
</head>
<body style="margin:0;padding:0;background-color:#f2f4f7">
<table ${layout} width="100%" bgcolor="#f2f4f7" style="background-color:#f2f4f7"><tr><td align="center" style="padding:16px 8px">
<table ${layout} width="100%" style="max-width:640px;${font};font-size:15px;line-height:1.45;color:${ink}">
${head(letter)}
${letter.sections.map(card).join('\n')}
<tr><td style="padding:4px 8px 16px 8px;font-size:12px;color:${faint};word-break:break-word">${safe(letter.footer)}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`;

const cardStyle = `background-color:#ffffff;border:1px solid ${rule};border-radius:8px`;

const box = (content: string, accent = ''): string =>
	`<tr><td style="padding:0 0 12px 0"><table ${layout} width="100%" bgcolor="#ffffff" style="${cardStyle}${accent}"><tr><td style="padding:16px">
${content}
</td></tr></table></td></tr>`;

const head = ({about, headline, isBad, facts}: Letter): string => {
	const colour = isBad ? bad : good;
	return box(
		[
			`<div style="font-size:13px;color:${faint};word-break:break-word">${safe(about)}</div>`,
			`<h1 style="margin:2px 0 12px 0;font-size:22px;line-height:1.25;font-weight:600;color:${colour};word-break:break-word">${safe(capital(headline))}</h1>`,
			`<table ${layout} style="font-size:14px">${facts.map(fact).join('')}</table>`,
		].join('\n'),
		`;border-top:4px solid ${colour}`,
	);
};

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

const fact = ([label, value]: readonly [string, string]): string =>
	`<tr><td valign="top" style="padding:1px 16px 1px 0;color:${faint};white-space:nowrap">${safe(label)}</td><td style="padding:1px 0;word-break:break-word">${safe(value)}</td></tr>`;

const card = ({title, tag, isBad, rows, remarks, bars, output}: Section): string =>
	box(
		[
			`<h2 style="margin:0 0 8px 0;font-size:16px;line-height:1.35;font-weight:600;word-break:break-word">${safe(title)}${badge(tag, isBad)}</h2>`,
			...(rows.length === 0 ? [] : [table(rows)]),
			...remarks.map(sentence),
			...(bars.length === 0 ? [] : [chart(bars)]),
			...(output.length === 0 ? [] : [terminal(output)]),
		].join('\n'),
	);

const badge = (tag: string, isBad: boolean): string =>
	tag === ''
		? ''
		: ` <span style="display:inline-block;padding:1px 8px;border-radius:10px;font-size:12px;white-space:nowrap;color:#ffffff;background-color:${isBad ? bad : good}">${safe(tag)}</span>`;

const names = ['before', 'after', 'change'] as const;

const table = (rows: readonly Row[]): string => {
	const shown = names.filter(name => rows.some(row => row[name] !== ''));
	const style = `padding:4px 0 4px 6px;font-size:12px;font-weight:400;color:${faint};text-align:right`;
	const heads = shown.map(name => `<th style="${style}">${name}</th>`).join('');
	const lines = rows.map(row => line(row, shown)).join('');
	return `<table border="0" cellpadding="0" cellspacing="0" width="100%" style="font-size:13px;border-collapse:collapse;margin:0 0 10px 0"><tr><td></td>${heads}</tr>${lines}</table>`;
};

const emphasis = {before: '', after: 'font-weight:600', change: `color:${faint}`};

const line = (row: Row, shown: readonly (typeof names)[number][]): string => {
	const top = `border-top:1px solid ${rule}`;
	const cells = shown.map(
		name =>
			`<td style="padding:5px 0 5px 6px;${top};text-align:right;${emphasis[name]}">${safe(row[name])}</td>`,
	);
	return `<tr><td style="padding:5px 0;${top};color:${faint}">${safe(row.label)}</td>${cells.join('')}</tr>`;
};

const sentence = ({isBad, text}: Remark): string =>
	`<div style="margin:0 0 4px 0;font-size:14px;word-break:break-word;color:${isBad ? bad : ink}">${safe(text)}</div>`;

const terminal = (output: readonly string[]): string => {
	const lines = output.map(text => safe(text.slice(0, mostOutput)));
	return `<div style="margin:10px 0 0 0;font-size:12px;color:${faint}">The last output of the program:</div>
<div style="margin:4px 0 0 0;padding:8px 10px;border-radius:6px;background-color:#1c2430;color:#e8ecf1;font-family:Consolas,Menlo,monospace;font-size:12px;white-space:pre-wrap;word-break:break-all">${lines.join('<br>')}</div>`;
};
